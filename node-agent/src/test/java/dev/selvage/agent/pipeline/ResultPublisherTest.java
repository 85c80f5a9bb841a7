package dev.selvage.agent.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.selvage.agent.ManualClock;
import dev.selvage.agent.journal.Journal;
import dev.selvage.agent.journal.PartRow;
import dev.selvage.agent.journal.SentTransaction;
import dev.selvage.agent.ledger.LedgerStub;
import dev.selvage.agent.ledger.SignedTransaction;
import dev.selvage.agent.peer.TestOrganisation;
import dev.selvage.engine.RunKey;
import dev.selvage.model.CanonicalJson;
import dev.selvage.model.ContractApi.ItemVerdict;
import dev.selvage.model.ContractApi.ResultItem;
import dev.selvage.model.ContractApi.Submission;
import dev.selvage.model.ContractApi.Verdict;
import dev.selvage.model.ContractApi.Verdicts;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.NodeId;
import dev.selvage.model.SelvageException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.hyperledger.fabric.client.identity.Identities;
import org.hyperledger.fabric.protos.common.Envelope;
import org.hyperledger.fabric.protos.common.Header;
import org.hyperledger.fabric.protos.common.Payload;
import org.hyperledger.fabric.protos.common.SignatureHeader;
import org.hyperledger.fabric.protos.gateway.PreparedTransaction;
import org.hyperledger.fabric.protos.msp.SerializedIdentity;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The window, batches and faults, on one thread with a ledger that says what the test tells it. */
class ResultPublisherTest {
    private static final long PUBLISH_MS = 60_000;
    private static final String TASK = "0123456789abcdef0123456789abcdef";

    @TempDir
    Path folder;

    private final FakeLedger ledger = new FakeLedger();
    private final ManualClock clock = new ManualClock(Instant.ofEpochMilli(1_000_000));
    private final List<SelvageException> stops = new ArrayList<>();
    private Executor calls = Runnable::run;
    private int weight = 3;
    private Journal journal;
    private ResultPublisher publisher;

    @BeforeEach
    void open() {
        journal = Journal.open(folder.resolve("journal.db"));
        publisher = publisher(2, 3);
    }

    private ResultPublisher publisher(int window, int batch) {
        return new ResultPublisher(
                new NodeId("EwrMSP", "node1"),
                ledger,
                journal,
                new CommitTimes(),
                new PipelineMetrics(new SimpleMeterRegistry()),
                new Bounds(window, batch),
                Runnable::run,
                calls,
                clock,
                item -> new Weighed(item.opening(List.of("next")), Set.of("task"), weight),
                stops::add);
    }

    @AfterEach
    void close() {
        journal.close();
    }

    @Test
    void results_go_alone_while_there_is_room_and_together_when_there_is_none() {
        for (int i = 0; i < 6; i++) {
            publish(i);
        }
        assertThat(ledger.sizes()).containsExactly(1, 1);
        commit(ledger.submitted.get(0), "VALID");
        assertThat(ledger.sizes()).containsExactly(1, 1, 3);
    }

    @Test
    void what_comes_while_one_is_endorsed_shares_the_next_transaction() {
        var held = new ArrayDeque<Runnable>();
        calls = held::add;
        publisher = publisher(8, 3);
        publish(0);
        publish(1);
        publish(2);
        assertThat(held).hasSize(1);
        held.remove().run();
        held.remove().run();
        assertThat(ledger.sizes()).containsExactly(1, 2);
    }

    @Test
    void a_full_transaction_does_not_wait_for_others() {
        var held = new ArrayDeque<Runnable>();
        calls = held::add;
        publisher = publisher(8, 3);
        for (int i = 0; i < 4; i++) {
            publish(i);
        }
        assertThat(held).hasSize(2);
        held.forEach(Runnable::run);
        assertThat(ledger.sizes()).containsExactly(1, 3);
    }

    @Test
    void a_transaction_holds_no_more_than_the_contract_takes() {
        var held = new ArrayDeque<Runnable>();
        calls = held::add;
        publisher = publisher(8, 40);
        weight = 40; // 2 of the signer, 1 of the task, 3 times 40 of 128
        for (int i = 0; i < 8; i++) {
            publish(i);
        }
        while (!held.isEmpty()) {
            held.remove().run();
        }
        assertThat(ledger.sizes()).containsExactly(1, 3, 3, 1);
    }

    @Test
    void a_dependent_that_a_peer_does_not_see_is_left_out_at_once() {
        ledger.answer = submission -> {
            if (!submission.results().get(0).opens().isEmpty()) {
                throw new SelvageException(ErrorCode.NOT_YET_VISIBLE, "Not yet.");
            }
            return accepted(submission);
        };
        publish(0);
        assertThat(ledger.submitted).hasSize(1);
        assertThat(ledger.endorsed.get(1).results().get(0).opens()).isEmpty();
    }

