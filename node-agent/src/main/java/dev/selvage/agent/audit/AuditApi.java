package dev.selvage.agent.audit;

import com.fasterxml.jackson.databind.JsonNode;
import dev.selvage.integrity.tuning.HashDecision;
import dev.selvage.integrity.tuning.HashWish;
import dev.selvage.model.Digest;
import dev.selvage.model.integrity.AuditMode;
import dev.selvage.model.integrity.DataName;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The functions of a node's control service about anchors and audits, with the records of their arguments and answers. What takes long is a job:
 * its beginning answers with a {@link JobView}, and {@link #JOB} tells how far it is.
 */
public final class AuditApi {
    /** {@link JobId} -> {@link JobView}. */
    public static final String JOB = "Job";
    /** {@link AuditOrder} -> {@link JobView}, whose answer is an {@link AuditReport}. */
    public static final String AUDIT = "Audit";

    /** {@link dev.selvage.agent.control.ControlApi.Nothing} -> list of {@link KitView}: what this node can prove. */
    public static final String KITS = "Kits";

    // for admins
    /** {@link AnchorOrder} -> {@link JobView}, whose answer is an {@link AnchorReport}. */
    public static final String ANCHOR = "Anchor";
    /** {@link VerifyOrder} -> {@link JobView}, whose answer is a {@link VerifyReport}. */
    public static final String VERIFY = "Verify";

    /** {@link dev.selvage.agent.control.ControlApi.Nothing} -> {@link OwnerKeyView}: the key with which the node makes tags. */
    public static final String OWNER_KEY = "OwnerKey";

    /** {@link HoldOrder} -> {@link JobView}, whose answer is a {@link HoldReport}: this node proves for the owner from now on. */
    public static final String HOLD = "Hold";

    /** Which functions are for admins. */
    public static final Set<String> CHANGES = Set.of(ANCHOR, VERIFY, OWNER_KEY, HOLD);

    private AuditApi() {}

    public record JobId(String job) {}

    /**
     * Work that takes its time.
     *
     * @param state RUNNING, DONE or FAILED
     * @param phase what is being done, for a person
     * @param done bytes of this phase
     * @param total bytes of this phase; 0 where it is not measured in bytes
     * @param answer when DONE
     * @param code of the fault when FAILED
     * @param parameters of the fault
     * @param sentence of the fault
     */
    public record JobView(
            String job,
            String state,
            String phase,
            long done,
            long total,
            JsonNode answer,
            String code,
            Map<String, String> parameters,
            String sentence) {
        public static final String RUNNING = "RUNNING";
        public static final String DONE = "DONE";
        public static final String FAILED = "FAILED";

        public JobView {
            parameters = parameters == null ? Map.of() : Map.copyOf(parameters);
        }
    }

    /**
     * A key of the node's organisation, as its admin registers it on the metadata contract; a new one where the last was revoked.
     *
     * @param key digest of the public key
     * @param publicKey compressed, 96 bytes
     * @param possession that its holder asks, compressed, 48 bytes
     * @param registered whether it stands on the ledger already
     */
    @SuppressWarnings("ArrayRecordComponent")
    public record OwnerKeyView(Digest key, byte[] publicKey, byte[] possession, boolean registered) {}

    /**
     * A data set to anchor.
     *
     * @param mode null for merkle
     * @param expires when the owner's promise ends, in milliseconds since 1970 UTC; null for never
     * @param hashing what is taken instead of the measured; null for nothing
     * @param freshKey whether the version gets a secret of its own, so that nothing of the version before is used again
     */
    public record AnchorOrder(String data, AuditMode mode, Long expires, HashWish hashing, boolean freshKey) {}

    /**
     * What stands on the ledger now.
     *
     * @param fresh whether this made a new version; else the bytes are still those of the newest one
     * @param anew blocks that are not those of the version before, and were signed anew where the mode has tags; of a file whose hashes are kept in groups all
     *     blocks of a changed group count
     * @param hashing what hashed the anchored version and why; null where the node did not record it
     * @param hashed bytes per second, end to end
     */
    public record AnchorReport(
            DataName data,
            int version,
            AuditMode mode,
            int blocks,
            int blockSize,
            long length,
            Digest root,
            boolean fresh,
            int anew,
            HashDecision hashing,
            long millis,
            long hashed,
            String txid) {}

    /**
     * An audit that is wanted.
     *
     * @param holder {@code MSP/node}; null for the owner's own node
     * @param detect such as {@code 99%:1%}
     * @param mode null for that of the anchor
     */
    public record AuditOrder(DataName data, String holder, String detect, AuditMode mode) {}

    /**
     * A file to compare with the newest anchored version.
     *
     * @param path of a file on the node's machine, absolute
     * @param holder who is asked for what compares; null for the owner's own node
     * @param hashing what is taken instead of the measured; null for nothing
     */
    public record VerifyOrder(DataName data, String path, String holder, HashWish hashing) {}

    /**
     * A whole file compared with its anchor.
     *
     * @param same whether it is what is anchored, byte for byte
     * @param length of the file here
     * @param anchored its length on the ledger
     * @param differing blocks that differ, in order; at most {@link AuditReport#DAMAGED}
     * @param differingBlocks how many there are
     * @param group so many blocks are compared together: where it is more than one, all blocks of a group that differs are listed
     * @param hashing what hashed the file here and why
     */
    public record VerifyReport(
            DataName data,
            int version,
            boolean same,
            int blocks,
            int blockSize,
            long length,
            long anchored,
            List<Integer> differing,
            int differingBlocks,
            int group,
            HashDecision hashing,
            long millis) {
        public VerifyReport {
            differing = differing == null ? List.of() : List.copyOf(differing);
        }
    }

    /**
     * Data that this node holds for its owner.
     *
     * @param local this node's name of it
     * @param hashing what is taken instead of the measured; null for nothing
     */
    public record HoldOrder(DataName data, String local, HashWish hashing) {}

    /** What this node can prove now. */
    public record HoldReport(DataName data, int version, String local) {}

    /**
     * A version that this node can prove.
     *
     * @param local this node's name of the data set
     * @param hashing what hashed it and why; null where the node did not record it
     */
    public record KitView(
            String local,
            DataName data,
            int version,
            AuditMode mode,
            int blocks,
            int blockSize,
            long length,
            Digest root,
            HashDecision hashing) {}
}
