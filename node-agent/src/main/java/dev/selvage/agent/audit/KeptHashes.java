package dev.selvage.agent.audit;

import dev.selvage.integrity.audit.FileKey;
import dev.selvage.integrity.hash.FileTree;
import dev.selvage.integrity.hash.HashForm;
import dev.selvage.model.integrity.AuditMode;
import dev.selvage.proofs.Anchor;
import dev.selvage.proofs.Leaves;
import dev.selvage.proofs.MerkleTree;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Which hashes of a file a node keeps and gives away: those of all blocks, or of a file with more than {@value #MOST_BLOCKS} blocks, in the mode merkle alone, the
 * tree's nodes over some 1 MiB each ({@link FileTree}). Both sides know it from the anchor. What stands under one kept hash is a group.
 *
 * @param mode of the anchor
 * @param length of the file
 * @param blockSize in bytes
 */
record KeptHashes(AuditMode mode, long length, int blockSize) {
    /** The most blocks of which each hash is kept: with their tree some 80 bytes each are in memory while a node answers. */
    static final int MOST_BLOCKS = 1 << 19;

    static KeptHashes of(AuditMode mode, Anchor anchor) {
        return new KeptHashes(mode, anchor.length(), anchor.blockSize());
    }

    int blocks() {
        return Anchor.leavesFor(length, blockSize);
    }

    /** The level of the tree that is kept; 0 where each block's own hash is. */
    int level() {
        return mode == AuditMode.MERKLE && blocks() > MOST_BLOCKS ? FileTree.levelFor(length, blockSize) : 0;
    }

    /** Blocks of a whole group. */
    int group() {
        return 1 << level();
    }

    /** How many hashes are kept, 32 bytes each. */
    int count() {
        return (blocks() - 1) / group() + 1;
    }

    int bytes() {
        return Math.multiplyExact(count(), Leaves.HASH_BYTES);
    }

    /**
     * How a file is hashed so that its hashes are comparable with the kept ones.
     *
     * @param file 32 bytes that name it
     */
    HashForm form(FileKey key, byte[] file) {
        if (mode == AuditMode.PAPER) {
            return HashForm.plain();
        }
        return level() == 0 ? HashForm.salted(key) : HashForm.nodes(key, file, level());
    }

    /** Groups whose kept hash is another one, of a file of another length also those that only one of the two has; in order. */
    IntStream differing(KeptHashes here, byte[] kept, byte[] hashes) {
        int count = Math.max(kept.length, hashes.length) / Leaves.HASH_BYTES;
        return IntStream.range(0, count).filter(i -> {
            int from = i * Leaves.HASH_BYTES;
            int to = from + Leaves.HASH_BYTES;
            return to > kept.length
                    || to > hashes.length
                    || !Arrays.equals(kept, from, to, hashes, from, to)
                    || blocksOf(i) != here.blocksOf(i);
        });
    }

    private int blocksOf(int number) {
        return Math.min(group(), blocks() - number * group());
    }

    /** How many blocks of this file lie in groups that are not those of a version before. */
    int changed(AnchorStore.Stored before, byte[] hashes) {
        return before.kit()
                .kept()
                .differing(this, before.hashes(), hashes)
                .filter(number -> number < count())
                .map(this::blocksOf)
                .sum();
    }

    /**
     * The root over all blocks of a file, which in the mode paper is another.
     *
     * @param file 32 bytes that name it
     * @param hashes that are kept
     * @param tags empty where the mode has none
     */
    byte[] root(byte[] file, byte[] hashes, byte[] tags) {
        return level() == 0
                ? Anchors.tree(file, length, blockSize, hashes, tags).root()
                : MerkleTree.rootOf(hashes.clone(), count());
    }
}
