package dev.selvage.integrity.hash;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/**
 * Hashes on the CPU, a lane per thread. A lane takes the next stretch when it is free. The memory is a chunk and a node's leaves for each lane, and the
 * result, whatever the file's size.
 */
public final class CpuHasher implements Hasher {
    private static final int STRETCH_BYTES = 8 << 20;

    @Override
    public String name() {
        return "cpu";
    }

    @Override
    public byte[] hash(ByteSource source, HashLayout layout, HashForm form, Progress progress) throws IOException {
        var work = new HashWork(source, layout, form, progress);
        int most = work.stretches(work.nodesIn(STRETCH_BYTES));
        Lanes.run(work, lanes(work, Math.min(layout.lanes(), most)));
        source.requireUnchanged();
        return work.out();
    }

    /** Lanes that take from work until nothing is left, to run alone or beside others. */
    public static List<Callable<Void>> lanes(HashWork work, int count) {
        int size = work.nodesIn(STRETCH_BYTES);
        List<Callable<Void>> lanes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            lanes.add(() -> {
                var lane = new CpuLane(work);
                for (var stretch = work.take(size); stretch.isPresent(); stretch = work.take(size)) {
                    hash(lane, stretch.get(), work.source());
                }
                return null;
            });
        }
        return lanes;
    }

    private static void hash(CpuLane lane, HashWork.Stretch stretch, ByteSource source) throws IOException {
        try {
            lane.hash(stretch);
        } catch (InternalError e) {
            source.requireUnchanged(); // what a mapped file gives that was truncated
            throw e;
        }
    }
}