    @Test
    void bytes_that_do_not_show_are_sent_again_unchanged() {
        publish(0);
        clock.advance(Duration.ofSeconds(11));
        publisher.tick(clock.millis());
        assertThat(ledger.submitted).hasSize(2);
        assertThat(ledger.submitted.get(1)).isEqualTo(ledger.submitted.get(0));
        assertThat(ledger.endorsed).hasSize(1);
    }

    @Test
    void an_invalid_transaction_is_endorsed_again_after_a_pause() {
        publish(0);
        commit(ledger.submitted.get(0), "MVCC_READ_CONFLICT");
        assertThat(ledger.endorsed).hasSize(1);
        clock.advance(Duration.ofMillis(100));
        publisher.tick(clock.millis());
        assertThat(ledger.endorsed).hasSize(2);
    }

    @Test
    void a_refused_result_becomes_a_failure_with_the_refusals_code() {
        ledger.answer = submission -> {
            if (submission.results().get(0).failure() == null) {
                throw new SelvageException(ErrorCode.TOO_LARGE, "Too large.");
            }
            return accepted(submission);
        };
        publish(0);
        assertThat(ledger.submitted).hasSize(1);
        assertThat(ledger.endorsed.get(1).results().get(0).failure().code()).isEqualTo("TOO_LARGE");
        assertThat(journal.part(key(0)).orElseThrow().result().orElseThrow().failure())
                .isNotNull();
    }

    @Test
    void a_conflicting_result_on_the_ledger_is_adopted_and_nothing_is_sent() {
        ledger.answer = submission -> new Verdicts(List.of(new ItemVerdict(Verdict.CONFLICT, List.of(), false)));
        publish(0);
        assertThat(ledger.submitted).isEmpty();
        assertThat(journal.part(key(0)).orElseThrow().state()).isEqualTo(PartRow.State.SETTLED);
        assertThat(publisher.inFlight()).isZero();
    }

    @Test
    void a_defect_gives_the_place_in_the_window_back() {
        ledger.answer = submission -> {
            throw new IllegalStateException("a defect");
        };
        publish(0);
        assertThat(publisher.inFlight()).isZero();
        assertThat(publisher.waiting()).isEqualTo(1);
        ledger.answer = ResultPublisherTest::accepted;
        clock.advance(Duration.ofMillis(100));
        publisher.tick(clock.millis());
        assertThat(ledger.submitted).hasSize(1);
    }

    @Test
    void a_result_that_cannot_be_sent_within_its_deadline_goes_as_a_failure_that_says_so() {
        ledger.answer = submission -> {
            throw new SelvageException(ErrorCode.LEDGER_UNREACHABLE, "Away.");
        };
        publish(0);
        clock.advance(Duration.ofMillis(PUBLISH_MS + 1));
        publisher.tick(clock.millis());
        ledger.answer = ResultPublisherTest::accepted;
        clock.advance(Duration.ofSeconds(5));
        publisher.tick(clock.millis());
        assertThat(ledger.submitted).hasSize(1);
        assertThat(journal.part(key(0))
                        .orElseThrow()
                        .result()
                        .orElseThrow()
                        .failure()
                        .code())
                .isEqualTo("PUBLISH_TIMEOUT");
    }

    @Test
    void a_signed_result_is_not_replaced_however_late_it_shows() {
        publish(0);
        clock.advance(Duration.ofMillis(PUBLISH_MS + 1));
        publisher.tick(clock.millis());
        assertThat(ledger.endorsed).hasSize(1);
        assertThat(journal.part(key(0)).orElseThrow().result().orElseThrow().failure())
                .isNull();
    }

    @Test
    void a_full_disk_at_publishing_passes() {
        ledger.answer = submission -> {
            throw new SelvageException(ErrorCode.STORAGE_FULL, "The disk is full.");
        };
        publish(0);
        ledger.answer = ResultPublisherTest::accepted;
        clock.advance(Duration.ofMillis(100));
        publisher.tick(clock.millis());
        assertThat(ledger.submitted).hasSize(1);
        assertThat(stops).isEmpty();
    }

    @Test
    void what_was_signed_with_an_ended_certificate_is_endorsed_anew() {
        restored(clock.instant().minus(Duration.ofMinutes(5)));
        publisher.resend();
        assertThat(ledger.endorsed).hasSize(1);
        assertThat(ledger.submitted).containsExactly("tx1");
        assertThat(journal.unsettled())
                .extracting(sent -> sent.transaction().txid())
                .containsExactly("tx1");
    }

