package dev.selvage.chaincode;

import static dev.selvage.chaincode.Channel.failure;
import static dev.selvage.chaincode.Channel.refusal;
import static dev.selvage.chaincode.Channel.success;
import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.contract.testing.Identity;
import dev.selvage.contract.testing.MemoryLedger;
import dev.selvage.model.ContractApi;
import dev.selvage.model.ContractApi.Step;
import dev.selvage.model.ContractApi.StepDone;
import dev.selvage.model.Digest;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.Facts;
import dev.selvage.model.Input;
import dev.selvage.model.Keys;
import dev.selvage.model.Operation;
import dev.selvage.model.SubTask;
import dev.selvage.model.SubTaskState;
import dev.selvage.model.TaskState;
import dev.selvage.model.Workflow;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.hyperledger.fabric.shim.Chaincode;
import org.junit.jupiter.api.Test;

class AdvanceTest {
    private static final StepDone CHANGED = new StepDone(true);
    private static final StepDone SAME = new StepDone(false);

    private final Channel channel = new Channel();

    /** Deploys a workflow whose only root "a" pins the key "names" of the chaincode "reference". */
    static Digest pinning(Channel channel, String name) {
        var operation = new Operation(
                Operation.FORMAT,
                "test.pin/1",
                null,
                Map.of(),
                Map.of("names", new Operation.InputSpec("text/plain", null, List.of(), null)),
                Flows.OPERATION.outputs(),
                true,
                null,
                List.of());
        var pin = new Input.State(new Input.Call("reference", "Get", List.of("names")), Input.Pin.READY);
        Map<String, SubTask> subTasks = Map.of("a", pinned(pin), "b", pinned(pin, "r"), "r", plain());
        var workflow = new Workflow(
                Workflow.FORMAT,
                name,
                "1.0.0",
                null,
                Map.of(),
                Map.of("test.pin/1", operation.digest(), Flows.OP, Flows.OPERATION.digest()),
                null,
                Flows.flow().one("x", "ewr").build().roles(),
                subTasks,
                Map.of());
        return channel.ledger
                .submit(
                        Channel.USER,
                        ContractApi.DEPLOY_WORKFLOW,
                        new ContractApi.Deployment(workflow, List.of(operation, Flows.OPERATION)))
                .answer(ContractApi.Deployed.class)
                .digest();
    }

    private static SubTask pinned(Input pin, String... after) {
        return new SubTask(
                null,
                null,
                Map.of("ewr", new SubTask.Participant("test.pin/1")),
                Map.of("names", pin),
                Map.of("out", new SubTask.Output(List.of("channel"), null, null)),
                null,
                null,
                null,
                List.of(after),
                null,
                null);
    }

    private static SubTask plain() {
        return new SubTask(
                null,
                null,
                Map.of("ewr", new SubTask.Participant(Flows.OP)),
                Map.of(),
                Map.of("out", new SubTask.Output(List.of("channel"), null, null)),
                null,
                null,
                null,
                List.of(),
                null,
                null);
    }

    private void reference(String value) {
        channel.ledger.state.put(
                "reference\u0001names",
                new MemoryLedger.Entry(value.getBytes(StandardCharsets.UTF_8), channel.ledger.now()));
        channel.ledger.others.put("reference", (state, words) -> {
            byte[] bytes = words.get(0).equals("Get") ? state.apply(words.get(1)) : null;
            return new Chaincode.Response(bytes == null ? 500 : 200, "no", bytes == null ? new byte[0] : bytes);
        });
    }

    @Test
    void a_fan_in_over_forEach_opens_only_when_every_part_is_done() {
        String task = channel.create(
                Flows.flow().eachRole("each").one("z", "jfk", "each").build());
        channel.submit("EwrMSP", success(task, "each", 0, 1, "ewr", "0"));
        channel.submit("JfkMSP", success(task, "each", 1, 1, "jfk", "1"));

        assertThat(refusal(() -> channel.advance(Step.open(task, "z")))).isEqualTo(ErrorCode.NOT_READY);
        channel.submit("LgaMSP", success(task, "each", 2, 1, "lga", "2"));
        assertThat(channel.isReady(task, "z")).isFalse();
        assertThat(channel.advance(Step.open(task, "z"))).containsExactly(CHANGED);
        assertThat(channel.isReady(task, "z")).isTrue();
        assertThat(channel.advance(Step.open(task, "z"))).containsExactly(SAME);
    }

