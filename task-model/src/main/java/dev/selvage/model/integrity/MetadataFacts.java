package dev.selvage.model.integrity;

import dev.selvage.model.Digest;
import dev.selvage.model.Facts;
import java.util.List;

/**
 * The values under the metadata contract's keys. Times are the transaction's, in milliseconds since 1970 UTC; txid is the transaction that
 * wrote the fact. Bytes are base64 in JSON.
 */
public final class MetadataFacts {
    private MetadataFacts() {}

    /**
     * {@code key/{msp}/{digest}}: a public key whose owner has proven to the contract that it holds the secret.
     *
     * @param key SHA-256 of the compressed point
     * @param publicKey v = g2^alpha, the compressed point of G2, 96 bytes
     * @param possession the proof, a compressed point of G1, 48 bytes
     */
    public record KeyFact(
            String msp, Digest key, byte[] publicKey, byte[] possession, Facts.Party by, long at, String txid) {}

    /** {@code keyRevoked/{msp}/{digest}}: nothing is anchored or audited under this key again. */
    public record KeyRevocationFact(String msp, Digest key, String reason, Facts.Party by, long at, String txid) {}

    /**
     * {@code data/{msp}/{name}}: the one value that changes; its history is on the ledger.
     *
     * @param version the newest anchored one
     * @param provers who may prove beside the owner
     */
    public record DataFact(DataName data, int version, List<Prover> provers, Facts.Party by, long at, String txid) {
        public DataFact {
            provers = provers == null ? List.of() : List.copyOf(provers);
        }
    }

    /**
     * Who may prove.
     *
     * @param msp the organisation
     * @param node a name for people; null where any member of the organisation may
     * @param spki digest of the key by which the node signs; null where any member of the organisation may
     */
    public record Prover(String msp, String node, Digest spki) {
        /** Whether a signer is this prover. */
        public boolean matches(String signerMsp, Digest signerSpki) {
            return msp.equals(signerMsp) && (spki == null || spki.equals(signerSpki));
        }

        @Override
        public String toString() {
            return node == null ? msp : msp + "/" + node;
        }
    }

    /**
     * {@code anchor/{msp}/{name}/{version}}: {fid, ver, n, len, s, R, v}, and in the paper mode {g, v, R1, R2}.
     *
     * @param file what names the file in its leaves, {@link DataName#file}
     * @param leaves number of blocks, n
     * @param length of the file in bytes
     * @param sectors of a block, s; 0 but in the sectored mode
     * @param root R, or R1 of the paper mode
     * @param root2 R2 of the paper mode; null in the others
     * @param generator g, the compressed generator of G2, in the paper mode; null in the others
     * @param key which key of the owner the tags are made with; null in the merkle mode
     * @param publicKey v, the key's 96 bytes; null in the merkle mode
     * @param content by which digest the file's bytes are fetched; null where the owner does not say
     * @param expires when the owner's promise ends; null for never
     */
    public record AnchorFact(
            DataName data,
            int version,
            AuditMode mode,
            Digest file,
            int leaves,
            long length,
            int blockSize,
            int sectors,
            Digest root,
            Digest root2,
            byte[] generator,
            Digest key,
            byte[] publicKey,
            Digest content,
            Long expires,
            Facts.Party by,
            long at,
            String txid) {}

    /**
     * {@code audit/{id}}; id is the first 32 hexadecimal digits of the transaction that opened it.
     *
     * @param count of challenged blocks
     * @param anchor digest of the anchor, as commitment and seed take it in
     * @param sectors as the seed takes it in: the anchor's in the sectored mode, else 0
     * @param commitment of the buyer to its number
     * @param provers who may answer
     * @param answerBy until when
     * @param task for which task the audit is made; null for none
     */
    public record AuditFact(
            String id,
            DataName data,
            int version,
            AuditMode mode,
            int count,
            Digest anchor,
            int sectors,
            Facts.Party buyer,
            Digest commitment,
            List<Prover> provers,
            Times times,
            long answerBy,
            String task,
            long at,
            String txid) {
        public AuditFact {
            provers = List.copyOf(provers);
        }
    }

    /**
     * How long each step may take, in milliseconds.
     *
     * @param answer from the opening until a prover's number
     * @param reveal from there until the buyer's number
     * @param prove from there until the proof is handed over
     * @param verdict from there until the verdict
     */
    public record Times(long answer, long reveal, long prove, long verdict) {}

    /**
     * {@code auditAnswer/{id}}.
     *
     * @param nonce the prover's number k_s, 32 bytes
     */
    public record AnswerFact(
            String audit, byte[] nonce, Facts.Party by, Digest spki, long revealBy, long at, String txid) {}

    /**
     * {@code auditReveal/{id}}.
     *
     * @param nonce the buyer's number k_b, 32 bytes, checked against its commitment
     * @param seed of the challenge, computed by the contract
     */
    public record RevealFact(
            String audit,
            byte[] nonce,
            Digest seed,
            Facts.Party by,
            long proveBy,
            long verdictBy,
            long at,
            String txid) {}

    /** {@code auditProof/{id}}: that the prover had a proof in time, whatever the buyer says. */
    public record ProofFact(String audit, Digest proof, long size, Facts.Party by, long at, String txid) {}

    /**
     * {@code auditEnd/{id}}: written once, by whoever comes first.
     *
     * @param state the last state
     * @param from the state in which it ended: an abort after the reveal says more than one before
     * @param reason of a verdict or an abort, for people
     * @param block the first damaged block, where the verdict names one
     * @param proof digest of the proof that the verdict judges
     * @param size of that proof in bytes
     */
    public record EndFact(
            String audit,
            AuditState state,
            AuditState from,
            String reason,
            Integer block,
            Digest proof,
            Long size,
            Facts.Party by,
            long at,
            String txid) {}

    /** {@code auditOf/...}, {@code auditBy/...}, {@code auditTodo/...}. */
    public record AuditEntry(String audit, DataName data, int version, long at) {}
}
