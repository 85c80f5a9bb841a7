package dev.selvage.agent.audit;

import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import dev.selvage.model.integrity.AuditMode;
import dev.selvage.model.integrity.MetadataFacts.AuditFact;
import dev.selvage.model.integrity.MetadataFacts.Times;
import dev.selvage.proofs.Anchor;
import java.time.Duration;
import java.util.Map;

/** How long the steps of an audit may take. The buyer's node proposes it; the prover's answers no audit that gives it too little. */
final class AuditTimes {
    /** For a step that is a transaction. */
    static final Duration STEP = Duration.ofSeconds(60);

    private static final Duration VERDICT = Duration.ofMinutes(10);
    /** At which a proof is expected to come at least. */
    static final long SLOWEST_BYTES_PER_SECOND = 256 * 1024;
    /** What a prover can do at least. */
    private static final long PROVER_BYTES_PER_SECOND = 1024 * 1024;

    private static final Duration PROVER_STARTS = Duration.ofSeconds(5);
    /** Of a block in the paper mode, whose proof has something of each. */
    private static final int PAPER_BYTES = 80;

    private final Duration step;

    /** @param step for a step that is a transaction */
    AuditTimes(Duration step) {
        this.step = step;
    }

    /** What the buyer's node gives. */
    Times given(AuditMode mode, Anchor anchor, int count) {
        long transfer = bytes(mode, anchor, count) * 1000 / SLOWEST_BYTES_PER_SECOND;
        long prove = 2 * step.toMillis() + transfer; // one for the reveal, which may bear an earlier time than it has
        return new Times(step.toMillis(), step.toMillis(), prove, VERDICT.toMillis());
    }

    /**
     * Holds that an audit leaves a prover the time for its proof, even if the reveal is committed at the last moment and bears the earliest time that it can
     * have: that of the answer.
     *
     * @throws SelvageException AUDIT_TIME_SHORT
     */
    static void requireEnough(AuditFact audit, Anchor anchor) {
        long least = audit.times().reveal()
                + PROVER_STARTS.toMillis()
                + bytes(audit.mode(), anchor, audit.count()) * 1000 / PROVER_BYTES_PER_SECOND;
        if (audit.times().prove() < least) {
            throw new SelvageException(
                    ErrorCode.AUDIT_TIME_SHORT,
                    Map.of("prove", Long.toString(least)),
                    "The audit " + audit.id() + " gives " + audit.times().prove()
                            + " ms for the proof; this node answers from " + least + " ms on, with "
                            + audit.times().reveal() + " ms for the reveal.");
        }
    }

    private static long bytes(AuditMode mode, Anchor anchor, int count) {
        return (long) count * anchor.blockSize() + (mode == AuditMode.PAPER ? (long) anchor.leaves() * PAPER_BYTES : 0);
    }
}
