package dev.selvage.metadata;

import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import dev.selvage.model.integrity.AuditState;
import dev.selvage.model.integrity.MetadataApi;
import dev.selvage.model.integrity.MetadataEvent;
import dev.selvage.model.integrity.MetadataFacts.AnswerFact;
import dev.selvage.model.integrity.MetadataFacts.AuditFact;
import dev.selvage.model.integrity.MetadataFacts.EndFact;
import dev.selvage.model.integrity.MetadataFacts.ProofFact;
import dev.selvage.model.integrity.MetadataFacts.Prover;
import dev.selvage.model.integrity.MetadataFacts.RevealFact;
import dev.selvage.model.integrity.MetadataKeys;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;

/** All that stands on the ledger of one audit, and the state that follows from it. */
record AuditRecord(AuditFact audit, AnswerFact answer, RevealFact reveal, ProofFact proof, EndFact end) {
    /**
     * Reads an audit; no further than it has gone.
     *
     * @throws SelvageException AUDIT_UNKNOWN
     */
    static AuditRecord load(Call call, String id) {
        var state = call.state();
        var audit = state.get(MetadataKeys.audit(id), AuditFact.class);
        if (audit == null) {
            throw new SelvageException(ErrorCode.AUDIT_UNKNOWN, "There is no audit " + id + ".");
        }
        var end = state.get(MetadataKeys.auditEnd(id), EndFact.class);
        var answer = state.get(MetadataKeys.auditAnswer(id), AnswerFact.class);
        var reveal = answer == null ? null : state.get(MetadataKeys.auditReveal(id), RevealFact.class);
        var proof = reveal == null ? null : state.get(MetadataKeys.auditProof(id), ProofFact.class);
        return new AuditRecord(audit, answer, reveal, proof, end);
    }

    AuditState state() {
        if (end != null) {
            return end.state();
        }
        if (proof != null) {
            return AuditState.AWAITING_VERDICT;
        }
        if (reveal != null) {
            return AuditState.AWAITING_PROOF;
        }
        return answer == null ? AuditState.AWAITING_ANSWER : AuditState.AWAITING_REVEAL;
    }

    /** Until when the awaited step may come. */
    long deadline() {
        if (proof != null) {
            return reveal.verdictBy();
        }
        if (reveal != null) {
            return reveal.proveBy();
        }
        return answer == null ? audit.answerBy() : answer.revealBy();
    }

    /** When the last step was taken; what follows is not recorded with an earlier time. */
    long latest() {
        if (proof != null) {
            return proof.at();
        }
        if (reveal != null) {
            return reveal.at();
        }
        return answer == null ? audit.at() : answer.at();
    }

    /**
     * Where a step leads.
     *
     * @throws SelvageException AUDIT_ENDED or AUDIT_OUT_OF_STEP
     */
    AuditState next(String step) {
        var from = state();
        return AuditState.TRANSITIONS
                .next(from, step)
                .orElseThrow(() -> from.ended()
                        ? new SelvageException(
                                ErrorCode.AUDIT_ENDED,
                                Map.of("state", from.toString()),
                                "The audit " + audit.id() + " has ended: " + from + ".")
                        : new SelvageException(
                                ErrorCode.AUDIT_OUT_OF_STEP,
                                Map.of("state", from.toString()),
                                "The audit " + audit.id() + " is at " + from + "; \"" + step
                                        + "\" is not its next step."));
    }

    /** Until when a step with that deadline counts, and after which the audit may be expired: clocks differ. */
    static long grace(Call call, long deadline) {
        return deadline + 2 * call.settings().clockSkew();
    }

    /**
     * Refuses a step that comes after its deadline and what clocks may differ: from then on it may be expired, before it may not.
     *
     * @throws SelvageException AUDIT_LATE
     */
    void requireInTime(Call call) {
        requireInTime(call, deadline());
    }

    /** As above, with another deadline than that of the awaited step. */
    static void requireInTime(Call call, long deadline) {
        if (call.at() > grace(call, deadline)) {
            throw new SelvageException(
                    ErrorCode.AUDIT_LATE,
                    Map.of("deadline", Long.toString(deadline)),
                    "The deadline of this step has passed by " + (call.at() - deadline) + " ms.");
        }
    }

    boolean isBuyer(Call call) {
        return call.caller().msp().equals(audit.buyer().msp());
    }

    boolean isProver(Call call) {
        return audit.provers().stream()
                .anyMatch(prover ->
                        prover.matches(call.caller().msp(), call.caller().spki()));
    }

    void requireBuyer(Call call) {
        if (!isBuyer(call)) {
            throw call.notPermitted(
                    "may not take this step: members of " + audit.buyer().msp() + " may.");
        }
    }

    MetadataApi.AuditView view() {
        return new MetadataApi.AuditView(audit, state(), answer, reveal, proof, end);
    }

    /** The organisations that have a part in an audit. */
    static NavigableSet<String> parties(AuditFact audit) {
        NavigableSet<String> msps = new TreeSet<>();
        msps.add(audit.buyer().msp());
        audit.provers().stream().map(Prover::msp).forEach(msps::add);
        return msps;
    }

    /** What the channel is told of an audit that reached a state. */
    static MetadataEvent.Audit told(AuditFact audit, AuditState state, Long by) {
        return new MetadataEvent.Audit(
                audit.id(),
                state,
                audit.data(),
                audit.version(),
                audit.mode(),
                audit.buyer().msp(),
                state == AuditState.AWAITING_ANSWER ? audit.provers() : List.of(),
                by);
    }
}
