package dev.selvage.proofs;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What the ledger keeps of a version of a file. It binds the number of leaves and the lengths beside the root, so that a tree of
 * another shape with the same root is another anchor.
 *
 * @param file 32 bytes that name the file
 * @param version from 1, one more each time the file is anchored again
 * @param leaves number of blocks
 * @param length of the file in bytes
 * @param blockSize in bytes; the last block may be shorter
 * @param root 32 bytes
 */
public record Anchor(byte[] file, int version, int leaves, long length, int blockSize, byte[] root) {
    private static final byte[] DOMAIN = "selvage/anchor/v1".getBytes(StandardCharsets.US_ASCII);

    public Anchor {
        Leaves.requireHash("file id", file);
        Leaves.requireHash("root", root);
        file = file.clone();
        root = root.clone();
        if (version < 1 || blockSize < 1 || length < 0) {
            throw new IllegalArgumentException("an anchor has a version and a block size from 1 and a length from 0");
        }
        if (leaves != leavesFor(length, blockSize)) {
            throw new IllegalArgumentException(length + " bytes in blocks of " + blockSize + " are "
                    + leavesFor(length, blockSize) + " leaves, not " + leaves);
        }
    }

    /** The number of blocks of a file; an empty file has one empty block. */
    public static int leavesFor(long length, int blockSize) {
        long blocks = Math.max(1, (length + blockSize - 1) / blockSize);
        if (blocks > MerkleTree.MAX_LEAVES) {
            throw new IllegalArgumentException(blocks + " blocks are more than a tree holds: choose larger blocks");
        }
        return (int) blocks;
    }

    /** The length of a block in bytes. */
    public int lengthOf(int index) {
        return (int) Math.min(blockSize, length - (long) index * blockSize);
    }

    /** SHA-256 over all fields with fixed widths. */
    public byte[] digest() {
        var sha = Sha256.create();
        sha.update(DOMAIN);
        sha.update(file);
        sha.update(ByteBuffer.allocate(20)
                .putInt(version)
                .putInt(leaves)
                .putLong(length)
                .putInt(blockSize)
                .flip());
        sha.update(root);
        return sha.digest();
    }

    @Override
    public byte[] file() {
        return file.clone();
    }

    @Override
    public byte[] root() {
        return root.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Anchor anchor && Arrays.equals(digest(), anchor.digest());
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(digest());
    }
}
