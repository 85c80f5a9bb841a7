package dev.selvage.integrity.audit;

import dev.selvage.integrity.pairing.InvalidPointException;
import dev.selvage.integrity.pairing.Pairing;
import dev.selvage.proofs.Anchor;
import dev.selvage.proofs.Leaves;
import dev.selvage.proofs.Sha256;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The paper mode as it travels: all leaves of both trees, then Delta. It proves no possession (docs/integrity.md). */
public final class PaperStream {
    private final Pairing pairing;
    private final PaperAudit audit;

    public PaperStream(Pairing pairing) {
        this.pairing = pairing;
        this.audit = new PaperAudit(pairing);
    }

    /**
     * Answers a challenge; a block that cannot be read counts as zeros.
     *
     * @param hashes of all blocks, 32 bytes each, one after another
     * @param tags of all blocks, 48 bytes each
     * @throws IOException when the stream fails
     */
    public void prove(
            Anchor anchor, Challenge challenge, BlockSource blocks, byte[] hashes, byte[] tags, OutputStream to)
            throws IOException {
        var readable = Damage.readable(anchor, blocks);
        var weights = PaperAudit.weights(challenge, anchor.leaves());
        var named = new Damage();
        for (int index : weights.keySet()) {
            int from = index * Leaves.HASH_BYTES;
            byte[] hash = Sha256.of(readable.block(index));
            if (!Arrays.equals(hash, 0, hash.length, hashes, from, from + Leaves.HASH_BYTES)) {
                named.add(index);
            }
        }
        var out = new DataOutputStream(to);
        named.write(out);
        out.writeByte(Wire.PAPER);
        out.write(hashes);
        out.write(tags);
        out.write(audit.delta(readable, weights).compressed());
        out.flush();
    }

    /**
     * Checks an answer; reads exactly what the anchor says.
     *
     * @param root2 R2
     * @param publicKey v, compressed
     * @throws MalformedProofException when the bytes are no such answer
     * @throws IOException when the stream fails
     */
    public Finding verify(Anchor anchor, byte[] root2, byte[] publicKey, Challenge challenge, InputStream from)
            throws IOException, MalformedProofException {
        var weights = PaperAudit.weights(challenge, anchor.leaves());
        var named = Damage.read(from, challenge.indexes(anchor.leaves()));
        if (from.read() != Wire.PAPER) {
            throw new MalformedProofException("not a proof of this mode");
        }
        List<byte[]> hashes = new ArrayList<>();
        List<Pairing.G1> tags = new ArrayList<>();
        for (int i = 0; i < anchor.leaves(); i++) {
            hashes.add(ProofInput.exactly(from, Leaves.HASH_BYTES));
        }
        for (int i = 0; i < anchor.leaves(); i++) {
            tags.add(point(ProofInput.exactly(from, Pairing.G1_BYTES)));
        }
        var proof = new PaperAudit.Proof(hashes, tags, point(ProofInput.exactly(from, Pairing.G1_BYTES)));
        if (from.read() >= 0) {
            throw new MalformedProofException("the proof is too long");
        }
        var published = new PaperAudit.Published(Damage.key(pairing, publicKey), anchor.root(), root2);
        return named.finding(audit.verify(published, weights, proof), weights.size());
    }

    private Pairing.G1 point(byte[] compressed) throws MalformedProofException {
        try {
            return pairing.g1(compressed);
        } catch (InvalidPointException e) {
            throw new MalformedProofException(e.getMessage());
        }
    }
}
