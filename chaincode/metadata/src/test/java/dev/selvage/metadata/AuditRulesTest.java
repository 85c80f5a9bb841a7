package dev.selvage.metadata;

import static dev.selvage.metadata.Market.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.contract.Settings;
import dev.selvage.contract.testing.Identity;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.integrity.AuditMode;
import dev.selvage.model.integrity.AuditState;
import dev.selvage.model.integrity.MetadataApi;
import dev.selvage.model.integrity.MetadataFacts;
import dev.selvage.model.integrity.MetadataFacts.Times;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is refused, when, and to whom. */
class AuditRulesTest {
    private static final long SKEW = 2 * Settings.DEFAULT.clockSkew();

    private final Market market = new Market();

    // --- opening

    @Test
    void only_the_newest_version_that_has_not_expired_is_audited() {
        var first = market.anchor(AuditMode.MERKLE, 1);
        var request = Market.request(AuditMode.MERKLE, 2);
        var second = market.anchor(new MetadataApi.NewAnchor(
                "flights",
                2,
                AuditMode.MERKLE,
                request.leaves(),
                request.length(),
                request.blockSize(),
                request.root(),
                null,
                null,
                null,
                market.ledger.now() + 1_000));
        assertThat(refusal(() -> market.open(first))).isEqualTo(ErrorCode.ANCHOR_SUPERSEDED);
        market.open(second);
        market.ledger.pass(2_000);
        assertThat(refusal(() -> market.open(second))).isEqualTo(ErrorCode.ANCHOR_EXPIRED);
        var third = Market.auditRequest(second, AuditMode.MERKLE, 6, null);
        var unknown = new MetadataApi.NewAudit(third.data(), 3, third.mode(), 6, third.commitment(), null, null, null);
        assertThat(refusal(() -> market.open(unknown))).isEqualTo(ErrorCode.ANCHOR_UNKNOWN);
    }

    @Test
    void opening_while_another_version_is_anchored_does_not_commit() {
        var first = market.anchor(AuditMode.MERKLE, 1);
        var opening = market.ledger.endorse(
                Market.BUYER, MetadataApi.OPEN_AUDIT, Market.auditRequest(first, AuditMode.MERKLE, 6, null));
        market.anchor(AuditMode.MERKLE, 2);
        assertThat(market.ledger.commit(List.of(opening)))
                .extracting(Enum::name)
                .containsExactly("MVCC_READ_CONFLICT");
    }

    @Test
    void openings_of_a_wrong_form_are_refused() {
        var anchor = market.anchor(AuditMode.MERKLE, 1);
        var good = Market.auditRequest(anchor, AuditMode.MERKLE, 6, null);
        List<MetadataApi.NewAudit> wrong = new ArrayList<>();
        wrong.add(Market.auditRequest(anchor, AuditMode.MERKLE, 22, null));
        wrong.add(Market.auditRequest(anchor, AuditMode.SECTORED, 6, null));
        wrong.add(Market.auditRequest(anchor, AuditMode.MERKLE, 6, "LgaMSP"));
        for (int step = 0; step < 4; step++) {
            for (long time : new long[] {MetadataApi.SHORTEST_STEP - 1, MetadataApi.LONGEST_STEP + 1}) {
                long[] times = {5_000, 5_000, 5_000, 5_000};
                times[step] = time;
                wrong.add(new MetadataApi.NewAudit(
                        good.data(),
                        1,
                        good.mode(),
                        6,
                        good.commitment(),
                        null,
                        new Times(times[0], times[1], times[2], times[3]),
                        null));
            }
        }
        wrong.add(new MetadataApi.NewAudit(good.data(), 1, good.mode(), 0, good.commitment(), null, null, null));
        wrong.add(new MetadataApi.NewAudit(good.data(), 1, good.mode(), 6, null, null, null, null));
        wrong.add(new MetadataApi.NewAudit(good.data(), 1, null, 6, good.commitment(), null, null, null));
        wrong.add(new MetadataApi.NewAudit(null, 1, good.mode(), 6, good.commitment(), null, null, null));
        wrong.add(new MetadataApi.NewAudit(good.data(), 1, good.mode(), 6, good.commitment(), null, null, "task"));
        for (var request : wrong) {
            assertThat(refusal(() -> market.open(request))).as("%s", request).isEqualTo(ErrorCode.REQUEST_INVALID);
        }
    }