    @Test
    void the_closing_advance_deletes_what_nodes_had_to_do() {
        String task = channel.create(
                Flows.flow().eachRole("each").one("z", "jfk", "each").build());
        for (String msp : List.of("EwrMSP", "JfkMSP", "LgaMSP")) {
            assertThat(channel.ledger.state).containsKey(Keys.todo(Channel.node(msp), task, "each"));
        }
        channel.submit("EwrMSP", success(task, "each", 0, 1, "ewr", "0"));
        channel.submit("JfkMSP", success(task, "each", 1, 1, "jfk", "1"));
        channel.submit("LgaMSP", success(task, "each", 2, 1, "lga", "2"));
        channel.advance(Step.open(task, "z"));

        assertThat(channel.ledger.state.keySet().stream().filter(key -> key.startsWith("todo/")))
                .containsExactly(Keys.todo(Channel.node("JfkMSP"), task, "z"));
        channel.submit("JfkMSP", success(task, "z", "jfk"));
        assertThat(channel.ledger.state.keySet().stream().filter(key -> key.startsWith("todo/")))
                .isEmpty();
    }

    @Test
    void of_two_that_open_at_once_one_wins_and_the_event_is_told_once() {
        String task = channel.create(
                Flows.flow().eachRole("each").one("z", "jfk", "each").build());
        channel.submit("EwrMSP", success(task, "each", 0, 1, "ewr", "0"));
        channel.submit("JfkMSP", success(task, "each", 1, 1, "jfk", "1"));
        channel.submit("LgaMSP", success(task, "each", 2, 1, "lga", "2"));
        var one = channel.ledger.endorse(Identity.user("EwrMSP"), ContractApi.ADVANCE, List.of(Step.open(task, "z")));
        var two = channel.ledger.endorse(Identity.user("JfkMSP"), ContractApi.ADVANCE, List.of(Step.open(task, "z")));

        assertThat(channel.ledger.commit(List.of(one, two)))
                .containsExactly(MemoryLedger.Code.VALID, MemoryLedger.Code.MVCC_READ_CONFLICT);
        assertThat(channel.events().stream()
                        .filter(fact -> fact instanceof dev.selvage.model.LedgerEvent.Ready ready
                                && ready.subTask().equals("z")))
                .hasSize(1);
    }

    @Test
    void a_failed_attempt_is_followed_by_the_next_on_the_next_node() {
        String task = channel.create(
                Flows.flow()
                        .allNodes()
                        .count("c", 2)
                        .change("c", draft -> draft.attempts(3))
                        .build(),
                Flows.nodes());

        channel.submit("JfkMSP", failure(task, "c", 1, 1, "all", true));
        assertThat(channel.view(task).next()).containsExactly(Step.retry(task, "c", 1, 1));
        assertThat(channel.advance(Step.retry(task, "c", 1, 1))).containsExactly(CHANGED);
        assertThat(channel.advance(Step.retry(task, "c", 1, 1))).containsExactly(SAME);
        var ready = channel.fact(Keys.ready(task, "c", 2, 1), Facts.ReadyFact.class);
        assertThat(ready.notBefore()).isGreaterThanOrEqualTo(ready.at() + 1_000);
        assertThat(refusal(() -> channel.submit("JfkMSP", success(task, "c", 1, 2, "all", "x"))))
                .isEqualTo(ErrorCode.NODE_NOT_NAMED);
        channel.submit("LgaMSP", success(task, "c", 1, 2, "all", "x"));
        assertThat(channel.fact(Keys.done(task, "c", 1), Facts.DoneFact.class).attempt())
                .isEqualTo(2);
        assertThat(channel.ledger.state).doesNotContainKey(Keys.todo(Channel.node("LgaMSP"), task, "c", 2, 1));
    }

