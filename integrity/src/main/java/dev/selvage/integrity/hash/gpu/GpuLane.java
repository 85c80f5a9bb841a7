package dev.selvage.integrity.hash.gpu;

import static jcuda.driver.JCudaDriver.cuLaunchKernel;
import static jcuda.driver.JCudaDriver.cuMemAlloc;
import static jcuda.driver.JCudaDriver.cuMemFree;
import static jcuda.driver.JCudaDriver.cuMemFreeHost;
import static jcuda.driver.JCudaDriver.cuMemHostAlloc;
import static jcuda.driver.JCudaDriver.cuMemcpyDtoHAsync;
import static jcuda.driver.JCudaDriver.cuMemcpyHtoD;
import static jcuda.driver.JCudaDriver.cuMemcpyHtoDAsync;
import static jcuda.driver.JCudaDriver.cuMemsetD8;
import static jcuda.driver.JCudaDriver.cuStreamCreate;
import static jcuda.driver.JCudaDriver.cuStreamDestroy;
import static jcuda.driver.JCudaDriver.cuStreamSynchronize;

import dev.selvage.integrity.hash.ByteSource;
import dev.selvage.integrity.hash.HashForm;
import dev.selvage.integrity.hash.HashWork;
import dev.selvage.proofs.Leaves;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import jcuda.CudaException;
import jcuda.Pointer;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUstream;
import jcuda.driver.CUstream_flags;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A stream with buffers of its own: a batch is read from the file straight into pinned memory, copied by the copy engine, hashed by one thread a
 * block, and reduced to its nodes on the device; only those come back. While one lane waits for its stream, others read or copy. Serves
 * one thread.
 */
final class GpuLane implements AutoCloseable {
    private static final int KEYS = 2 * Leaves.HASH_BYTES;

    private static final Logger log = LoggerFactory.getLogger(GpuLane.class);

    private final Gpu gpu;
    private final int threads;
    private final CUstream stream = new CUstream();
    private final Pointer pinned = new Pointer();
    private final Pointer pinnedOut = new Pointer();
    private final CUdeviceptr data = new CUdeviceptr();
    private final CUdeviceptr keys = new CUdeviceptr();
    private final CUdeviceptr[] hashes = {new CUdeviceptr(), new CUdeviceptr()};
    private final Deque<Runnable> taken = new ArrayDeque<>();
    private final ByteBuffer in;
    private final ByteBuffer out;

    GpuLane(Gpu gpu, GpuLayout layout, int blockSize) {
        this.gpu = gpu;
        this.threads = layout.threads();
        int most = (layout.batch() / blockSize + 1) * Leaves.HASH_BYTES;
        gpu.use();
        try {
            cuStreamCreate(stream, CUstream_flags.CU_STREAM_NON_BLOCKING);
            taken.push(() -> cuStreamDestroy(stream));
            pin(pinned, layout.batch());
            pin(pinnedOut, most);
            allocate(data, layout.batch());
            allocate(hashes[0], most);
            allocate(hashes[1], most);
            allocate(keys, KEYS);
            taken.push(() -> cuMemsetD8(keys, (byte) 0, KEYS));
        } catch (CudaException e) {
            giveBack();
            throw e;
        }
        in = pinned.getByteBuffer(0, layout.batch());
        out = pinnedOut.getByteBuffer(0, most);
    }

    private void pin(Pointer memory, long bytes) {
        cuMemHostAlloc(memory, bytes, 0);
        taken.push(() -> cuMemFreeHost(memory));
    }

    private void allocate(CUdeviceptr memory, long bytes) {
        cuMemAlloc(memory, bytes);
        taken.push(() -> cuMemFree(memory));
    }

    /** Sends the file's secret and name. */
    void begin(HashForm form) {
        byte[] both = new byte[KEYS];
        if (form.key() != null) {
            System.arraycopy(form.key().secret(), 0, both, 0, Leaves.HASH_BYTES);
        }
        if (form.file() != null) {
            System.arraycopy(form.file(), 0, both, Leaves.HASH_BYTES, Leaves.HASH_BYTES);
        }
        cuMemcpyHtoD(keys, Pointer.to(both), KEYS);
    }

    void hash(HashWork work, HashWork.Stretch stretch) throws IOException {
        read(work.source(), stretch);
        copyIn(stretch.bytes());
        CUdeviceptr result = launch(work.form(), work.layout().blockSize(), stretch);
        int bytes = (stretch.toNode() - stretch.fromNode()) * Leaves.HASH_BYTES;
        cuMemcpyDtoHAsync(pinnedOut, result, bytes, stream);
        cuStreamSynchronize(stream);
        out.clear().get(work.out(), stretch.fromNode() * Leaves.HASH_BYTES, bytes);
        work.done(stretch.bytes());
    }

    void read(ByteSource source, HashWork.Stretch stretch) throws IOException {
        source.read(stretch.position(), in.clear().limit((int) stretch.bytes()));
    }

    void copyIn(long bytes) {
        if (bytes > 0) {
            cuMemcpyHtoDAsync(data, pinned, bytes, stream);
        }
    }

    /** Starts the hashes of a batch and the levels above them; gives where the nodes will lie. */
    CUdeviceptr launch(HashForm form, int blockSize, HashWork.Stretch stretch) {
        int count = stretch.toBlock() - stretch.fromBlock();
        var blockArguments = Pointer.to(
                Pointer.to(data),
                Pointer.to(new long[] {stretch.bytes()}),
                Pointer.to(new int[] {blockSize}),
                Pointer.to(new long[] {stretch.fromBlock()}),
                Pointer.to(keys),
                Pointer.to(new int[] {form.kind().code()}),
                Pointer.to(hashes[0]));
        cuLaunchKernel(gpu.blocks(), grid(count), 1, 1, threads, 1, 1, 0, stream, blockArguments, null);
        int from = 0;
        for (int level = 0; level < form.level(); level++) {
            int width = (count + 1) / 2;
            var nodeArguments =
                    Pointer.to(Pointer.to(hashes[from]), Pointer.to(new int[] {count}), Pointer.to(hashes[1 - from]));
            cuLaunchKernel(gpu.nodes(), grid(width), 1, 1, threads, 1, 1, 0, stream, nodeArguments, null);
            count = width;
            from = 1 - from;
        }
        return hashes[from];
    }

    private int grid(int count) {
        return (count + threads - 1) / threads;
    }

    CUstream stream() {
        return stream;
    }

    @Override
    public void close() {
        gpu.use();
        giveBack();
    }

    /** Gives back what was taken, the last first; what a failed device does not take back is gone with its process. */
    private void giveBack() {
        while (!taken.isEmpty()) {
            try {
                taken.pop().run();
            } catch (CudaException e) {
                log.debug("not given back: {}", e.getMessage());
            }
        }
    }
}
