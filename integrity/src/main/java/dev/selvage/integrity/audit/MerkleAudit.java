package dev.selvage.integrity.audit;

import dev.selvage.integrity.hash.CpuWay;
import dev.selvage.integrity.pairing.Pairing;
import dev.selvage.proofs.Anchor;
import dev.selvage.proofs.Leaves;
import dev.selvage.proofs.MerkleTree;
import dev.selvage.proofs.MultiProof;
import dev.selvage.proofs.Verdict;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The default mode: challenged blocks are sent whole, with their salts and the paths to the anchored root. Sound whatever the prover did at
 * set-up, since nothing but the bytes themselves hashes to the anchored leaves. A proof is a stream, one block of it in memory at a time: the anchored leaves of
 * the challenged blocks, then each block with its salt, then the paths. The leaves lead to the root whatever became of the data, so that every block which
 * differs is known by its index. Under an anchor with tags each block comes with its tag and its mask, and the tags must belong to the blocks.
 */
public final class MerkleAudit {
    private static final byte[] NO_TAG = {};
    private static final Finding TAGS_WRONG =
            Finding.rejected("the challenged blocks are what is anchored, but the tags"
                    + " anchored beside them do not belong to them: an audit in the mode sectored would prove nothing");

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

    /**
     * Answers a challenge. A block that cannot be read as a whole is sent empty: the asker finds it damaged.
     *
     * @param tree as it was anchored
     * @param tags of all leaves, one after another; empty where the anchor has none
     * @throws IOException when the stream fails, or the tree
     */
    public static void prove(
            Challenge challenge, BlockSource blocks, FileKey key, LeafPaths tree, byte[] tags, OutputStream to)
            throws IOException {
        var indexes = challenge.indexes(tree.leaves());
        var led = tree.lead(indexes);
        int tagBytes = tags.length / tree.leaves();
        var out = new DataOutputStream(to);
        for (byte[] leaf : led.leaves().values()) {
            out.write(leaf);
        }
        out.writeByte(Wire.MERKLE);
        out.writeInt(indexes.size());
        for (int index : indexes) {
            byte[] block = readable(blocks, index);
            byte[] salt = key.salt(index);
            out.write(salt);
            if (tagBytes > 0) {
                out.write(tags, index * tagBytes, tagBytes);
                out.write(Wire.scalar(key.mask(index, Leaves.blockDigest(salt).digest(block))));
            }
            out.writeInt(block.length);
            out.write(block);
        }
        out.write(led.paths().encoded());
        out.flush();
    }

    private static byte[] readable(BlockSource blocks, int index) {
        try {
            return blocks.block(index);
        } catch (IOException unreadable) {
            return new byte[0];
        }
    }

    /**
     * Checks an answer under an anchor without tags while it comes in; reads no more than the anchor and the challenge allow.
     *
     * @throws MalformedProofException when the bytes are no such answer
     * @throws IOException when the stream fails
     */
    public static Finding verify(Anchor anchor, Challenge challenge, InputStream from)
            throws IOException, MalformedProofException {
        return verify(anchor, challenge, Optional.empty(), from);
    }

    /**
     * As {@link #verify(Anchor, Challenge, InputStream)} under a sectored anchor. Blocks that are what is anchored, with tags that do not belong to them, are
     * rejected too: over such tags a sectored audit would prove nothing.
     *
     * @param publicKey of the owner, compressed, from the ledger
     */
    public static Finding verify(
            Anchor anchor, Challenge challenge, SectoredAudit tagged, byte[] publicKey, InputStream from)
            throws IOException, MalformedProofException {
        var key = Damage.key(tagged.pairing(), publicKey);
        return verify(anchor, challenge, Optional.of(new OpenedTags(tagged, key, challenge)), from);
    }

    private static Finding verify(Anchor anchor, Challenge challenge, Optional<OpenedTags> tags, InputStream from)
            throws IOException, MalformedProofException {
        var indexes = challenge.indexes(anchor.leaves());
        var in = new DataInputStream(from);
        try {
            SortedMap<Integer, byte[]> anchored = new TreeMap<>();
            for (int index : indexes) {
                anchored.put(index, ProofInput.exactly(in, Leaves.HASH_BYTES));
            }
            var damaged = opened(anchor, indexes, anchored, tags, in);
            var paths = paths(in, anchor, indexes.size());
            Verdict verdict = MerkleTree.verify(anchor.root(), anchor.leaves(), anchored, paths);
            if (!verdict.accepted()) {
                return Finding.rejected(verdict.reason());
            }
            if (!damaged.isEmpty()) {
                return Finding.damaged(damaged, indexes.size());
            }
            return tags.map(OpenedTags::fit).orElse(true) ? Finding.accepted() : TAGS_WRONG;
        } catch (EOFException e) {
            throw new MalformedProofException("the proof ends too early");
        }
    }

    /** The blocks whose leaf is another than the anchored one. */
    private static SortedSet<Integer> opened(
            Anchor anchor,
            SortedSet<Integer> indexes,
            SortedMap<Integer, byte[]> anchored,
            Optional<OpenedTags> tags,
            DataInputStream in)
            throws IOException, MalformedProofException {
        if (in.readByte() != Wire.MERKLE || in.readInt() != indexes.size()) {
            throw new MalformedProofException("not a proof of this mode and challenge");
        }
        var digest = CpuWay.usual().sha256();
        SortedSet<Integer> damaged = new TreeSet<>();
        for (int index : indexes) {
            byte[] salt = ProofInput.exactly(in, Leaves.HASH_BYTES);
            byte[] tag = tags.isEmpty() ? NO_TAG : ProofInput.exactly(in, Pairing.G1_BYTES);
            var mask = tags.isEmpty() ? BigInteger.ZERO : mask(in, index);
            int length = in.readInt();
            if (length < 0 || length > anchor.blockSize()) {
                throw new MalformedProofException("block " + index + " has " + length + " bytes");
            }
            byte[] block = ProofInput.exactly(in, length);
            digest.update(Leaves.saltBlock(salt));
            byte[] hash = digest.digest(block);
            byte[] leaf = Leaves.leaf(anchor.file(), index, length, hash, tag);
            if (length != anchor.lengthOf(index) || !Arrays.equals(leaf, anchored.get(index))) {
                damaged.add(index);
            } else {
                tags.ifPresent(check -> check.add(hash, tag, mask, block));
            }
        }
        return damaged;
    }

    private static BigInteger mask(DataInputStream in, int index) throws IOException, MalformedProofException {
        var mask = new BigInteger(1, ProofInput.exactly(in, Wire.SCALAR_BYTES));
        if (mask.compareTo(Pairing.ORDER) >= 0) {
            throw new MalformedProofException("the mask of block " + index + " is not below the group's order");
        }
        return mask;
    }

    private static MultiProof paths(DataInputStream in, Anchor anchor, int challenged)
            throws IOException, MalformedProofException {
        int levels = Integer.SIZE - Integer.numberOfLeadingZeros(anchor.leaves());
        // a level of the tree has no more hashes of the paths than nodes, nor than challenged blocks
        int shared = Integer.SIZE - 1 - Integer.numberOfLeadingZeros(challenged);
        int most = Math.multiplyExact(Math.min(challenged * (levels - shared + 2), anchor.leaves()), Leaves.HASH_BYTES);
        byte[] bytes = in.readNBytes(most + 1);
        if (bytes.length > most || bytes.length % Leaves.HASH_BYTES != 0) {
            throw new MalformedProofException("the paths are too long, or no whole number of hashes");
        }
        return MultiProof.decode(bytes);
    }
}
