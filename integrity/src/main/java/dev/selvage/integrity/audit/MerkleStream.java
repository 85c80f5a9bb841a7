package dev.selvage.integrity.audit;

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
import java.util.Arrays;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The merkle mode as it travels between nodes, with one block in memory at a time: the anchored leaves of the challenged blocks, then each block with its
 * salt, then the paths. The leaves lead to the root whatever became of the data, so that every block which differs is known by its index.
 */
public final class MerkleStream {
    private final int tagBytes;

    /** @param tagBytes of each leaf's tag: 0 for a merkle anchor, those of a point for a sectored one */
    public MerkleStream(int tagBytes) {
        this.tagBytes = tagBytes;
    }

    /**
     * Answers a challenge. A block that cannot be read as a whole is sent empty: the asker finds it damaged.
     *
     * @param tree as it was anchored
     * @param tags the leaves' tags, one after another
     * @throws IOException when the stream fails
     */
    public void prove(
            Challenge challenge, BlockSource blocks, FileKey key, MerkleTree tree, byte[] tags, OutputStream to)
            throws IOException {
        var indexes = challenge.indexes(tree.leaves());
        var out = new DataOutputStream(to);
        for (int index : indexes) {
            out.write(tree.leaf(index));
        }
        out.writeByte(Wire.MERKLE);
        out.writeInt(indexes.size());
        for (int index : indexes) {
            byte[] block = readable(blocks, index);
            out.write(key.salt(index));
            out.write(tags, index * tagBytes, tagBytes);
            out.writeInt(block.length);
            out.write(block);
        }
        out.write(tree.prove(indexes).encoded());
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
     * Checks an answer while it comes in; reads no more than the anchor and the challenge allow.
     *
     * @throws MalformedProofException when the bytes are no such answer
     * @throws IOException when the stream fails
     */
    public Finding verify(Anchor anchor, Challenge challenge, InputStream from)
            throws IOException, MalformedProofException {
        var indexes = challenge.indexes(anchor.leaves());
        var in = new DataInputStream(from);
        try {
            SortedMap<Integer, byte[]> anchored = new TreeMap<>();
            for (int index : indexes) {
                anchored.put(index, exactly(in, Leaves.HASH_BYTES));
            }
            var damaged = opened(anchor, indexes, anchored, in);
            var paths = paths(in, anchor, indexes.size());
            Verdict verdict = MerkleTree.verify(anchor.root(), anchor.leaves(), anchored, paths);
            if (!verdict.accepted()) {
                return Finding.rejected(verdict.reason());
            }
            return damaged.isEmpty() ? Finding.accepted() : Finding.damaged(damaged, indexes.size());
        } catch (EOFException e) {
            throw new MalformedProofException("the proof ends too early");
        }
    }

    /** The blocks whose leaf is another than the anchored one. */
    private SortedSet<Integer> opened(
            Anchor anchor, SortedSet<Integer> indexes, SortedMap<Integer, byte[]> anchored, DataInputStream in)
            throws IOException, MalformedProofException {
        if (in.readByte() != Wire.MERKLE || in.readInt() != indexes.size()) {
            throw new MalformedProofException("not a proof of this mode and challenge");
        }
        SortedSet<Integer> damaged = new TreeSet<>();
        for (int index : indexes) {
            byte[] salt = exactly(in, Leaves.HASH_BYTES);
            byte[] tag = exactly(in, tagBytes);
            int length = in.readInt();
            if (length < 0 || length > anchor.blockSize()) {
                throw new MalformedProofException("block " + index + " has " + length + " bytes");
            }
            byte[] block = exactly(in, length);
            if (length != anchor.lengthOf(index)
                    || !Arrays.equals(MerkleAudit.leaf(anchor.file(), index, salt, block, tag), anchored.get(index))) {
                damaged.add(index);
            }
        }
        return damaged;
    }

    private static MultiProof paths(DataInputStream in, Anchor anchor, int challenged)
            throws IOException, MalformedProofException {
        int levels = Integer.SIZE - Integer.numberOfLeadingZeros(anchor.leaves());
        int most = Math.multiplyExact(Math.min(challenged * levels, anchor.leaves()), Leaves.HASH_BYTES);
        byte[] bytes = in.readNBytes(most + 1);
        if (bytes.length > most || bytes.length % Leaves.HASH_BYTES != 0) {
            throw new MalformedProofException("the paths are too long, or no whole number of hashes");
        }
        return MultiProof.decode(bytes);
    }

    private static byte[] exactly(DataInputStream in, int count) throws IOException {
        byte[] bytes = in.readNBytes(count);
        if (bytes.length < count) {
            throw new EOFException();
        }
        return bytes;
    }
}
