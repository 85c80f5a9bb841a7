package dev.selvage.metadata;

import dev.selvage.integrity.audit.OnLedger;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import dev.selvage.model.integrity.AuditState;
import dev.selvage.model.integrity.MetadataApi;
import dev.selvage.model.integrity.MetadataFacts.AnswerFact;
import dev.selvage.model.integrity.MetadataFacts.ProofFact;
import dev.selvage.model.integrity.MetadataFacts.RevealFact;
import dev.selvage.model.integrity.MetadataKeys;
import java.util.Arrays;

/** From the prover's number to its proof. A step taken before with the same content is answered with what stands there. */
final class Steps {
    private Steps() {}

    /** The prover's number, given while the buyer's is bound but unknown. */
    static AnswerFact answer(Call call, MetadataApi.Nonce request) {
        byte[] nonce = Given.bytes("A number", request.nonce(), MetadataApi.NONCE_BYTES);
        var record = AuditRecord.load(call, request.audit());
        if (!record.isProver(call)) {
            throw call.notPermitted(
                    "may not answer this audit; these may: " + record.audit().provers() + ".");
        }
        if (record.isBuyer(call)) {
            throw call.notPermitted("opened this audit and may not answer it as well.");
        }
        if (record.answer() != null) {
            if (Arrays.equals(record.answer().nonce(), nonce)) {
                return record.answer();
            }
            throw new SelvageException(
                    ErrorCode.AUDIT_MISMATCH,
                    "Another number was given by " + record.answer().by() + ".");
        }
        var state = record.next("answer");
        record.requireInTime(call);
        long at = Math.max(call.at(), record.latest());
        var fact = new AnswerFact(
                request.audit(),
                nonce,
                call.caller().party(),
                call.caller().spki(),
                at + record.audit().times().reveal(),
                at,
                call.txid());
        call.state().put(MetadataKeys.auditAnswer(request.audit()), fact);
        call.tell(AuditRecord.told(record.audit(), state, fact.revealBy()));
        return fact;
    }

    /** The buyer's number, which must fit its commitment; with it the challenge is known to all. */
    static RevealFact reveal(Call call, MetadataApi.Nonce request) {
        byte[] nonce = Given.bytes("A number", request.nonce(), MetadataApi.NONCE_BYTES);
        var record = AuditRecord.load(call, request.audit());
        record.requireBuyer(call);
        if (record.reveal() != null) {
            if (Arrays.equals(record.reveal().nonce(), nonce)) {
                return record.reveal();
            }
            throw new SelvageException(ErrorCode.AUDIT_MISMATCH, "Another number was revealed.");
        }
        var state = record.next("reveal");
        record.requireInTime(call);
        var audit = record.audit();
        var anchor = Anchors.version(call, audit.data(), audit.version());
        if (!OnLedger.commitment(anchor, audit.count(), nonce).equals(audit.commitment())) {
            throw new SelvageException(
                    ErrorCode.AUDIT_MISMATCH,
                    "The number is not the one that was committed to when the audit was opened.");
        }
        long at = Math.max(call.at(), record.latest());
        long proveBy = at + audit.times().prove();
        var fact = new RevealFact(
                audit.id(),
                nonce,
                OnLedger.seed(
                        call.channel(), anchor, audit, nonce, record.answer().nonce()),
                call.caller().party(),
                proveBy,
                proveBy + audit.times().verdict(),
                at,
                call.txid());
        call.state().put(MetadataKeys.auditReveal(audit.id()), fact);
        call.tell(AuditRecord.told(audit, state, fact.proveBy()));
        return fact;
    }

    /**
     * That the prover had a proof in time. Where a transfer broke the buyer asks again, and a proof with masks is another one then: the last that came in time
     * counts.
     */
    static ProofFact proof(Call call, MetadataApi.NewProof request) {
        Given.present("The proof's digest", request.proof());
        Given.require(request.size() > 0, "A proof has bytes.");
        var record = AuditRecord.load(call, request.audit());
        if (record.answer() != null
                && !record.answer().spki().equals(call.caller().spki())) {
            throw call.notPermitted("may not record a proof: " + record.answer().by() + " answered this audit.");
        }
        if (record.proof() != null && record.proof().proof().equals(request.proof())) {
            return record.proof();
        }
        boolean again = record.state() == AuditState.AWAITING_VERDICT;
        var state = again ? AuditState.AWAITING_VERDICT : record.next("proof");
        AuditRecord.requireInTime(call, record.reveal().proveBy());
        var fact = new ProofFact(
                request.audit(),
                request.proof(),
                request.size(),
                call.caller().party(),
                Math.max(call.at(), record.latest()),
                call.txid());
        call.state().put(MetadataKeys.auditProof(request.audit()), fact);
        call.tell(AuditRecord.told(record.audit(), state, record.reveal().verdictBy()));
        return fact;
    }
}
