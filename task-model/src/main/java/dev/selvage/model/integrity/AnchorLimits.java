package dev.selvage.model.integrity;

import java.util.Optional;

/**
 * How large an anchored version may be. Who audits it has its blocks, points and paths in memory: an anchor without bounds could end another
 * organisation's node. The contract refuses what breaks them, and so does a node that is to audit it.
 */
public final class AnchorLimits {
    /** The smallest block, in bytes. */
    public static final int SMALLEST_BLOCK = 64;
    /** The largest block, in bytes: a proof in the mode merkle has one in memory. */
    public static final int LARGEST_BLOCK = 16 << 20;
    /** The largest block with sectors, in bytes: each 31 of them are a point of the group. */
    public static final int LARGEST_SECTORED_BLOCK = 256 << 10;
    /** The most blocks with tags, and of which a node keeps each hash: some 160 bytes each are in memory while a node proves. */
    public static final int LEAVES = 1 << 19;
    /** The most blocks in the mode merkle: of a file with more than {@link #LEAVES}, nodes keep the hashes of groups of 1 MiB. */
    public static final int MERKLE_LEAVES = (1 << 25) - 1;
    /** The longest file with more than {@link #LEAVES} blocks, in bytes: so many groups of 1 MiB. */
    public static final long LONGEST_IN_GROUPS = (long) LEAVES << 20;
    /** The most blocks in the mode paper, whose proofs hold a point for each. */
    public static final int PAPER_LEAVES = 1 << 16;

    private AnchorLimits() {}

    /** The largest block of a mode, in bytes. */
    public static int largestBlock(AuditMode mode) {
        return mode == AuditMode.SECTORED ? LARGEST_SECTORED_BLOCK : LARGEST_BLOCK;
    }

    /** The most blocks of a mode. */
    public static int leaves(AuditMode mode) {
        return switch (mode) {
            case MERKLE -> MERKLE_LEAVES;
            case SECTORED -> LEAVES;
            case PAPER -> PAPER_LEAVES;
        };
    }

    /**
     * What is wrong with a size, as a sentence; empty when nothing is.
     *
     * @param length of the file in bytes, at least 0
     */
    public static Optional<String> broken(AuditMode mode, long length, int blockSize) {
        if (blockSize < SMALLEST_BLOCK || blockSize > largestBlock(mode)) {
            return Optional.of("A block in the mode " + mode + " has from " + SMALLEST_BLOCK + " to "
                    + largestBlock(mode) + " bytes, not " + blockSize + ".");
        }
        boolean many = length > (long) LEAVES * blockSize && length > LONGEST_IN_GROUPS;
        return many || length > (long) leaves(mode) * blockSize
                ? Optional.of("A file in the mode " + mode + " has at most " + (many ? LEAVES : leaves(mode))
                        + " blocks of this size: " + length + " bytes in blocks of " + blockSize + " are more.")
                : Optional.empty();
    }
}
