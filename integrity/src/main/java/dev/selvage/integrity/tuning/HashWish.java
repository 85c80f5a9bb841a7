package dev.selvage.integrity.tuning;

import dev.selvage.integrity.hash.CpuWay;
import dev.selvage.integrity.hash.HashLayout;

/**
 * What somebody wants instead of the measured for one file; null where the measurement decides.
 *
 * @param blockSize bytes of a block; given too where an anchor says so
 * @param lanes threads that hash
 * @param chunk bytes that a lane takes at a time
 * @param way how bytes come to a lane
 * @param gpu whether a GPU hashes, whatever the file's size
 */
public record HashWish(Integer blockSize, Integer lanes, Integer chunk, CpuWay way, Boolean gpu) {
    public static final HashWish NONE = new HashWish(null, null, null, null, null);

    /** The rest as it is, with blocks of that size. */
    public HashWish withBlockSize(int size) {
        return new HashWish(size, lanes, chunk, way, gpu);
    }

    /** Whether anything but the block size is wanted: that is a choice, where a block size may follow from an anchor. */
    private boolean asks() {
        return lanes != null || chunk != null || way != null || gpu != null;
    }

    /** What the record adds to the reason; a block size that somebody asked for may cost more than it must (B3). */
    String note(String why, HashLayout layout) {
        String note = asks() ? why + "; partly as asked for" : why;
        int size = layout.blockSize();
        int shorter = HashLayout.paddedOnce(size);
        return shorter == size
                ? note
                : note + "; blocks of " + size + " bytes take " + HashLayout.compressions(size)
                        + " compressions each, of " + shorter + " one less";
    }

    /** @throws IllegalArgumentException when there is no such layout, or this machine does not have the way */
    HashLayout over(HashLayout measured, long length) {
        var asked = new HashLayout(
                blockSize == null ? measured.blockSize() : blockSize,
                lanes == null ? measured.lanes() : lanes,
                chunk == null ? measured.chunk() : chunk,
                way == null ? measured.way() : way);
        if (!CpuWay.available().contains(asked.way())) {
            throw new IllegalArgumentException("this machine has no way " + asked.way());
        }
        return blockSize == null ? asked.forLength(length) : asked;
    }
}
