package dev.selvage.agent.audit;

import dev.selvage.model.NodeId;
import dev.selvage.model.integrity.AuditMode;
import dev.selvage.model.integrity.DataName;
import java.util.List;

/**
 * An audit that came to its verdict, or to none since no proof came after the challenge was known; all of it but the figures of this run can be read from the ledger again.
 *
 * @param audit its id on the metadata contract
 * @param holder the node that proved
 * @param blocks of the file
 * @param challenged so many of them
 * @param detect what was aimed at, such as {@code 99%:1%}
 * @param reason why it was rejected; empty when accepted
 * @param damaged challenged blocks that are not what is anchored, in order; at most {@value #DAMAGED}
 * @param damagedBlocks how many there were
 * @param proofBytes that the prover sent
 * @param millis from the opening to the recorded verdict
 * @param txid of the transaction that recorded the verdict; null where no proof came and the audit is left to expire
 */
public record AuditReport(
        String audit,
        DataName data,
        int version,
        AuditMode mode,
        NodeId holder,
        int blocks,
        int blockSize,
        int challenged,
        String detect,
        boolean accepted,
        String reason,
        List<Integer> damaged,
        int damagedBlocks,
        long proofBytes,
        long millis,
        String txid) {
    /** The most damaged blocks that a report lists. */
    public static final int DAMAGED = 1_000;

    public AuditReport {
        reason = reason == null ? "" : reason;
        damaged = damaged == null ? List.of() : List.copyOf(damaged);
    }

    /** One sentence for a person. */
    public String sentence() {
        return accepted
                ? data + " version " + version + " is intact: " + challenged + " of " + blocks + " blocks were proven"
                : data + " version " + version + (txid == null ? " is not proven: " : " is not intact: ") + reason;
    }
}
