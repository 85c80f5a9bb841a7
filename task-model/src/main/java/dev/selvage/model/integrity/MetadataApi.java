package dev.selvage.model.integrity;

import dev.selvage.model.ContractApi;
import dev.selvage.model.Digest;
import dev.selvage.model.integrity.MetadataFacts.Prover;
import dev.selvage.model.integrity.MetadataFacts.Times;
import java.util.List;

/**
 * The functions of the metadata contract with the records of their arguments and answers (docs/metadata.md). Every argument is one JSON text;
 * every answer is JSON. Faults are {@link dev.selvage.model.SelvageException} in wire form.
 */
public final class MetadataApi {
    /** The chaincode's usual name. */
    public static final String CHAINCODE = "metadata";

    // write
    /** {@link NewKey} -> {@link MetadataFacts.KeyFact}. By an admin of the owner. */
    public static final String REGISTER_KEY = "RegisterKey";
    /** {@link KeyRevocation} -> "{}". By an admin of the owner, for good. */
    public static final String REVOKE_KEY = "RevokeKey";
    /** {@link NewAnchor} -> {@link MetadataFacts.AnchorFact}. By a member of the owner; the same again changes nothing. */
    public static final String ANCHOR = "Anchor";
    /** {@link NewProvers} -> {@link MetadataFacts.DataFact}. By a member of the owner. */
    public static final String NAME_PROVERS = "NameProvers";
    /** {@link NewAudit} -> {@link MetadataFacts.AuditFact}. By any member of the channel, which becomes the buyer. */
    public static final String OPEN_AUDIT = "OpenAudit";
    /** {@link Nonce} -> {@link MetadataFacts.AnswerFact}. By a prover. */
    public static final String ANSWER_AUDIT = "AnswerAudit";
    /** {@link Nonce} -> {@link MetadataFacts.RevealFact}. By the buyer's organisation. */
    public static final String REVEAL_AUDIT = "RevealAudit";
    /** {@link NewProof} -> {@link MetadataFacts.ProofFact}. By the signer that answered. */
    public static final String RECORD_PROOF = "RecordProof";
    /** {@link NewVerdict} -> {@link MetadataFacts.EndFact}. By the buyer's organisation. */
    public static final String JUDGE_AUDIT = "JudgeAudit";
    /** {@link Abort} -> {@link MetadataFacts.EndFact}. By the buyer's organisation, the owner's, or a prover. */
    public static final String ABORT_AUDIT = "AbortAudit";
    /** {@link AuditQuery} -> {@link MetadataFacts.EndFact}. By any member, after a deadline. */
    public static final String EXPIRE_AUDIT = "ExpireAudit";

    // read
    /** {@link KeyQuery} -> {@link KeyView}. */
    public static final String GET_KEY = "GetKey";
    /** {@link OwnerQuery} -> {@link ContractApi.Listed} of {@link KeyView}, in order of the digest. */
    public static final String LIST_KEYS = "ListKeys";
    /** {@link AnchorQuery} -> {@link AnchorView}. */
    public static final String GET_ANCHOR = "GetAnchor";
    /** {@link OwnerQuery} -> {@link ContractApi.Listed} of {@link MetadataFacts.DataFact}. */
    public static final String LIST_DATA = "ListData";
    /** {@link DataQuery} -> {@link ContractApi.Listed} of {@link MetadataFacts.AnchorFact}, oldest first. */
    public static final String LIST_ANCHORS = "ListAnchors";
    /** {@link AuditQuery} -> {@link AuditView}. */
    public static final String GET_AUDIT = "GetAudit";
    /** {@link AuditsQuery} -> {@link ContractApi.Listed} of {@link AuditSummary}, oldest first. */
    public static final String LIST_AUDITS = "ListAudits";
    /** {@link OwnerQuery} -> {@link ContractApi.Listed} of {@link AuditView}: open audits in which the organisation has a part. */
    public static final String LIST_OPEN_AUDITS = "ListOpenAudits";
    /** {@link ContractApi.KeyQuery} -> list of {@link ContractApi.Change}, newest first. */
    public static final String GET_HISTORY = "GetHistory";

    // bounds
    public static final int NONCE_BYTES = 32;
    /** The most blocks that an audit challenges. */
    public static final int CHALLENGED = 65_536;
    /** The most provers that an owner names. */
    public static final int PROVERS = 8;
    /** The shortest time that a step may have, in milliseconds. */
    public static final long SHORTEST_STEP = 1_000;
    /** The longest time that a step may have: 30 days, in milliseconds. */
    public static final long LONGEST_STEP = 30L * 24 * 3600 * 1000;
    /** What an audit has when it does not say: ten minutes a step. */
    public static final Times TIMES = new Times(600_000, 600_000, 600_000, 600_000);

