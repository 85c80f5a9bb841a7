package dev.selvage.proofs;

/**
 * The tree as published (B1): no domain separation, and an odd tail is paired with its own copy. Two lists of leaves can therefore share a root; it
 * stands here for fidelity and as the baseline only.
 */
public final class PaperTree {
    private PaperTree() {}

    /**
     * The root over leaves.
     *
     * @param leaves 32 bytes each, one after another
     */
    public static byte[] root(byte[] leaves) {
        if (leaves.length == 0 || leaves.length % Sha256.BYTES != 0) {
            throw new IllegalArgumentException("a tree has at least one leaf of 32 bytes");
        }
        var sha = new Sha256();
        byte[] level = leaves.clone();
        while (MerkleTree.width(level) > 1) {
            byte[] above = new byte[(MerkleTree.width(level) + 1) / 2 * Sha256.BYTES];
            for (int at = 0; at < above.length; at += Sha256.BYTES) {
                int left = 2 * at;
                int right = Math.min(left + Sha256.BYTES, level.length - Sha256.BYTES);
                sha.bareNode(level, left, right, above, at);
            }
            level = above;
        }
        return level;
    }
}
