package dev.selvage.metadata;

import dev.selvage.integrity.audit.OnLedger;
import dev.selvage.model.Digest;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.Names;
import dev.selvage.model.SelvageException;
import dev.selvage.model.integrity.AuditMode;
import dev.selvage.model.integrity.AuditState;
import dev.selvage.model.integrity.MetadataApi;
import dev.selvage.model.integrity.MetadataFacts.AnchorFact;
import dev.selvage.model.integrity.MetadataFacts.AuditEntry;
import dev.selvage.model.integrity.MetadataFacts.AuditFact;
import dev.selvage.model.integrity.MetadataFacts.DataFact;
import dev.selvage.model.integrity.MetadataFacts.Prover;
import dev.selvage.model.integrity.MetadataFacts.Times;
import dev.selvage.model.integrity.MetadataKeys;
import java.util.ArrayList;
import java.util.List;

/** How an audit begins: the buyer commits to its number. */
final class Opening {
    private static final int ID = 32;

    private Opening() {}

    static AuditFact open(Call call, MetadataApi.NewAudit request) {
        requireForm(request);
        var head = Anchors.known(call, request.data());
        if (request.version() < head.version()) {
            throw new SelvageException(
                    ErrorCode.ANCHOR_SUPERSEDED,
                    "Version " + request.version() + " of " + request.data() + " was followed by version "
                            + head.version() + ".");
        }
        var anchor = Anchors.version(call, request.data(), request.version());
        requireAuditable(call, anchor, request);
        if (call.caller().msp().equals(anchor.data().owner())) {
            throw call.notPermitted("may not audit its own data: a verdict on it would say nothing.");
        }
        var fact = fact(call, request, anchor, provers(head, request.prover()));
        call.state().put(MetadataKeys.audit(fact.id()), fact);
        var entry = new AuditEntry(fact.id(), fact.data(), fact.version(), fact.at());
        call.state().put(MetadataKeys.auditOf(fact.data(), fact.at(), fact.id()), entry);
        call.state().put(MetadataKeys.auditBy(fact.buyer().msp(), fact.at(), fact.id()), entry);
        AuditRecord.parties(fact).forEach(msp -> call.state().put(MetadataKeys.auditTodo(msp, fact.id()), entry));
        call.tell(AuditRecord.told(fact, AuditState.AWAITING_ANSWER, fact.answerBy()));
        return fact;
    }

    private static void requireForm(MetadataApi.NewAudit request) {
        Given.present("The data set", request.data());
        Given.present("The mode", request.mode());
        Given.present("The commitment", request.commitment());
        if (request.task() != null) {
            Names.taskId(request.task());
        }
        var times = times(request);
        for (long step : new long[] {times.answer(), times.reveal(), times.prove(), times.verdict()}) {
            Given.require(
                    step >= MetadataApi.SHORTEST_STEP && step <= MetadataApi.LONGEST_STEP,
                    "A step has from " + MetadataApi.SHORTEST_STEP + " to " + MetadataApi.LONGEST_STEP
                            + " milliseconds.");
        }
    }

    private static Times times(MetadataApi.NewAudit request) {
        return request.times() == null ? MetadataApi.TIMES : request.times();
    }

    private static void requireAuditable(Call call, AnchorFact anchor, MetadataApi.NewAudit request) {
        Given.require(
                anchor.mode().allows(request.mode()),
                "Data anchored in the mode " + anchor.mode() + " is not audited in the mode " + request.mode() + ".");
        int most = Math.min(anchor.leaves(), MetadataApi.CHALLENGED);
        Given.require(
                request.count() >= 1 && request.count() <= most,
                "An audit of this data challenges from 1 to " + most + " blocks, not " + request.count() + ".");
        if (anchor.expires() != null && call.at() > anchor.expires()) {
            throw new SelvageException(
                    ErrorCode.ANCHOR_EXPIRED,
                    "The owner's promise for version " + anchor.version() + " of " + anchor.data() + " has ended.");
        }
        if (anchor.key() != null) {
            OwnerKeys.requireNotRevoked(call, anchor.data().owner(), anchor.key());
        }
    }

    /** Who may answer: the one that is asked, or the owner's members and those that it named. */
    private static List<Prover> provers(DataFact head, String asked) {
        List<Prover> may = new ArrayList<>();
        may.add(new Prover(head.data().owner(), null, null));
        may.addAll(head.provers());
        if (asked == null) {
            return may;
        }
        var named = may.stream()
                .filter(prover -> prover.toString().equals(asked)) // a node with each of its keys
                .toList();
        if (!named.isEmpty()) {
            return named;
        }
        return may.stream()
                .filter(prover -> prover.node() == null && asked.startsWith(prover.msp() + "/"))
                .findFirst()
                .map(List::of)
                .orElseThrow(() -> new SelvageException(
                        ErrorCode.REQUEST_INVALID,
                        "\"" + asked + "\" may not prove for " + head.data() + "; these may: " + may + "."));
    }

    private static AuditFact fact(Call call, MetadataApi.NewAudit request, AnchorFact anchor, List<Prover> provers) {
        var times = times(request);
        return new AuditFact(
                call.txid().substring(0, ID),
                request.data(),
                request.version(),
                request.mode(),
                request.count(),
                Digest.fromHash(OnLedger.anchor(anchor).digest()),
                request.mode() == AuditMode.SECTORED ? anchor.sectors() : 0,
                call.caller().party(),
                request.commitment(),
                provers,
                times,
                call.at() + times.answer(),
                request.task(),
                call.at(),
                call.txid());
    }
}