    @Test
    void a_success_or_a_final_failure_is_not_followed_by_another_attempt() {
        String task = channel.create(Flows.flow()
                .one("a", "ewr")
                .one("b", "jfk")
                .change("b", draft -> draft.attempts(2))
                .build());
        channel.submit("EwrMSP", success(task, "a", "ewr"));
        channel.submit("JfkMSP", failure(task, "b", 0, 1, "jfk", false));

        assertThat(channel.advance(Step.retry(task, "a", 0, 1), Step.retry(task, "b", 0, 1)))
                .containsExactly(SAME, SAME);
        assertThat(channel.fact(Keys.done(task, "b", 0), Facts.DoneFact.class).code())
                .isEqualTo("ENGINE_DIED");
    }

    @Test
    void retry_of_an_attempt_without_a_result_is_not_ready() {
        String task = channel.create(Flows.flow().one("a", "ewr").build());

        assertThat(refusal(() -> channel.advance(Step.retry(task, "a", 0, 1)))).isEqualTo(ErrorCode.NOT_READY);
    }

    @Test
    void a_task_of_several_leaves_is_ended_by_advance_once() {
        String task =
                channel.create(Flows.flow().one("a", "ewr").one("b", "jfk").build());
        channel.submit("EwrMSP", success(task, "a", "ewr"));
        assertThat(refusal(() -> channel.advance(Step.end(task)))).isEqualTo(ErrorCode.NOT_READY);
        channel.submit("JfkMSP", success(task, "b", "jfk"));

        assertThat(channel.view(task).next()).containsExactly(Step.end(task));
        assertThat(channel.advance(Step.end(task))).containsExactly(CHANGED);
        assertThat(channel.advance(Step.end(task))).containsExactly(SAME);
        assertThat(channel.end(task).state()).isEqualTo(TaskState.SUCCEEDED);
    }

    @Test
    void failure_and_skipping_are_derived_and_skipped_is_never_written() {
        String task = channel.create(Flows.flow()
                .one("a", "ewr")
                .one("b", "jfk", "a")
                .one("c", "lga", "b")
                .one("mend", "lga", "a")
                .change("mend", draft -> draft.runIf(SubTask.RunIf.FAILURE))
                .one("last", "ewr", "c", "mend")
                .change("last", draft -> draft.runIf(SubTask.RunIf.ALWAYS))
                .build());
        var verdict = channel.submit("EwrMSP", failure(task, "a", 0, 1, "ewr", false));

        assertThat(verdict.get(0).opened()).containsExactly("mend");
        assertThat(channel.view(task).subTasks().get("c").state()).isEqualTo(SubTaskState.SKIPPED);
        assertThat(channel.image().keySet()).noneMatch(key -> key.contains("/" + task + "/c"));
        assertThat(refusal(() -> channel.advance(Step.open(task, "last")))).isEqualTo(ErrorCode.NOT_READY);
        channel.submit("LgaMSP", success(task, "mend", "lga"));
        assertThat(channel.advance(Step.open(task, "last"), Step.open(task, "b")))
                .containsExactly(CHANGED, SAME);
        channel.submit("EwrMSP", success(task, "last", "ewr"));
        channel.advance(Step.end(task));
        assertThat(channel.end(task).state()).isEqualTo(TaskState.SUCCEEDED);
    }

    @Test
    void an_unhandled_failure_fails_the_task() {
        String task =
                channel.create(Flows.flow().one("a", "ewr").one("b", "jfk", "a").build());
        channel.submit("EwrMSP", failure(task, "a", 0, 1, "ewr", false));
        channel.advance(Step.end(task));

        assertThat(channel.end(task).state()).isEqualTo(TaskState.FAILED);
        assertThat(channel.end(task).code()).isEqualTo("ENGINE_DIED");
    }

