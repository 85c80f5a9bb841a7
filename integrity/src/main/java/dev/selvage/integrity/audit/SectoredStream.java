package dev.selvage.integrity.audit;

import dev.selvage.integrity.pairing.Pairing;
import dev.selvage.proofs.Anchor;
import dev.selvage.proofs.Leaves;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.SecureRandom;
import java.util.Arrays;

/**
 * The sectored mode as it travels: before the proof of {@link SectoredAudit} an honest prover names the challenged blocks that it finds damaged
 * itself, since the tags only tell that some block is.
 */
public final class SectoredStream {
    private final Pairing pairing;
    private final SectoredAudit audit;

    /** @param blockSize bytes of a whole block of the file */
    public SectoredStream(Pairing pairing, int blockSize) {
        this.pairing = pairing;
        this.audit = new SectoredAudit(pairing, blockSize);
    }

    /**
     * Answers a challenge; a block that cannot be read counts as zeros.
     *
     * @param publicKey of the owner, compressed
     * @param random draws the masks
     * @throws IOException when the stream fails
     */
    public void prove(
            Anchor anchor,
            Challenge challenge,
            byte[] publicKey,
            BlockSource blocks,
            FileKey fileKey,
            SectoredAudit.Setup setup,
            SecureRandom random,
            OutputStream to)
            throws IOException {
        var named = new Damage();
        var readable = Damage.readable(anchor, blocks);
        for (int index : challenge.indexes(anchor.leaves())) {
            byte[] hash = Leaves.blockDigest(fileKey.salt(index)).digest(readable.block(index));
            if (!Arrays.equals(hash, setup.hashes().get(index))) {
                named.add(index);
            }
        }
        var out = new DataOutputStream(to);
        named.write(out);
        out.write(audit.prove(anchor, challenge, Damage.key(pairing, publicKey), readable, fileKey, setup, random)
                .encoded());
        out.flush();
    }

    /**
     * Checks an answer; reads no more than anchor and challenge allow.
     *
     * @param publicKey of the owner, compressed, from the ledger
     * @throws MalformedProofException when the bytes are no such answer
     * @throws IOException when the stream fails
     */
    public Finding verify(Anchor anchor, Challenge challenge, byte[] publicKey, InputStream from)
            throws IOException, MalformedProofException {
        var indexes = challenge.indexes(anchor.leaves());
        var named = Damage.read(from, indexes);
        byte[] bytes = from.readNBytes(largest(anchor, indexes.size()));
        if (from.read() >= 0) {
            throw new MalformedProofException("the proof is too long");
        }
        var proof = SectoredAudit.Proof.decode(bytes, anchor, challenge);
        var verdict = audit.verify(anchor, challenge, Damage.key(pairing, publicKey), proof);
        return named.finding(verdict, indexes.size());
    }

    private int largest(Anchor anchor, int challenged) {
        int levels = Integer.SIZE - Integer.numberOfLeadingZeros(anchor.leaves());
        return 1
                + 4
                + challenged * (Leaves.HASH_BYTES + Pairing.G1_BYTES)
                + Pairing.G1_BYTES
                + 4
                + (audit.sectorsPerBlock() + 1) * 32
                + Math.multiplyExact(Math.min(challenged * levels, anchor.leaves()), Leaves.HASH_BYTES);
    }
}
