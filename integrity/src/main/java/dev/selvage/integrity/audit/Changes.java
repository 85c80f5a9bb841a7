package dev.selvage.integrity.audit;

import dev.selvage.proofs.Anchor;
import dev.selvage.proofs.Leaves;
import dev.selvage.proofs.MerkleTree;
import java.util.NavigableSet;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;

/** Which leaves a new version of a file changes, and the tree that follows. */
final class Changes {
    private Changes() {}

    /** The blocks to hash again: those named, and where the length changed all from the shorter version's last one. */
    static NavigableSet<Integer> affected(Anchor old, Set<Integer> changed, BlockSource blocks) {
        if (blocks.blockSize() != old.blockSize()) {
            throw new IllegalArgumentException("blocks of " + blocks.blockSize() + " bytes after blocks of "
                    + old.blockSize() + ": anchor the file as a whole");
        }
        int count = blocks.blocks();
        NavigableSet<Integer> affected = new TreeSet<>(changed);
        if (blocks.length() != old.length()) {
            for (int index = Math.min(old.leaves(), count) - 1; index < count; index++) {
                affected.add(index);
            }
        }
        affected.removeIf(index -> index >= count);
        return affected;
    }

    /** The tree with some leaves replaced, grown or cut to so many. */
    static MerkleTree apply(MerkleTree tree, SortedMap<Integer, byte[]> leaves, int count) {
        if (count >= tree.leaves()) {
            return leaves.isEmpty() ? tree : tree.with(leaves);
        }
        byte[] kept = new byte[count * Leaves.HASH_BYTES];
        for (int i = 0; i < count; i++) {
            byte[] leaf = leaves.containsKey(i) ? leaves.get(i) : tree.leaf(i);
            System.arraycopy(leaf, 0, kept, i * Leaves.HASH_BYTES, Leaves.HASH_BYTES);
        }
        return MerkleTree.of(kept);
    }
}