    @Test
    void pinned_state_is_read_when_the_sub_task_is_made_ready() {
        reference("UA,United");
        String task =
                channel.create(Channel.USER, pinning(channel, "pins"), Map.of()).task();
        channel.advance(Step.open(task, "a"));

        var bytes = "UA,United".getBytes(StandardCharsets.UTF_8);
        var ready = channel.fact(Keys.ready(task, "a"), Facts.ReadyFact.class);
        assertThat(ready.pinned()).containsEntry("names", Digest.of(bytes));
        assertThat(channel.ledger
                        .evaluate(
                                Channel.USER,
                                ContractApi.GET_PINNED,
                                new ContractApi.PinnedQuery(task, "a", "names"),
                                ContractApi.Bytes.class)
                        .bytes())
                .isEqualTo(bytes);
    }

    @Test
    void a_change_of_the_state_invalidates_the_opening_and_never_a_result() {
        reference("old");
        String task =
                channel.create(Channel.USER, pinning(channel, "pins"), Map.of()).task();
        var open = channel.ledger.endorse(Channel.USER, ContractApi.ADVANCE, List.of(Step.open(task, "a")));
        var result = channel.endorse("EwrMSP", Channel.opening(success(task, "r", "ewr"), "b"));
        reference("new");

        assertThat(channel.ledger.commit(List.of(open, result)))
                .containsExactly(MemoryLedger.Code.MVCC_READ_CONFLICT, MemoryLedger.Code.VALID);
        assertThat(channel.isReady(task, "b")).isFalse();
        channel.advance(Step.open(task, "b"), Step.open(task, "a"));
        assertThat(channel.isReady(task, "b")).isTrue();
    }

    @Test
    void state_that_cannot_be_read_or_is_too_large_has_its_code() {
        String task =
                channel.create(Channel.USER, pinning(channel, "pins"), Map.of()).task();
        assertThat(refusal(() -> channel.advance(Step.open(task, "a")))).isEqualTo(ErrorCode.STATE_UNAVAILABLE);
        reference("x".repeat(17 * 1024));
        assertThat(refusal(() -> channel.advance(Step.open(task, "a")))).isEqualTo(ErrorCode.TOO_LARGE);
        assertThat(channel.isReady(task, "a")).isFalse();
    }

    @Test
    void steps_of_one_transaction_see_each_other() {
        reference("x");
        String task =
                channel.create(Channel.USER, pinning(channel, "pins"), Map.of()).task();

        assertThat(channel.advance(Step.open(task, "a"), Step.open(task, "a"))).containsExactly(CHANGED, SAME);
    }

    @Test
    void a_fan_in_of_ten_thousand_parts_fits_into_one_transaction() {
        String task = channel.create(
                Flows.flow().allNodes().count("c", 10_000).one("z", "jfk", "c").build(), Flows.nodes());
        var done = dev.selvage.model.CanonicalJson.bytes(new Facts.DoneFact(
                1, dev.selvage.model.Outcome.SUCCEEDED, Keys.result(task, "c", 9_999, 1, "all"), null, 1L));
        for (int i = 0; i < 9_999; i++) {
            channel.ledger.state.put(Keys.done(task, "c", i), new MemoryLedger.Entry(done, 1));
        }
        assertThat(refusal(() -> channel.advance(Step.open(task, "z")))).isEqualTo(ErrorCode.NOT_READY);
        channel.ledger.state.put(Keys.done(task, "c", 9_999), new MemoryLedger.Entry(done, 1));

        assertThat(channel.advance(Step.open(task, "z"))).containsExactly(CHANGED);
        channel.submit("JfkMSP", success(task, "z", "jfk"));
        assertThat(channel.view(task).state()).isEqualTo(TaskState.SUCCEEDED);
    }

    @Test
    void more_than_four_mebibytes_are_not_read_in_one_transaction() {
        String task = channel.create(
                Flows.flow().allNodes().count("c", 10_000).one("z", "jfk", "c").build(), Flows.nodes());
        byte[] large = new byte[500];
        java.util.Arrays.fill(large, (byte) ' ');
        for (int i = 0; i < 10_000; i++) {
            channel.ledger.state.put(Keys.done(task, "c", i), new MemoryLedger.Entry(large, 1));
        }

        assertThat(refusal(() -> channel.advance(Step.open(task, "z")))).isEqualTo(ErrorCode.TRANSACTION_TOO_LARGE);
    }
}
