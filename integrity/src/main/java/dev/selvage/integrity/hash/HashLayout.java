package dev.selvage.integrity.hash;

import dev.selvage.proofs.Anchor;

/**
 * How a file is hashed. What is best depends on the machine: {@link HashTuning} measures it (B2).
 *
 * @param blockSize bytes of a block, a leaf of the tree
 * @param lanes threads that hash
 * @param chunk bytes that a lane reads at a time
 */
public record HashLayout(int blockSize, int lanes, int chunk) {
    private static final int MOST_LEAVES = 1 << 22;
    private static final int SHA_BLOCK = 64;
    private static final int PADDING_ROOM = 55;

    public HashLayout {
        if (blockSize < SHA_BLOCK || lanes < 1 || chunk < 4096) {
            throw new IllegalArgumentException(
                    "a layout has blocks of at least 64 bytes, a lane and chunks of at least 4 KiB");
        }
    }

    /**
     * The layout for a file: the measured block size, or the next larger one that keeps the tree within 4 Mi leaves (some 256 MiB of memory).
     */
    public HashLayout forLength(long length) {
        int size = blockSize;
        while ((length + size - 1) / size > MOST_LEAVES) {
            size = Math.multiplyExact(size, 2);
        }
        return new HashLayout(size, lanes, chunk);
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
}
