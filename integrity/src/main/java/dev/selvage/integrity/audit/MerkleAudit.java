package dev.selvage.integrity.audit;

import dev.selvage.proofs.Anchor;
import dev.selvage.proofs.Leaves;
import dev.selvage.proofs.MerkleTree;
import dev.selvage.proofs.MultiProof;
import dev.selvage.proofs.Verdict;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The default mode: challenged blocks are sent whole, with their salts and the paths to the anchored root. Sound whatever the prover did at
 * set-up, since nothing but the bytes themselves hashes to the anchored leaves.
 */
public final class MerkleAudit {
    private static final byte[] NO_TAG = {};

    private MerkleAudit() {}

    /** The leaf hashes of a file, 32 bytes each. */
    public static byte[] leaves(byte[] file, BlockSource blocks, FileKey key) throws IOException {
        return leaves(file, blocks.length(), blocks.blockSize(), hashes(blocks, key), NO_TAG);
    }

    /** The salted hash of each block, by the calling thread; what hashes large files is a {@link dev.selvage.integrity.hash.Hasher}. */
    static byte[] hashes(BlockSource blocks, FileKey key) throws IOException {
        int count = blocks.blocks();
        byte[] hashes = new byte[count * Leaves.HASH_BYTES];
        for (int i = 0; i < count; i++) {
            byte[] hash = Leaves.blockDigest(key.salt(i)).digest(blocks.block(i));
            System.arraycopy(hash, 0, hashes, i * Leaves.HASH_BYTES, Leaves.HASH_BYTES);
        }
        return hashes;
    }

    /**
     * The tree of a changed file: only the blocks that changed, and those that a new length adds, are hashed again.
     *
     * @param old the anchor of the version before
     * @param tree its tree
     * @param changed blocks whose bytes changed; those beyond the new end are ignored
     */
    public static MerkleTree update(Anchor old, MerkleTree tree, Set<Integer> changed, BlockSource blocks, FileKey key)
            throws IOException {
        SortedMap<Integer, byte[]> leaves = new TreeMap<>();
        for (int index : Changes.affected(old, changed, blocks)) {
            leaves.put(index, leaf(old.file(), index, key.salt(index), blocks.block(index)));
        }
        return Changes.apply(tree, leaves, blocks.blocks());
    }

    /** The anchor of a version of a file whose tree is known. */
    public static Anchor anchor(byte[] file, int version, BlockSource blocks, MerkleTree tree) {
        return new Anchor(file, version, blocks.blocks(), blocks.length(), blocks.blockSize(), tree.root());
    }

    /**
     * The leaves of a file whose salted block hashes are known, as a {@link dev.selvage.integrity.hash.Hasher} gives them.
     *
     * @param hashes 32 bytes a block
     * @param tags of all blocks, one after another and of one length; empty where the mode has none
     */
    public static byte[] leaves(byte[] file, long length, int blockSize, byte[] hashes, byte[] tags) {
        byte[] leaves = new byte[hashes.length];
        int count = hashes.length / Leaves.HASH_BYTES;
        int tagBytes = tags.length / count;
        for (int i = 0; i < count; i++) {
            byte[] hash = Arrays.copyOfRange(hashes, i * Leaves.HASH_BYTES, (i + 1) * Leaves.HASH_BYTES);
            byte[] tag = Arrays.copyOfRange(tags, i * tagBytes, (i + 1) * tagBytes);
            int size = (int) Math.min(blockSize, length - (long) i * blockSize);
            System.arraycopy(
                    Leaves.leaf(file, i, size, hash, tag), 0, leaves, i * Leaves.HASH_BYTES, Leaves.HASH_BYTES);
        }
        return leaves;
    }

    private static byte[] leaf(byte[] file, int index, byte[] salt, byte[] block) {
        return leaf(file, index, salt, block, NO_TAG);
    }

    static byte[] leaf(byte[] file, int index, byte[] salt, byte[] block, byte[] tag) {
        return Leaves.leaf(file, index, block.length, Leaves.blockDigest(salt).digest(block), tag);
    }