    @Test
    void what_an_orderer_may_still_take_is_sent_again_unchanged() {
        restored(clock.instant().minus(Duration.ofSeconds(90)));
        publisher.resend();
        assertThat(ledger.endorsed).isEmpty();
        assertThat(ledger.submitted).containsExactly("before");
    }

    @Test
    void what_was_signed_with_a_certificate_that_ends_meanwhile_is_endorsed_anew() {
        restored(clock.instant().plus(Duration.ofMinutes(1)));
        publisher.resend();
        clock.advance(Duration.ofMinutes(2));
        publisher.tick(clock.millis());
        assertThat(ledger.endorsed).isEmpty();
        assertThat(ledger.submitted).containsExactly("before", "before");
        clock.advance(Duration.ofMinutes(2));
        publisher.tick(clock.millis());
        assertThat(ledger.endorsed).hasSize(1);
        assertThat(ledger.submitted).containsExactly("before", "before", "tx1");
    }

    @Test
    void an_ended_certificate_is_waited_out() {
        ledger.answer = submission -> {
            throw new SelvageException(ErrorCode.CERTIFICATE_EXPIRED, "It has ended.");
        };
        publish(0);
        assertThat(stops).isEmpty();
        ledger.answer = ResultPublisherTest::accepted;
        clock.advance(Duration.ofMillis(100));
        publisher.tick(clock.millis());
        assertThat(ledger.submitted).hasSize(1);
    }

    /** A transaction of before a start, its creator's certificate good until then. */
    private void restored(Instant until) {
        var creator = new TestOrganisation("EwrMSP", clock.instant())
                .member("OU=peer,CN=node1", clock.instant().minus(Duration.ofDays(1)), until);
        var identity = SerializedIdentity.newBuilder()
                .setMspid("EwrMSP")
                .setIdBytes(ByteString.copyFromUtf8(Identities.toPemString(creator.certificate())));
        var header = Header.newBuilder()
                .setSignatureHeader(SignatureHeader.newBuilder()
                        .setCreator(identity.build().toByteString())
                        .build()
                        .toByteString());
        var bytes = PreparedTransaction.newBuilder()
                .setEnvelope(Envelope.newBuilder()
                        .setPayload(
                                Payload.newBuilder().setHeader(header).build().toByteString()))
                .build()
                .toByteArray();
        journal.certified(key(0), item(0));
        var sent = new SentTransaction(new SignedTransaction("before", bytes), List.of(key(0)), 1);
        journal.sent(sent);
        publisher.restore(sent, Map.of(key(0), item(0)));
    }

    @Test
    void a_revoked_node_stops() {
        ledger.answer = submission -> {
            throw new SelvageException(ErrorCode.NODE_REVOKED, "Revoked.");
        };
        publish(0);
        assertThat(stops).extracting(SelvageException::code).containsExactly(ErrorCode.NODE_REVOKED);
    }

    private void publish(int part) {
        var item = item(part);
        journal.certified(key(part), item);
        publisher.publish(
                new CertifiedResult(key(part), item, new Measured(System.nanoTime())), clock.millis() + PUBLISH_MS);
    }

    private static ResultItem item(int part) {
        return new ResultItem(
                TASK, "sub", part, 1, "ewr", Map.of(), Map.of(), null, null, Map.of(), List.of(), Map.of(), List.of());
    }

    private void commit(String txid, String code) {
        publisher.afterBlock(publisher.onCodes(Map.of(txid, code), clock.millis()), System.nanoTime(), true);
    }

    private static RunKey key(int part) {
        return new RunKey(TASK, "sub", part, 1, "ewr");
    }

    private static Verdicts accepted(Submission submission) {
        return new Verdicts(submission.results().stream()
                .map(item -> new ItemVerdict(Verdict.ACCEPTED, List.of(), false))
                .toList());
    }

    private static final class FakeLedger extends LedgerStub {
        private final List<Submission> endorsed = new ArrayList<>();
        private final List<String> submitted = new ArrayList<>();
        private Function<Submission, Verdicts> answer = ResultPublisherTest::accepted;

        List<Integer> sizes() {
            return endorsed.stream()
                    .map(submission -> submission.results().size())
                    .toList();
        }

        @Override
        public Endorsed endorse(String function, Object argument) {
            var submission = (Submission) argument;
            endorsed.add(submission);
            var verdicts = answer.apply(submission);
            return new Endorsed(
                    new SignedTransaction("tx" + endorsed.size(), new byte[] {1}), CanonicalJson.text(verdicts));
        }

        @Override
        public void submit(SignedTransaction transaction) {
            submitted.add(transaction.txid());
        }
    }
}