    @Test
    void times_left_out_are_ten_minutes_a_step() {
        var anchor = market.anchor(AuditMode.MERKLE, 1);
        var good = Market.auditRequest(anchor, AuditMode.MERKLE, 6, null);
        var audit = market.open(
                new MetadataApi.NewAudit(good.data(), 1, good.mode(), 6, good.commitment(), null, null, null));
        assertThat(audit.times()).isEqualTo(MetadataApi.TIMES);
    }

    // --- who may

    @Test
    void only_those_whom_the_owner_names_answer() {
        String audit = market.opened();
        assertThat(refusal(() -> market.answer(Market.BUYER, audit))).isEqualTo(ErrorCode.NOT_PERMITTED);
        assertThat(refusal(() -> market.answer(Market.STORE, audit))).isEqualTo(ErrorCode.NOT_PERMITTED);
        market.nameStore();
        assertThat(refusal(() -> market.answer(Market.STORE, audit)))
                .as("an open audit keeps its provers")
                .isEqualTo(ErrorCode.NOT_PERMITTED);
        String later = market.open(market.anchor(AuditMode.MERKLE, 2)).id();
        assertThat(refusal(() -> market.answer(Market.THIRD, later)))
                .as("of the organisation, but not by the named key")
                .isEqualTo(ErrorCode.NOT_PERMITTED);
        assertThat(market.answer(Market.STORE, later).by().id()).isEqualTo("store1");
    }

    @Test
    void a_buyer_asks_one_prover_and_no_other_may_answer() {
        market.anchor(AuditMode.MERKLE, 1);
        market.nameStore();
        var anchor = market.anchor(AuditMode.MERKLE, 2);
        String audit = market.open(Market.auditRequest(anchor, AuditMode.MERKLE, 6, "LgaMSP/store1"))
                .id();
        assertThat(refusal(() -> market.answer(Market.SELLER, audit))).isEqualTo(ErrorCode.NOT_PERMITTED);
        market.answer(Market.STORE, audit);
        market.reveal(audit);
        assertThat(refusal(() -> market.proof(Market.SELLER, audit))).isEqualTo(ErrorCode.NOT_PERMITTED);
        market.proof(Market.STORE, audit);
    }

    @Test
    void once_the_challenge_is_known_only_the_buyer_aborts() {
        market.anchor(AuditMode.MERKLE, 1);
        market.nameStore();
        var anchor = market.anchor(AuditMode.MERKLE, 2);
        String early = market.open(anchor).id();
        market.answer(Market.STORE, early);
        assertThat(market.abort(Market.SELLER, early).from())
                .as("the owner may abort what its store answered")
                .isEqualTo(AuditState.AWAITING_REVEAL);
        String late = market.open(anchor).id();
        market.answer(Market.SELLER, late);
        market.reveal(late);
        for (var prover : List.of(Market.SELLER, Market.STORE)) {
            assertThat(refusal(() -> market.abort(prover, late))).isEqualTo(ErrorCode.NOT_PERMITTED);
        }
        market.proof(Market.SELLER, late);
        assertThat(refusal(() -> market.abort(Market.SELLER, late))).isEqualTo(ErrorCode.NOT_PERMITTED);
        assertThat(market.abort(Market.BUYER, late).from()).isEqualTo(AuditState.AWAITING_VERDICT);
    }

    @Test
    void nobody_audits_itself() {
        var anchor = market.anchor(AuditMode.MERKLE, 1);
        var request = Market.auditRequest(anchor, AuditMode.MERKLE, 6, null);
        assertThat(refusal(() -> market.ledger.submit(Market.SELLER, MetadataApi.OPEN_AUDIT, request)))
                .as("the owner")
                .isEqualTo(ErrorCode.NOT_PERMITTED);
        var buyers = new MetadataApi.NewProvers("flights", List.of(new MetadataFacts.Prover("JfkMSP", null, null)));
        market.ledger.submit(Market.SELLER, MetadataApi.NAME_PROVERS, buyers);
        String audit = market.open(request).id();
        assertThat(refusal(() -> market.answer(Market.BUYER, audit)))
                .as("the buyer, where it holds the data for the owner")
                .isEqualTo(ErrorCode.NOT_PERMITTED);
    }