    /**
     * Answers a challenge.
     *
     * @throws IOException when a challenged block cannot be read
     */
    public static Proof prove(Challenge challenge, BlockSource blocks, FileKey key, MerkleTree tree)
            throws IOException {
        List<Opened> opened = new ArrayList<>();
        var indexes = challenge.indexes(tree.leaves());
        for (int index : indexes) {
            opened.add(new Opened(key.salt(index), blocks.block(index), tree.leaf(index)));
        }
        return new Proof(opened, tree.prove(indexes));
    }

    /** Checks an answer against the anchor on the ledger; a rejection names the block where it can. */
    public static Verdict verify(Anchor anchor, Challenge challenge, Proof proof) {
        var indexes = challenge.indexes(anchor.leaves());
        if (proof.opened().size() != indexes.size()) {
            return Verdict.rejected(
                    "the proof opens " + proof.opened().size() + " blocks instead of " + indexes.size());
        }
        SortedMap<Integer, byte[]> anchored = new TreeMap<>();
        int at = 0;
        for (int index : indexes) {
            anchored.put(index, proof.opened().get(at++).leaf());
        }
        Verdict paths = MerkleTree.verify(anchor.root(), anchor.leaves(), anchored, proof.paths());
        return paths.accepted() ? verifyBlocks(anchor, indexes, proof) : paths;
    }

    /** Whether each opened block hashes to its leaf, which is known to be the anchored one. */
    private static Verdict verifyBlocks(Anchor anchor, Iterable<Integer> indexes, Proof proof) {
        int at = 0;
        for (int index : indexes) {
            Opened opened = proof.opened().get(at++);
            if (opened.block().length != anchor.lengthOf(index)) {
                return Verdict.rejectedAt(
                        index,
                        "block " + index + " has " + opened.block().length + " bytes instead of "
                                + anchor.lengthOf(index));
            }
            if (!Arrays.equals(leaf(anchor.file(), index, opened.salt(), opened.block()), opened.leaf())) {
                return Verdict.rejectedAt(index, "block " + index + " is not the one that was anchored");
            }
        }
        return Verdict.ACCEPTED;
    }

    /**
     * A challenged block.
     *
     * @param salt 32 bytes
     * @param leaf the anchored leaf, 32 bytes: with it a verifier can say which block was changed
     */
    public record Opened(byte[] salt, byte[] block, byte[] leaf) {
        public Opened {
            if (salt.length != Leaves.HASH_BYTES || leaf.length != Leaves.HASH_BYTES) {
                throw new IllegalArgumentException("a salt and a leaf have 32 bytes");
            }
        }
    }

    /**
     * The answer to a challenge.
     *
     * @param opened the challenged blocks in order of their index
     */
    public record Proof(List<Opened> opened, MultiProof paths) {
        public Proof {
            opened = List.copyOf(opened);
        }

        /** The bytes that travel. */
        public byte[] encoded() {
            var out = new Wire.Writer(Wire.MERKLE);
            out.count(opened.size());
            opened.forEach(
                    block -> out.fixed(block.salt()).variable(block.block()).fixed(block.leaf()));
            return out.rest(paths.encoded()).bytes();
        }

        /**
         * Reads what {@link #encoded} wrote.
         *
         * @param anchor bounds what is read
         * @throws MalformedProofException when the bytes are no such proof
         */
        public static Proof decode(byte[] bytes, Anchor anchor, Challenge challenge) throws MalformedProofException {
            var in = new Wire.Reader(bytes, Wire.MERKLE);
            int count = in.count(Math.min(challenge.count(), anchor.leaves()));
            List<Opened> opened = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                opened.add(new Opened(
                        in.fixed(Leaves.HASH_BYTES), in.variable(anchor.blockSize()), in.fixed(Leaves.HASH_BYTES)));
            }
            return new Proof(opened, in.paths());
        }
    }
}
