package dev.selvage.metadata;

import static dev.selvage.metadata.Market.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.contract.Settings;
import dev.selvage.integrity.audit.Challenge;
import dev.selvage.integrity.audit.OnLedger;
import dev.selvage.model.CanonicalJson;
import dev.selvage.model.ContractApi;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.integrity.AuditMode;
import dev.selvage.model.integrity.AuditState;
import dev.selvage.model.integrity.MetadataApi;
import dev.selvage.model.integrity.MetadataEvent;
import dev.selvage.model.integrity.MetadataFacts.AuditFact;
import dev.selvage.model.integrity.MetadataFacts.EndFact;
import dev.selvage.model.integrity.MetadataKeys;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AuditTest {
    private final Market market = new Market();

    private AuditState state(String audit) {
        return market.view(audit).state();
    }

    // --- the way of an audit

    @Test
    void an_audit_goes_from_commitment_to_verdict() {
        var anchor = market.anchor(AuditMode.MERKLE, 1);
        var audit = market.open(anchor);
        assertThat(audit.sectors()).isZero();
        assertThat(audit.buyer().msp()).isEqualTo("JfkMSP");
        assertThat(audit.answerBy()).isEqualTo(audit.at() + Market.TIMES.answer());
        var answer = market.answer(Market.SELLER, audit.id());
        assertThat(answer.revealBy()).isEqualTo(answer.at() + Market.TIMES.reveal());
        var reveal = market.reveal(audit.id());
        assertThat(reveal.proveBy()).isEqualTo(reveal.at() + Market.TIMES.prove());
        assertThat(reveal.verdictBy()).isEqualTo(reveal.proveBy() + Market.TIMES.verdict());
        market.proof(Market.SELLER, audit.id());
        var end = market.judge(Market.accepted(audit.id()));
        assertThat(end.state()).isEqualTo(AuditState.ACCEPTED);
        assertThat(end.from()).isEqualTo(AuditState.AWAITING_VERDICT);
        assertThat(end.proof()).isEqualTo(Market.PROOF);
        var view = market.view(audit.id());
        assertThat(view.state()).isEqualTo(AuditState.ACCEPTED);
        assertThat(view.proof().size()).isEqualTo(1000);
    }

    @Test
    void the_contract_computes_the_seed_of_channel_anchor_and_both_numbers() {
        market.registerKey();
        var anchor = market.anchor(AuditMode.SECTORED, 1);
        for (var mode : List.of(AuditMode.SECTORED, AuditMode.MERKLE)) {
            var audit = market.open(Market.auditRequest(anchor, mode, 6, null));
            market.answer(Market.SELLER, audit.id());
            int sectors = mode == AuditMode.SECTORED ? 10 : 0;
            var expected = Challenge.of(
                    "selvage", OnLedger.anchor(anchor), sectors, 6, Market.BUYER_NONCE, Market.SELLER_NONCE);
            assertThat(market.reveal(audit.id()).seed().bytes()).isEqualTo(expected.seed());
        }
    }

    @Test
    void every_transition_of_the_table_is_taken() {
        Set<String> taken = new LinkedHashSet<>();
        var anchor = market.anchor(AuditMode.MERKLE, 1);
        for (var row : AuditState.TRANSITIONS.rows()) {
            String audit = market.open(anchor).id();
            if (row.from() != null) {
                reach(audit, row.from());
                assertThat(state(audit)).isEqualTo(row.from());
                take(audit, row.input());
            }
            assertThat(state(audit)).as(row.toString()).isEqualTo(row.to());
            taken.add(row.toString());
        }
        assertThat(taken).hasSize(AuditState.TRANSITIONS.rows().size());
    }

    private void reach(String audit, AuditState state) {
        List<String> steps = List.of("answer", "reveal", "proof");
        int count = List.of(
                        AuditState.AWAITING_ANSWER,
                        AuditState.AWAITING_REVEAL,
                        AuditState.AWAITING_PROOF,
                        AuditState.AWAITING_VERDICT)
                .indexOf(state);
        steps.subList(0, count).forEach(step -> take(audit, step));
    }

    private void take(String audit, String step) {
        switch (step) {
            case "answer" -> market.answer(Market.SELLER, audit);
            case "reveal" -> market.reveal(audit);
            case "proof" -> market.proof(Market.SELLER, audit);
            case "accept" -> market.judge(Market.accepted(audit));
            case "reject" -> market.judge(Market.rejected(audit));
            case "abort" -> market.abort(Market.BUYER, audit);
            case "expire" -> {
                market.ledger.pass(20_000_000);
                market.expire(audit);
            }
            default -> throw new AssertionError(step);
        }
    }

    @Test
    void a_step_that_the_table_does_not_have_is_refused_in_every_state() {
        var anchor = market.anchor(AuditMode.MERKLE, 1);
        for (var from : AuditState.values()) {
            String audit = market.open(anchor).id();
            if (from.ended()) {
                end(audit, from);
            } else {
                reach(audit, from);
            }
            for (String step : List.of("answer", "reveal", "proof", "accept", "reject", "abort")) {
                boolean taken = AuditState.TRANSITIONS.next(from, step).isPresent();
                boolean repeated = market.ledger.state.containsKey(recordOf(step, audit));
                if (!taken && !repeated) {
                    assertThat(refusal(() -> take(audit, step)))
                            .as("%s at %s", step, from)
                            .isEqualTo(from.ended() ? ErrorCode.AUDIT_ENDED : ErrorCode.AUDIT_OUT_OF_STEP);
                }
            }
            assertThat(state(audit)).isEqualTo(from);
        }
    }

    private static String recordOf(String step, String audit) {
        return switch (step) {
            case "answer" -> MetadataKeys.auditAnswer(audit);
            case "reveal" -> MetadataKeys.auditReveal(audit);
            case "proof" -> MetadataKeys.auditProof(audit);
            default -> MetadataKeys.auditEnd(audit);
        };
    }

    private void end(String audit, AuditState state) {
        var row = AuditState.TRANSITIONS.rows().stream()
                .filter(candidate -> candidate.to() == state)
                .findFirst()
                .orElseThrow();
        reach(audit, row.from());
        take(audit, row.input());
    }

    @Test
    void steps_taken_again_are_answered_with_what_stands_and_change_nothing() {
        String audit = market.proven();
        var again = new MetadataApi.Nonce(audit, Market.SELLER_NONCE);
        assertThat(market.ledger
                        .submit(Market.SELLER, MetadataApi.ANSWER_AUDIT, again)
                        .writes())
                .isEmpty();
        var reveal = new MetadataApi.Nonce(audit, Market.BUYER_NONCE);
        assertThat(market.ledger
                        .submit(Market.BUYER, MetadataApi.REVEAL_AUDIT, reveal)
                        .writes())
                .isEmpty();
        var proof = new MetadataApi.NewProof(audit, Market.PROOF, 1000);
        assertThat(market.ledger
                        .submit(Market.SELLER, MetadataApi.RECORD_PROOF, proof)
                        .writes())
                .isEmpty();
        market.judge(Market.rejected(audit));
        assertThat(market.ledger
                        .submit(Market.BUYER, MetadataApi.JUDGE_AUDIT, Market.rejected(audit))
                        .writes())
                .isEmpty();
        assertThat(refusal(() -> market.judge(Market.accepted(audit)))).isEqualTo(ErrorCode.AUDIT_ENDED);
        assertThat(market.expire(audit).state()).isEqualTo(AuditState.REJECTED);

        String aborted = market.open(market.anchor(AuditMode.MERKLE, 2)).id();
        market.abort(Market.SELLER, aborted);
        assertThat(market.abort(Market.SELLER, aborted).state()).isEqualTo(AuditState.ABORTED);
        assertThat(refusal(() -> market.abort(Market.BUYER, aborted))).isEqualTo(ErrorCode.AUDIT_ENDED);
    }

    @Test
    void another_number_after_the_first_is_refused() {
        String audit = market.proven();
        assertThat(refusal(() -> market.ledger.submit(
                        Market.SELLER, MetadataApi.ANSWER_AUDIT, new MetadataApi.Nonce(audit, Market.nonce(9)))))
                .isEqualTo(ErrorCode.AUDIT_MISMATCH);
        assertThat(refusal(() -> market.ledger.submit(
                        Market.BUYER, MetadataApi.REVEAL_AUDIT, new MetadataApi.Nonce(audit, Market.nonce(9)))))
                .isEqualTo(ErrorCode.AUDIT_MISMATCH);
    }

    @Test
    void a_proof_that_is_sent_again_in_time_replaces_the_record() {
        String audit = market.proven();
        var other = new MetadataApi.NewProof(audit, Market.digest("other"), 900);
        market.ledger.submit(Market.SELLER, MetadataApi.RECORD_PROOF, other);
        assertThat(market.view(audit).proof().proof()).isEqualTo(other.proof());
        assertThat(refusal(() -> market.judge(Market.accepted(audit)))).isEqualTo(ErrorCode.AUDIT_MISMATCH);
        market.ledger.pass(Market.TIMES.prove() + 2 * Settings.DEFAULT.clockSkew() + 10);
        assertThat(refusal(() -> market.proof(Market.SELLER, audit))).isEqualTo(ErrorCode.AUDIT_LATE);
        market.judge(new MetadataApi.NewVerdict(audit, true, null, null, other.proof(), 900L));
        assertThat(refusal(() -> market.proof(Market.SELLER, audit))).isEqualTo(ErrorCode.AUDIT_ENDED);
    }

    @Test
    void of_two_ends_at_once_one_wins() {
        String audit = market.proven();
        var verdict = market.ledger.endorse(Market.BUYER, MetadataApi.JUDGE_AUDIT, Market.accepted(audit));
        var abort =
                market.ledger.endorse(Market.BUYER, MetadataApi.ABORT_AUDIT, new MetadataApi.Abort(audit, "too slow"));
        assertThat(market.ledger.commit(List.of(abort, verdict)))
                .extracting(Enum::name)
                .containsExactly("VALID", "MVCC_READ_CONFLICT");
        assertThat(state(audit)).isEqualTo(AuditState.ABORTED);
    }

    // --- lists and events

    @Test
    void open_audits_are_listed_for_all_who_have_a_part_until_they_end() {
        market.anchor(AuditMode.MERKLE, 1);
        market.nameStore();
        String audit = market.open(market.anchor(AuditMode.MERKLE, 2)).id();
        for (String msp : List.of("EwrMSP", "JfkMSP", "LgaMSP")) {
            assertThat(openOf(msp)).as(msp).containsExactly(audit);
        }
        market.abort(Market.BUYER, audit);
        for (String msp : List.of("EwrMSP", "JfkMSP", "LgaMSP")) {
            assertThat(openOf(msp)).as(msp).isEmpty();
        }
    }

    private List<String> openOf(String msp) {
        return CanonicalJson.parse(market.ledger
                        .endorse(Market.THIRD, MetadataApi.LIST_OPEN_AUDITS, new MetadataApi.OwnerQuery(msp, null))
                        .answer())
                .path("items")
                .findValuesAsText("id")
                .stream()
                .filter(id -> id.length() == 32)
                .toList();
    }

    @Test
    void audits_are_listed_in_order_of_time_page_by_page() {
        var anchor = market.anchor(AuditMode.MERKLE, 1);
        List<String> all = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            all.add(market.open(anchor).id());
        }
        market.abort(Market.SELLER, all.get(0));
        List<String> seen = new ArrayList<>();
        String bookmark = null;
        do {
            var page = CanonicalJson.parse(market.ledger
                    .endorse(
                            Market.THIRD,
                            MetadataApi.LIST_AUDITS,
                            new MetadataApi.AuditsQuery(Market.FLIGHTS, null, new ContractApi.Page(bookmark, 2)))
                    .answer());
            seen.addAll(page.path("items").findValuesAsText("audit"));
            bookmark = page.path("bookmark").textValue();
        } while (bookmark != null);
        assertThat(seen).isEqualTo(all);
        var byBuyer = CanonicalJson.parse(market.ledger
                .endorse(Market.THIRD, MetadataApi.LIST_AUDITS, new MetadataApi.AuditsQuery(null, "JfkMSP", null))
                .answer());
        assertThat(byBuyer.path("items").findValuesAsText("state"))
                .containsExactly("Aborted", "AwaitingAnswer", "AwaitingAnswer", "AwaitingAnswer", "AwaitingAnswer");
        var both = new MetadataApi.AuditsQuery(Market.FLIGHTS, "JfkMSP", null);
        assertThat(refusal(() -> market.ledger.endorse(Market.THIRD, MetadataApi.LIST_AUDITS, both)))
                .isEqualTo(ErrorCode.REQUEST_INVALID);
    }

    @Test
    void each_step_tells_the_channel_what_is_awaited_next() {
        var anchor = market.anchor(AuditMode.MERKLE, 1);
        var opened = market.ledger.submit(
                Market.BUYER, MetadataApi.OPEN_AUDIT, Market.auditRequest(anchor, AuditMode.MERKLE, 6, null));
        var audit = opened.answer(AuditFact.class);
        assertThat(Market.facts(opened))
                .containsExactly(new MetadataEvent.Audit(
                        audit.id(),
                        AuditState.AWAITING_ANSWER,
                        Market.FLIGHTS,
                        1,
                        AuditMode.MERKLE,
                        "JfkMSP",
                        audit.provers(),
                        audit.answerBy()));
        var ended = market.ledger.submit(
                Market.BUYER, MetadataApi.ABORT_AUDIT, new MetadataApi.Abort(audit.id(), "no longer wanted"));
        assertThat(Market.facts(ended))
                .containsExactly(new MetadataEvent.Audit(
                        audit.id(),
                        AuditState.ABORTED,
                        Market.FLIGHTS,
                        1,
                        AuditMode.MERKLE,
                        "JfkMSP",
                        List.of(),
                        null));
        assertThat(ended.answer(EndFact.class).reason()).isEqualTo("no longer wanted");
    }

    @Test
    void unknown_audits_functions_and_rubbish_are_told() {
        String none = "0".repeat(32);
        assertThat(refusal(() -> market.view(none))).isEqualTo(ErrorCode.AUDIT_UNKNOWN);
        assertThat(refusal(() -> market.view("../x"))).isEqualTo(ErrorCode.REQUEST_INVALID);
        assertThat(refusal(() -> market.expire(none))).isEqualTo(ErrorCode.AUDIT_UNKNOWN);
        for (var words : List.of(
                List.of("GetAudt", "{}"),
                List.of(MetadataApi.GET_AUDIT, "{"),
                List.of(MetadataApi.GET_AUDIT, "null"),
                List.of(MetadataApi.GET_AUDIT, "{\"audit\":1}"),
                List.of(MetadataApi.GET_AUDIT, "{}"),
                List.of(MetadataApi.ANCHOR, "{\"name\":\"a\",\"mode\":\"other\"}"),
                List.of(MetadataApi.OPEN_AUDIT, "{\"data\":\"flights\"}"),
                Arrays.asList(MetadataApi.GET_AUDIT, "{}", "{}"))) {
            assertThat(refusal(() -> market.ledger.endorse(Market.BUYER, words)))
                    .as("%s", words)
                    .isEqualTo(ErrorCode.REQUEST_INVALID);
        }
    }
}