    @Test
    void a_node_of_an_organisation_that_may_prove_can_be_asked() {
        var anchor = market.anchor(AuditMode.MERKLE, 1);
        assertThat(market.open(Market.auditRequest(anchor, AuditMode.MERKLE, 6, "EwrMSP/node7"))
                        .provers())
                .containsExactly(new MetadataFacts.Prover("EwrMSP", null, null));
        market.nameStore();
        for (String stranger : List.of("LgaMSP/node1", "LgaMSP", "EwrMSPX/node1", "JfkMSP/node1")) {
            assertThat(refusal(() -> market.open(Market.auditRequest(anchor, AuditMode.MERKLE, 6, stranger))))
                    .as(stranger)
                    .isEqualTo(ErrorCode.REQUEST_INVALID);
        }
    }

    @Test
    void only_the_key_that_answered_records_the_proof() {
        String audit = market.revealed();
        assertThat(refusal(() -> market.proof(Identity.admin("EwrMSP"), audit))).isEqualTo(ErrorCode.NOT_PERMITTED);
    }

    @Test
    void only_the_buyers_organisation_reveals_and_judges() {
        String audit = market.answered();
        var nonce = new MetadataApi.Nonce(audit, Market.BUYER_NONCE);
        assertThat(refusal(() -> market.ledger.submit(Market.SELLER, MetadataApi.REVEAL_AUDIT, nonce)))
                .isEqualTo(ErrorCode.NOT_PERMITTED);
        market.ledger.submit(Identity.node("JfkMSP", "node1"), MetadataApi.REVEAL_AUDIT, nonce);
        assertThat(refusal(() -> market.ledger.submit(Market.SELLER, MetadataApi.JUDGE_AUDIT, Market.accepted(audit))))
                .isEqualTo(ErrorCode.NOT_PERMITTED);
        assertThat(refusal(() -> market.abort(Market.THIRD, audit))).isEqualTo(ErrorCode.NOT_PERMITTED);
        assertThat(market.abort(Market.BUYER, audit).from()).isEqualTo(AuditState.AWAITING_PROOF);
    }

    // --- numbers and verdicts

    @Test
    void a_number_that_does_not_fit_the_commitment_is_refused() {
        String audit = market.answered();
        assertThat(refusal(() -> market.ledger.submit(
                        Market.BUYER, MetadataApi.REVEAL_AUDIT, new MetadataApi.Nonce(audit, Market.nonce(7)))))
                .isEqualTo(ErrorCode.AUDIT_MISMATCH);
        assertThat(refusal(() -> market.ledger.submit(
                        Market.BUYER, MetadataApi.REVEAL_AUDIT, new MetadataApi.Nonce(audit, new byte[31]))))
                .isEqualTo(ErrorCode.REQUEST_INVALID);
        var anchor = market.anchor(AuditMode.MERKLE, 2);
        var good = Market.auditRequest(anchor, AuditMode.MERKLE, 6, null);
        var seven = market.open(
                new MetadataApi.NewAudit(good.data(), 2, good.mode(), 7, good.commitment(), null, null, null));
        market.answer(Market.SELLER, seven.id());
        assertThat(refusal(() -> market.reveal(seven.id())))
                .as("the commitment binds the count")
                .isEqualTo(ErrorCode.AUDIT_MISMATCH);
    }

    @Test
    void an_accepted_proof_is_the_recorded_one() {
        String audit = market.proven();
        var other = new MetadataApi.NewVerdict(audit, true, null, null, Market.digest("other"), 1000L);
        assertThat(refusal(() -> market.judge(other))).isEqualTo(ErrorCode.AUDIT_MISMATCH);
        var longer = new MetadataApi.NewVerdict(audit, true, null, null, Market.PROOF, 1001L);
        assertThat(refusal(() -> market.judge(longer))).isEqualTo(ErrorCode.AUDIT_MISMATCH);
        var none = new MetadataApi.NewVerdict(audit, false, "it never came", null, null, null);
        assertThat(market.judge(none).state()).isEqualTo(AuditState.REJECTED);
    }

