package dev.selvage.integrity.hash.gpu;

import dev.selvage.integrity.hash.ByteSource;
import dev.selvage.integrity.hash.CpuHasher;
import dev.selvage.integrity.hash.HashForm;
import dev.selvage.integrity.hash.HashLayout;
import dev.selvage.integrity.hash.HashWork;
import dev.selvage.integrity.hash.Hasher;
import dev.selvage.integrity.hash.Lanes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import jcuda.CudaException;

/** Hashes on a GPU, with lanes of the CPU beside it that take from the same work. */
public final class GpuHasher implements Hasher {
    private static final int ALIGNMENT = 64;

    private final Gpu gpu;
    private final GpuLayout own;

    public GpuHasher(Gpu gpu, GpuLayout layout) {
        this.gpu = gpu;
        this.own = layout;
    }

    @Override
    public String name() {
        return own.beside() == 0 ? "gpu" : "gpu and cpu";
    }

    /** Whether the device takes blocks of that size: whole compressions, and a node's blocks within a batch. */
    public boolean takes(int blockSize, HashForm form) {
        return blockSize % ALIGNMENT == 0 && (long) blockSize * form.blocksPerNode() <= own.batch();
    }

    /** @throws GpuFailedException when the device fails; the CPU can do the same */
    @Override
    public byte[] hash(ByteSource source, HashLayout layout, HashForm form, Progress progress) throws IOException {
        if (!takes(layout.blockSize(), form)) {
            throw new IllegalArgumentException("blocks of " + layout.blockSize() + " bytes are not for this GPU");
        }
        var work = new HashWork(source, layout, form, progress);
        List<Callable<Void>> lanes = new ArrayList<>(CpuHasher.lanes(work, own.beside()));
        int size = work.nodesIn(own.batch());
        for (int i = 0; i < own.copies(); i++) {
            lanes.add(() -> lane(work, size));
        }
        try {
            Lanes.run(work, lanes);
        } catch (CudaException e) {
            throw new GpuFailedException(gpu.description().name() + " failed: " + e.getMessage(), e);
        }
        source.requireUnchanged();
        return work.out();
    }

    private Void lane(HashWork work, int size) throws IOException {
        var stretch = work.take(size);
        if (stretch.isEmpty()) {
            return null;
        }
        try (var lane = new GpuLane(gpu, own, work.layout().blockSize())) {
            lane.begin(work.form());
            for (; stretch.isPresent(); stretch = work.take(size)) {
                lane.hash(work, stretch.get());
            }
        }
        return null;
    }
}
