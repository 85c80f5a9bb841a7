package dev.selvage.integrity.hash.gpu;

import static jcuda.driver.JCudaDriver.cuEventCreate;
import static jcuda.driver.JCudaDriver.cuEventDestroy;
import static jcuda.driver.JCudaDriver.cuEventElapsedTime;
import static jcuda.driver.JCudaDriver.cuEventRecord;
import static jcuda.driver.JCudaDriver.cuEventSynchronize;

import dev.selvage.integrity.hash.ByteSource;
import dev.selvage.integrity.hash.HashForm;
import dev.selvage.integrity.hash.HashLayout;
import dev.selvage.integrity.hash.HashWork;
import dev.selvage.integrity.hash.Hasher;
import java.io.IOException;
import java.util.Arrays;
import jcuda.CudaException;
import jcuda.driver.CUevent;

/** Times the parts of one batch by the device's own clock: the copy to it, and the hashing there. */
public final class GpuProbe {
    private GpuProbe() {}

    /**
     * Medians over some rounds.
     *
     * @param copyIn bytes a second from pinned memory to the device
     * @param kernel bytes a second hashed on the device, the tree's levels with them
     */
    public record Rates(double copyIn, double kernel) {}

    /**
     * Times one batch.
     *
     * @param rounds odd
     * @throws GpuFailedException when the device fails
     */
    public static Rates measure(
            Gpu gpu, GpuLayout layout, ByteSource source, HashLayout blocks, HashForm form, int rounds)
            throws IOException {
        var work = new HashWork(source, blocks, form, Hasher.Progress.NONE);
        var stretch = work.take(work.nodesIn(layout.batch()))
                .orElseThrow(() -> new IllegalArgumentException("nothing to measure"));
        double[] copies = new double[rounds];
        double[] kernels = new double[rounds];
        try (var lane = new GpuLane(gpu, layout, blocks.blockSize())) {
            lane.begin(form);
            lane.read(source, stretch);
            CUevent[] marks = {new CUevent(), new CUevent(), new CUevent()};
            for (CUevent mark : marks) {
                cuEventCreate(mark, 0);
            }
            for (int round = -1; round < rounds; round++) { // the first only warms up
                cuEventRecord(marks[0], lane.stream());
                lane.copyIn(stretch.bytes());
                cuEventRecord(marks[1], lane.stream());
                lane.launch(form, blocks.blockSize(), stretch);
                cuEventRecord(marks[2], lane.stream());
                cuEventSynchronize(marks[2]);
                if (round >= 0) {
                    copies[round] = rate(stretch.bytes(), marks[0], marks[1]);
                    kernels[round] = rate(stretch.bytes(), marks[1], marks[2]);
                }
            }
            for (CUevent mark : marks) {
                cuEventDestroy(mark);
            }
        } catch (CudaException e) {
            throw new GpuFailedException(gpu.description().name() + " failed: " + e.getMessage(), e);
        }
        Arrays.sort(copies);
        Arrays.sort(kernels);
        return new Rates(copies[rounds / 2], kernels[rounds / 2]);
    }

    private static double rate(long bytes, CUevent from, CUevent to) {
        float[] millis = {0};
        cuEventElapsedTime(millis, from, to);
        return bytes / (millis[0] / 1e3);
    }
}