    @Test
    void verdicts_of_a_wrong_form_are_refused() {
        String audit = market.proven();
        for (var wrong : List.of(
                new MetadataApi.NewVerdict(audit, true, "fine", null, Market.PROOF, 1000L),
                new MetadataApi.NewVerdict(audit, true, null, 3, Market.PROOF, 1000L),
                new MetadataApi.NewVerdict(audit, true, null, null, null, null),
                new MetadataApi.NewVerdict(audit, true, null, null, Market.PROOF, null),
                new MetadataApi.NewVerdict(audit, false, null, null, Market.PROOF, 1000L),
                new MetadataApi.NewVerdict(audit, false, " ", null, Market.PROOF, 1000L),
                new MetadataApi.NewVerdict(audit, false, "x".repeat(513), null, Market.PROOF, 1000L),
                new MetadataApi.NewVerdict(audit, false, "x", -1, Market.PROOF, 1000L),
                new MetadataApi.NewVerdict(audit, false, "x", null, Market.PROOF, -1L))) {
            assertThat(refusal(() -> market.judge(wrong))).as("%s", wrong).isEqualTo(ErrorCode.REQUEST_INVALID);
        }
        assertThat(refusal(() -> market.ledger.submit(
                        Market.SELLER, MetadataApi.RECORD_PROOF, new MetadataApi.NewProof(audit, null, 5))))
                .isEqualTo(ErrorCode.REQUEST_INVALID);
        assertThat(refusal(() -> market.ledger.submit(
                        Market.SELLER, MetadataApi.RECORD_PROOF, new MetadataApi.NewProof(audit, Market.PROOF, 0))))
                .isEqualTo(ErrorCode.REQUEST_INVALID);
        assertThat(refusal(() ->
                        market.ledger.submit(Market.SELLER, MetadataApi.ABORT_AUDIT, new MetadataApi.Abort(audit, ""))))
                .isEqualTo(ErrorCode.REQUEST_INVALID);
    }

    // --- time

    @Test
    void answer_reveal_and_proof_come_in_time_or_not_at_all() {
        String answer = market.opened();
        market.ledger.pass(Market.TIMES.answer() + SKEW + 10);
        assertThat(refusal(() -> market.answer(Market.SELLER, answer))).isEqualTo(ErrorCode.AUDIT_LATE);

        String reveal = market.open(market.anchor(AuditMode.MERKLE, 2)).id();
        market.answer(Market.SELLER, reveal);
        market.ledger.pass(Market.TIMES.reveal() + SKEW + 10);
        assertThat(refusal(() -> market.reveal(reveal))).isEqualTo(ErrorCode.AUDIT_LATE);

        String proof = market.open(market.anchor(AuditMode.MERKLE, 3)).id();
        market.answer(Market.SELLER, proof);
        market.reveal(proof);
        market.ledger.pass(Market.TIMES.prove() + SKEW + 10);
        assertThat(refusal(() -> market.proof(Market.SELLER, proof))).isEqualTo(ErrorCode.AUDIT_LATE);
        assertThat(market.judge(Market.accepted(proof)).state())
                .as("a verdict counts until an expiry is committed")
                .isEqualTo(AuditState.ACCEPTED);
    }

    @Test
    void a_step_counts_as_long_as_nobody_may_expire_the_audit() {
        String audit = market.revealed();
        market.ledger.pass(market.view(audit).reveal().proveBy() + SKEW - 10 - market.ledger.now());
        assertThat(refusal(() -> market.expire(audit))).isEqualTo(ErrorCode.NOT_YET_EXPIRED);
        market.proof(Market.SELLER, audit);
        assertThat(market.view(audit).state()).isEqualTo(AuditState.AWAITING_VERDICT);
    }

    @Test
    void nobody_expires_an_audit_before_deadline_and_clock_skew() {
        var audit = market.open(market.anchor(AuditMode.MERKLE, 1));
        market.ledger.pass(audit.answerBy() + SKEW - market.ledger.now());
        assertThat(refusal(() -> market.expire(audit.id()))).isEqualTo(ErrorCode.NOT_YET_EXPIRED);
        var end = market.expire(audit.id());
        assertThat(end.state()).isEqualTo(AuditState.NO_ANSWER);
        assertThat(end.by().msp()).isEqualTo("LgaMSP");
    }

    @Test
    void each_awaited_step_has_its_own_deadline() {
        String audit = market.proven();
        var reveal = market.view(audit).reveal();
        market.ledger.pass(reveal.proveBy() + SKEW + 1 - market.ledger.now());
        assertThat(refusal(() -> market.expire(audit))).isEqualTo(ErrorCode.NOT_YET_EXPIRED);
        market.ledger.pass(reveal.verdictBy() + SKEW + 1 - market.ledger.now());
        assertThat(market.expire(audit).state()).isEqualTo(AuditState.NO_VERDICT);
    }

    @Test
    void recorded_times_do_not_run_backwards() {
        String audit = market.opened();
        market.ledger.pass(-5_000);
        assertThat(market.answer(Market.SELLER, audit).at())
                .isEqualTo(market.view(audit).audit().at());
    }
}
