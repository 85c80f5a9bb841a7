package dev.selvage.integrity.hash.gpu;

import static jcuda.driver.JCudaDriver.cuCtxSetCurrent;
import static jcuda.driver.JCudaDriver.cuDeviceGet;
import static jcuda.driver.JCudaDriver.cuDeviceGetAttribute;
import static jcuda.driver.JCudaDriver.cuDeviceGetCount;
import static jcuda.driver.JCudaDriver.cuDeviceGetName;
import static jcuda.driver.JCudaDriver.cuDevicePrimaryCtxRelease;
import static jcuda.driver.JCudaDriver.cuDevicePrimaryCtxRetain;
import static jcuda.driver.JCudaDriver.cuDeviceTotalMem;
import static jcuda.driver.JCudaDriver.cuDriverGetVersion;
import static jcuda.driver.JCudaDriver.cuInit;
import static jcuda.driver.JCudaDriver.cuMemGetInfo;
import static jcuda.driver.JCudaDriver.cuModuleGetFunction;
import static jcuda.driver.JCudaDriver.cuModuleLoadData;
import static jcuda.driver.JCudaDriver.cuModuleUnload;

import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import jcuda.CudaException;
import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdevice_attribute;
import jcuda.driver.CUfunction;
import jcuda.driver.CUmodule;

/** A device with the code of the hashes on it. Safe for many threads, each of which calls {@link #use} first. */
public final class Gpu implements AutoCloseable {
    private static final String CODE = "leaves.ptx";
    private static final int LEAST_CAPABILITY = 80;

    private final CUdevice device;
    private final CUcontext context;
    private final CUmodule module = new CUmodule();
    private final CUfunction blocks = new CUfunction();
    private final CUfunction nodes = new CUfunction();
    private final Description description;

    private Gpu(CUdevice device, CUcontext context, Description description) {
        this.device = device;
        this.context = context;
        this.description = description;
        use();
        cuModuleLoadData(module, code());
        cuModuleGetFunction(blocks, module, "selvage_blocks");
        cuModuleGetFunction(nodes, module, "selvage_nodes");
    }

    /**
     * What a look for a device found.
     *
     * @param gpu the first device that can run the code
     * @param absent why there is none, for a person; empty when there is one
     */
    public record Search(Optional<Gpu> gpu, String absent) {
        static Search none(String reason) {
            return new Search(Optional.empty(), reason);
        }
    }

    /**
     * What a device is.
     *
     * @param name as its driver gives it
     * @param memory bytes
     * @param capability ten times the compute capability, 90 for 9.0
     * @param driver version of CUDA that the driver supports, 12060 for 12.6
     */
    public record Description(String name, long memory, int capability, int driver) {}

    /** Looks for a device; that there is none is an answer, not a fault. */
    public static Search find() {
        if (!driverIsThere()) {
            return Search.none("no CUDA driver on this machine");
        }
        try {
            JCudaLibrary.load();
            cuInit(0);
            int[] count = {0};
            cuDeviceGetCount(count);
            for (int i = 0; i < count[0]; i++) {
                var device = new CUdevice();
                cuDeviceGet(device, i);
                var description = describe(device);
                if (description.capability() >= LEAST_CAPABILITY) {
                    return new Search(Optional.of(open(device, description)), "");
                }
            }
            return Search.none(
                    count[0] == 0
                            ? "the CUDA driver has no device"
                            : "no device has compute capability 8.0 or more, for which the code is made");
        } catch (LinkageError e) {
            return Search.none("no CUDA driver on this machine");
        } catch (IOException e) {
            return Search.none("the GPU's library cannot be unpacked: " + e.getMessage());
        } catch (CudaException e) {
            return Search.none("the CUDA driver cannot be used: " + e.getMessage());
        }
    }

    /** Looked for without JCuda, which unpacks a library of its own first. */
    private static boolean driverIsThere() {
        try {
            NativeLibrary.getInstance(Platform.isWindows() ? "nvcuda" : "libcuda.so.1");
            return true;
        } catch (UnsatisfiedLinkError e) {
            return false;
        }
    }

    private static Gpu open(CUdevice device, Description description) {
        var context = new CUcontext();
        cuDevicePrimaryCtxRetain(context, device);
        try {
            return new Gpu(device, context, description);
        } catch (CudaException e) {
            cuDevicePrimaryCtxRelease(device);
            throw e;
        }
    }

    private static Description describe(CUdevice device) {
        byte[] name = new byte[256];
        cuDeviceGetName(name, name.length, device);
        long[] memory = {0};
        cuDeviceTotalMem(memory, device);
        int[] driver = {0};
        cuDriverGetVersion(driver);
        int capability = 10 * attribute(device, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR)
                + attribute(device, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR);
        int end = 0;
        while (end < name.length && name[end] != 0) {
            end++;
        }
        return new Description(new String(name, 0, end, StandardCharsets.UTF_8), memory[0], capability, driver[0]);
    }

    private static int attribute(CUdevice device, int which) {
        int[] value = {0};
        cuDeviceGetAttribute(value, which, device);
        return value[0];
    }

    /** The PTX with the zero at its end that the driver looks for. */
    private static byte[] code() {
        try (var in = Gpu.class.getResourceAsStream(CODE)) {
            if (in == null) {
                throw new IllegalStateException(CODE + " is missing");
            }
            byte[] text = in.readAllBytes();
            return Arrays.copyOf(text, text.length + 1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Description description() {
        return description;
    }

    /** Memory of the device that is free at present, in bytes. */
    public long freeMemory() {
        use();
        long[] free = {0};
        cuMemGetInfo(free, new long[1]);
        return free[0];
    }

    /** Makes the calling thread's calls go to this device. */
    void use() {
        cuCtxSetCurrent(context);
    }

    CUfunction blocks() {
        return blocks;
    }

    CUfunction nodes() {
        return nodes;
    }

    @Override
    public void close() {
        use();
        cuModuleUnload(module);
        cuDevicePrimaryCtxRelease(device);
    }
}
