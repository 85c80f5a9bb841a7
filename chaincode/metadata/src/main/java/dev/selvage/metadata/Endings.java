package dev.selvage.metadata;

import dev.selvage.model.Digest;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import dev.selvage.model.integrity.AuditState;
import dev.selvage.model.integrity.MetadataApi;
import dev.selvage.model.integrity.MetadataFacts.EndFact;
import dev.selvage.model.integrity.MetadataKeys;
import java.util.Map;
import java.util.Objects;

/** How an audit ends: by the buyer's verdict, by an abort, or because a step did not come. Exactly one of them is recorded. */
final class Endings {
    private Endings() {}

    /** The buyer's verdict. */
    static EndFact judge(Call call, MetadataApi.NewVerdict request) {
        requireForm(request);
        var record = AuditRecord.load(call, request.audit());
        record.requireBuyer(call);
        var verdict = request.accepted() ? AuditState.ACCEPTED : AuditState.REJECTED;
        var end = record.end();
        if (end != null
                && end.state() == verdict
                && Objects.equals(end.proof(), request.proof())
                && Objects.equals(end.reason(), request.reason())) {
            return end;
        }
        record.next(request.accepted() ? "accept" : "reject");
        var recorded = record.proof();
        if (request.accepted()
                && recorded != null
                && !(recorded.proof().equals(request.proof()) && request.size() == recorded.size())) {
            throw new SelvageException(
                    ErrorCode.AUDIT_MISMATCH, "The accepted proof is not the one that the prover recorded.");
        }
        return end(call, record, verdict, request.reason(), request.block(), request.proof(), request.size());
    }

    private static void requireForm(MetadataApi.NewVerdict request) {
        if (request.accepted()) {
            Given.require(
                    request.reason() == null && request.block() == null, "Nothing is said against what was accepted.");
            Given.present("The digest of the accepted proof", request.proof());
        } else {
            Given.reason(request.reason());
            Given.require(request.block() == null || request.block() >= 0, "A block's index is from 0.");
        }
        Given.require(
                (request.proof() == null) == (request.size() == null),
                "A proof has its digest and its size, or neither.");
        Given.require(request.size() == null || request.size() >= 0, "A size is not negative.");
    }

    /**
     * Ends an audit before its verdict. After the reveal only the buyer may: a prover that dislikes the challenged blocks must not be able to choose
     * that there is no verdict.
     */
    static EndFact abort(Call call, MetadataApi.Abort request) {
        String reason = Given.reason(request.reason());
        var record = AuditRecord.load(call, request.audit());
        String msp = call.caller().msp();
        if (!record.isBuyer(call)
                && !record.isProver(call)
                && !msp.equals(record.audit().data().owner())) {
            throw call.notPermitted("has no part in this audit.");
        }
        if (record.reveal() != null && !record.isBuyer(call)) {
            throw call.notPermitted("may not abort an audit whose challenge is known: members of "
                    + record.audit().buyer().msp() + " may.");
        }
        var end = record.end();
        if (end != null
                && end.state() == AuditState.ABORTED
                && end.by().msp().equals(msp)
                && reason.equals(end.reason())) {
            return end;
        }
        return end(call, record, record.next("abort"), reason, null, null, null);
    }

    /** Ends an audit whose awaited step did not come; one that has ended stays as it is. */
    static EndFact expire(Call call, MetadataApi.AuditQuery request) {
        var record = AuditRecord.load(call, request.audit());
        if (record.end() != null) {
            return record.end();
        }
        long from = AuditRecord.grace(call, record.deadline());
        if (call.at() <= from) {
            throw new SelvageException(
                    ErrorCode.NOT_YET_EXPIRED,
                    Map.of("from", Long.toString(from)),
                    "The audit waits at " + record.state() + " for another " + (from - call.at()) + " ms.");
        }
        return end(call, record, record.next("expire"), null, null, null, null);
    }

    private static EndFact end(
            Call call, AuditRecord record, AuditState state, String reason, Integer block, Digest proof, Long size) {
        var audit = record.audit();
        var fact = new EndFact(
                audit.id(),
                state,
                record.state(),
                reason,
                block,
                proof,
                size,
                call.caller().party(),
                Math.max(call.at(), record.latest()),
                call.txid());
        call.state().put(MetadataKeys.auditEnd(audit.id()), fact);
        AuditRecord.parties(audit).forEach(msp -> call.state().delete(MetadataKeys.auditTodo(msp, audit.id())));
        call.tell(AuditRecord.told(audit, state, null));
        return fact;
    }
}