    private MetadataApi() {}

    /**
     * A key of the caller's organisation.
     *
     * @param publicKey compressed point of G2, 96 bytes
     * @param possession compressed point of G1, 48 bytes: made for this key and this organisation
     */
    public record NewKey(byte[] publicKey, byte[] possession) {}

    public record KeyRevocation(Digest key, String reason) {}

    /**
     * A version of a data set of the caller's organisation.
     *
     * @param version 1 for a new name, else one more than the newest
     * @param leaves number of blocks: what length and blockSize make it
     * @param root R, or R1 of the paper mode
     * @param root2 R2; in the paper mode only
     * @param key digest of a registered key of the owner; in the sectored and the paper mode only
     * @param content by which digest the bytes are fetched; null where not said
     * @param expires when the promise ends, later than now; null for never
     */
    public record NewAnchor(
            String name,
            int version,
            AuditMode mode,
            int leaves,
            long length,
            int blockSize,
            Digest root,
            Digest root2,
            Digest key,
            Digest content,
            Long expires) {}

    /** Who may prove beside the owner, from now on; replaces those named before. Audits that are open keep theirs. */
    public record NewProvers(String name, List<Prover> provers) {
        public NewProvers {
            provers = provers == null ? List.of() : List.copyOf(provers);
        }
    }

    /**
     * An audit.
     *
     * @param version the newest one
     * @param count of challenged blocks, at most the anchor's leaves
     * @param commitment to the buyer's number: SHA-256 over it and the anchor and the count
     * @param prover the one that is asked, {@code MSP} or {@code MSP/node}; null for whoever may
     * @param times null for {@link MetadataApi#TIMES}
     * @param task for which task; null for none
     */
    public record NewAudit(
            DataName data,
            int version,
            AuditMode mode,
            int count,
            Digest commitment,
            String prover,
            Times times,
            String task) {}

    /** A party's number of 32 bytes. */
    public record Nonce(String audit, byte[] nonce) {}

    /**
     * A proof that is ready for the buyer.
     *
     * @param proof SHA-256 of its bytes
     */
    public record NewProof(String audit, Digest proof, long size) {}

    /**
     * What the buyer found.
     *
     * @param reason why it was rejected; null when accepted
     * @param block the first damaged block, where one can be named
     * @param proof SHA-256 of the proof's bytes; null only for a rejection where none was handed over
     * @param size of the proof in bytes; null without a proof
     */
    public record NewVerdict(String audit, boolean accepted, String reason, Integer block, Digest proof, Long size) {}

    public record Abort(String audit, String reason) {}

    public record KeyQuery(String msp, Digest key) {}

    /** What belongs to an organisation; null for the caller's own. */
    public record OwnerQuery(String msp, ContractApi.Page page) {}

    /**
     * Which version is wanted.
     *
     * @param version null for the newest
     */
    public record AnchorQuery(DataName data, Integer version) {}

    public record DataQuery(DataName data, ContractApi.Page page) {}

    public record AuditQuery(String audit) {}

    /** Audits of a data set, or (where that is null) those that an organisation has opened; one of the two. */
    public record AuditsQuery(DataName data, String buyer, ContractApi.Page page) {}

    /**
     * A key with what has become of it.
     *
     * @param revoked null while the key is good
     */
    public record KeyView(MetadataFacts.KeyFact key, MetadataFacts.KeyRevocationFact revoked) {}

    /**
     * An anchor with what has become of it.
     *
     * @param newest whether no later version is anchored
     * @param keyRevoked null while its key is good, or where it has none
     */
    public record AnchorView(
            MetadataFacts.AnchorFact anchor,
            boolean newest,
            List<Prover> provers,
            MetadataFacts.KeyRevocationFact keyRevoked) {
        public AnchorView {
            provers = provers == null ? List.of() : List.copyOf(provers);
        }
    }

    /** An audit with all that is recorded of it; what has not happened is null. */
    public record AuditView(
            MetadataFacts.AuditFact audit,
            AuditState state,
            MetadataFacts.AnswerFact answer,
            MetadataFacts.RevealFact reveal,
            MetadataFacts.ProofFact proof,
            MetadataFacts.EndFact end) {}

    public record AuditSummary(
            String audit,
            DataName data,
            int version,
            AuditMode mode,
            int count,
            String buyer,
            AuditState state,
            String reason,
            long at) {}
}
