package dev.selvage.integrity.hash;

import dev.selvage.proofs.Anchor;
import dev.selvage.proofs.MerkleTree;

/**
 * How a file is hashed on the CPU. What is best depends on the machine: a measurement chooses (B2).
 *
 * @param blockSize bytes of a block, a leaf of the tree
 * @param lanes threads that hash
 * @param chunk bytes that a lane takes at a time
 * @param way how bytes come to a lane
 */
public record HashLayout(int blockSize, int lanes, int chunk, CpuWay way) {
    private static final int SHA_BLOCK = 64;
    private static final int PADDING_ROOM = 55;
    private static final int MOST_LANES = 1024;
    private static final int MOST_BYTES = 1 << 30;

    public HashLayout {
        if (blockSize < SHA_BLOCK
                || blockSize > MOST_BYTES
                || lanes < 1
                || lanes > MOST_LANES
                || chunk < 4096
                || chunk > MOST_BYTES) {
            throw new IllegalArgumentException(
                    "a layout has blocks of 64 bytes to 1 GiB, 1 to 1024 lanes and chunks of 4 KiB to 1 GiB");
        }
    }

    /** With the way that is usual on this machine. */
    public HashLayout(int blockSize, int lanes, int chunk) {
        this(blockSize, lanes, chunk, CpuWay.usual());
    }

    /** The layout for a file: the measured block size, or the next larger one that one tree has leaves for. */
    public HashLayout forLength(long length) {
        int size = blockSize;
        while ((length + size - 1) / size > MerkleTree.MAX_LEAVES) {
            size = Math.multiplyExact(size, 2);
        }
        return withBlockSize(size);
    }

    public HashLayout withBlockSize(int size) {
        return new HashLayout(size, lanes, chunk, way);
    }

    public HashLayout withLanes(int count) {
        return new HashLayout(blockSize, count, chunk, way);
    }

    /** Blocks of a file of that length. */
    int blocks(long length) {
        return Anchor.leavesFor(length, blockSize);
    }

    /**
     * Compressions of SHA-256 for a block with its salt. Padding takes nine bytes; it costs a compression of its own only when the block's length modulo
     * 64 leaves less than that (B3).
     */
    public static int compressions(int blockSize) {
        int rest = blockSize % SHA_BLOCK;
        return 1 + blockSize / SHA_BLOCK + (rest <= PADDING_ROOM ? 1 : 2);
    }

    /** The largest block not above that size whose padding costs at most one compression. */
    public static int paddedOnce(int blockSize) {
        int over = blockSize % SHA_BLOCK - PADDING_ROOM;
        return over > 0 ? blockSize - over : blockSize;
    }
}
