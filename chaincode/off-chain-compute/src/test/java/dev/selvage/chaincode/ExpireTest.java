package dev.selvage.chaincode;

import static dev.selvage.chaincode.Channel.refusal;
import static dev.selvage.chaincode.Channel.success;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.selvage.contract.Settings;
import dev.selvage.contract.testing.MemoryLedger;
import dev.selvage.model.ContractApi;
import dev.selvage.model.ContractApi.Part;
import dev.selvage.model.ContractApi.Step;
import dev.selvage.model.ContractApi.StepDone;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.Facts;
import dev.selvage.model.Keys;
import dev.selvage.model.LedgerEvent;
import dev.selvage.model.Outcome;
import dev.selvage.model.SelvageException;
import dev.selvage.model.TaskState;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExpireTest {
    private static final long SKEW = 2_000;

    private final Channel channel = new Channel(new Settings(SKEW));

    private String task(int attempts) {
        return channel.create(Flows.flow()
                .one("a", "ewr")
                .change("a", draft -> draft.deadline(9_997).attempts(attempts))
                .build());
    }

    private static Part part(String task, int attempt) {
        return new Part(task, "a", 0, attempt, "ewr");
    }

    @Test
    void an_attempt_expires_after_its_deadline_and_twice_the_clock_skew() {
        String task = task(1);
        long ready = channel.fact(Keys.ready(task, "a"), Facts.ReadyFact.class).notBefore();
        channel.ledger.pass(ready + 10_000 + 2 * SKEW - channel.ledger.now());

        assertThatThrownBy(() -> channel.expire(part(task, 1)))
                .isInstanceOfSatisfying(SelvageException.class, refused -> {
                    assertThat(refused.code()).isEqualTo(ErrorCode.NOT_YET_EXPIRED);
                    assertThat(refused.parameters()).containsEntry("at", Long.toString(ready + 10_000 + 2 * SKEW));
                });
        assertThat(channel.expire(part(task, 1))).containsExactly(new StepDone(true));
        assertThat(channel.expire(part(task, 1))).containsExactly(new StepDone(false));
        var result = channel.fact(Keys.result(task, "a", 0, 1, "ewr"), Facts.ResultFact.class);
        assertThat(result.node()).isNull();
        assertThat(result.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(channel.ledger.state).doesNotContainKey(Keys.todo(Channel.node("EwrMSP"), task, "a"));
        channel.advance(Step.end(task));
        assertThat(channel.end(task).state()).isEqualTo(TaskState.EXPIRED);
    }

    @Test
    void the_event_of_an_expiry_names_no_node_so_that_nobody_waits_for_one_that_is_gone() {
        String task = task(1);
        channel.ledger.pass(1_000_000);
        var expiry = channel.ledger.submit(Channel.USER, ContractApi.EXPIRE, List.of(part(task, 1)));

        assertThat(Channel.facts(expiry))
                .containsExactly(new LedgerEvent.Result(task, "a", 0, 1, "ewr", null, Outcome.FAILED, true));
    }

    @Test
    void a_late_result_is_valid_until_the_expiry_is_committed() {
        String task = task(1);
        channel.ledger.pass(1_000_000);

        channel.submit("EwrMSP", success(task, "a", "ewr"));
        assertThat(channel.expire(part(task, 1))).containsExactly(new StepDone(false));
        assertThat(channel.end(task).state()).isEqualTo(TaskState.SUCCEEDED);
    }

    @Test
    void of_a_result_and_an_expiry_at_once_exactly_one_wins() {
        for (boolean resultFirst : new boolean[] {true, false}) {
            var fresh = new Channel();
            String task = fresh.create(Flows.flow().one("a", "ewr").build());
            fresh.ledger.pass(100_000_000);
            var result = fresh.endorse("EwrMSP", success(task, "a", "ewr"));
            var expiry = fresh.ledger.endorse(Channel.USER, ContractApi.EXPIRE, List.of(part(task, 1)));

            assertThat(fresh.ledger.commit(resultFirst ? List.of(result, expiry) : List.of(expiry, result)))
                    .containsExactly(MemoryLedger.Code.VALID, MemoryLedger.Code.MVCC_READ_CONFLICT);
        }
    }

    @Test
    void a_result_after_the_expiry_is_a_conflict() {
        String task = task(1);
        channel.ledger.pass(1_000_000);
        channel.expire(part(task, 1));

        assertThat(channel.submit("EwrMSP", success(task, "a", "ewr")).get(0).verdict())
                .isEqualTo(ContractApi.Verdict.CONFLICT);
    }

    @Test
    void an_expired_attempt_is_followed_by_another_and_its_deadline_runs_from_the_pause() {
        String task = task(2);
        channel.ledger.pass(1_000_000);
        channel.expire(part(task, 1));
        assertThat(channel.ledger.state).doesNotContainKey(Keys.done(task, "a", 0));
        channel.advance(Step.retry(task, "a", 0, 1));
        long notBefore =
                channel.fact(Keys.ready(task, "a", 2, 0), Facts.ReadyFact.class).notBefore();
        channel.ledger.pass(notBefore + 10_000 + 2 * SKEW - channel.ledger.now());

        assertThat(refusal(() -> channel.expire(part(task, 2)))).isEqualTo(ErrorCode.NOT_YET_EXPIRED);
        assertThat(channel.expire(part(task, 2))).containsExactly(new StepDone(true));
        assertThat(channel.fact(Keys.done(task, "a", 0), Facts.DoneFact.class).code())
                .isEqualTo("EXPIRED");
    }

    @Test
    void a_deadline_runs_from_the_latest_time_of_what_was_waited_for() {
        String task =
                channel.create(Flows.flow().one("a", "ewr").one("b", "jfk", "a").build());
        channel.ledger.pass(50_000);
        channel.submit("EwrMSP", success(task, "a", "ewr"));
        long done = channel.fact(Keys.done(task, "a", 0), Facts.DoneFact.class).at();
        String fanIn = channel.create(Flows.flow()
                .named("f", "1.0.0")
                .eachRole("each")
                .one("z", "jfk", "each")
                .build());
        channel.submit("EwrMSP", success(fanIn, "each", 0, 1, "ewr", "0"));
        channel.submit("JfkMSP", success(fanIn, "each", 1, 1, "jfk", "1"));
        channel.ledger.pass(500_000);
        channel.submit("LgaMSP", success(fanIn, "each", 2, 1, "lga", "2"));
        long last =
                channel.fact(Keys.done(fanIn, "each", 2), Facts.DoneFact.class).at();
        channel.ledger.pass(-400_000); // whoever sends Advance has a clock behind
        channel.advance(Step.open(fanIn, "z"));

        assertThat(channel.fact(Keys.ready(task, "b"), Facts.ReadyFact.class).notBefore())
                .isEqualTo(done);
        assertThat(channel.fact(Keys.ready(fanIn, "z"), Facts.ReadyFact.class).notBefore())
                .isEqualTo(last);
    }

    @Test
    void a_node_cannot_say_that_it_expired() {
        String task = task(1);
        var item = Channel.failure(task, "a", 0, 1, "ewr", false);
        var forged = new ContractApi.ResultItem(
                task,
                "a",
                0,
                1,
                "ewr",
                null,
                null,
                dev.selvage.model.Failure.of(ErrorCode.EXPIRED, ""),
                null,
                null,
                item.evidence(),
                null,
                null);

        assertThat(refusal(() -> channel.submit("EwrMSP", forged))).isEqualTo(ErrorCode.REQUEST_INVALID);
    }

    @Test
    void what_is_not_ready_cannot_expire() {
        String task = task(2);
        channel.ledger.pass(1_000_000);

        assertThat(refusal(() -> channel.expire(part(task, 2)))).isEqualTo(ErrorCode.NOT_READY);
        assertThat(refusal(() -> channel.expire(new Part(task, "a", 0, 1, "jfk"))))
                .isEqualTo(ErrorCode.NOT_READY);
    }
}
