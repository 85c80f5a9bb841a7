package dev.selvage.chaincode;

import static dev.selvage.chaincode.Channel.failure;
import static dev.selvage.chaincode.Channel.opening;
import static dev.selvage.chaincode.Channel.refusal;
import static dev.selvage.chaincode.Channel.success;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.selvage.contract.testing.MemoryLedger;
import dev.selvage.model.CanonicalJson;
import dev.selvage.model.ContractApi;
import dev.selvage.model.ContractApi.ResultItem;
import dev.selvage.model.ContractApi.Step;
import dev.selvage.model.ContractApi.StepDone;
import dev.selvage.model.ContractApi.Verdict;
import dev.selvage.model.Digest;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.Facts;
import dev.selvage.model.Input;
import dev.selvage.model.Keys;
import dev.selvage.model.LedgerEvent;
import dev.selvage.model.Operation;
import dev.selvage.model.Outcome;
import dev.selvage.model.Schema;
import dev.selvage.model.SelvageException;
import dev.selvage.model.SubTask;
import dev.selvage.model.TaskState;
import dev.selvage.model.Workflow;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ResultsTest {
    private final Channel channel = new Channel();

    @Test
    void result_of_a_single_part_opens_what_waits_for_it_alone_and_the_lone_leaf_ends_the_task() {
        String task =
                channel.create(Flows.flow().one("a", "ewr").one("b", "jfk", "a").build());

        var first = channel.submit("EwrMSP", success(task, "a", "ewr"));
        assertThat(first.get(0).verdict()).isEqualTo(Verdict.ACCEPTED);
        assertThat(first.get(0).opened()).containsExactly("b");
        assertThat(first.get(0).end()).isFalse();

        var last = channel.submit("JfkMSP", success(task, "b", "jfk"));
        assertThat(last.get(0).end()).isTrue();
        assertThat(channel.end(task).state()).isEqualTo(TaskState.SUCCEEDED);
    }

    @Test
    void rejects_result_from_unassigned_node() {
        String task = channel.create(Flows.flow().one("a", "ewr").build());

        assertThat(refusal(() -> channel.submit("JfkMSP", success(task, "a", "ewr"))))
                .isEqualTo(ErrorCode.NODE_NOT_NAMED);
    }

    @Test
    void named_dependent_that_the_peer_does_not_see_done_is_an_error_and_not_a_shorter_write() {
        String task = channel.create(Flows.flow()
                .one("a", "ewr")
                .one("b", "jfk")
                .one("c", "lga", "a", "b")
                .build());

        assertThat(refusal(() -> channel.submit("EwrMSP", opening(success(task, "a", "ewr"), "c"))))
                .isEqualTo(ErrorCode.NOT_YET_VISIBLE);
        channel.submit("EwrMSP", success(task, "a", "ewr"));
        assertThat(channel.isReady(task, "c")).isFalse();
        var verdict = channel.submit("JfkMSP", opening(success(task, "b", "jfk"), "c"));
        assertThat(verdict.get(0).opened()).containsExactly("c");
    }

    @Test
    void failure_that_may_be_retried_leaves_the_part_open() {
        String task = channel.create(Flows.flow()
                .one("a", "ewr")
                .change("a", draft -> draft.attempts(2))
                .build());

        channel.submit("EwrMSP", failure(task, "a", 0, 1, "ewr", true));
        assertThat(channel.end(task)).isNull();
        assertThat(channel.advance(Step.retry(task, "a", 0, 1))).containsExactly(new StepDone(true));
        channel.submit("EwrMSP", success(task, "a", 0, 2, "ewr", "x"));
        assertThat(channel.end(task).state()).isEqualTo(TaskState.SUCCEEDED);
    }

    @Test
    void results_of_one_batch_count_as_done_for_each_other() {
        String task = channel.create(Flows.flow()
                .one("a", "ewr")
                .one("b", "ewr")
                .one("c", "lga", "a", "b")
                .build());

        var verdicts = channel.submit("EwrMSP", opening(success(task, "a", "ewr"), "c"), success(task, "b", "ewr"));
        assertThat(verdicts.get(0).opened()).containsExactly("c");
        assertThat(channel.isReady(task, "c")).isTrue();
    }

    @Test
    void a_dependent_that_two_results_of_a_batch_name_is_opened_and_told_once() {
        String task = channel.create(Flows.flow()
                .one("a", "ewr")
                .one("b", "ewr")
                .one("c", "lga", "a", "b")
                .build());
        var endorsed = channel.endorse(
                "EwrMSP", opening(success(task, "a", "ewr"), "c"), opening(success(task, "b", "ewr"), "c"));

        assertThat(Channel.facts(endorsed).stream().filter(LedgerEvent.Ready.class::isInstance))
                .hasSize(1);
        assertThat(endorsed.answer(ContractApi.Verdicts.class).items())
                .extracting(ContractApi.ItemVerdict::opened)
                .containsExactly(List.of("c"), List.of());
    }

    @Test
    void a_dependent_that_was_not_named_is_left_to_advance() {
        String task = channel.create(Flows.flow()
                .one("a", "ewr")
                .one("b", "jfk")
                .one("c", "lga", "a", "b")
                .build());
        channel.submit("EwrMSP", success(task, "a", "ewr"));
        channel.submit("JfkMSP", success(task, "b", "jfk"));

        assertThat(channel.isReady(task, "c")).isFalse();
        assertThat(channel.view(task).next()).containsExactly(Step.open(task, "c"));
        channel.advance(Step.open(task, "c"));
        assertThat(channel.isReady(task, "c")).isTrue();
    }

    @Test
    void two_that_finish_at_once_and_see_only_themselves_both_commit() {
        String task = channel.create(Flows.flow()
                .one("a", "ewr")
                .one("b", "jfk")
                .one("c", "lga", "a", "b")
                .build());
        var one = channel.endorse("EwrMSP", success(task, "a", "ewr"));
        var two = channel.endorse("JfkMSP", success(task, "b", "jfk"));

        assertThat(channel.ledger.commit(List.of(one, two))).containsOnly(MemoryLedger.Code.VALID);
    }

    @Test
    void at_most_sixteen_dependents_are_made_ready_and_advance_opens_the_rest() {
        var flow = Flows.flow().one("a", "ewr");
        for (int i = 0; i < 20; i++) {
            flow.one("d" + (10 + i), "jfk", "a");
        }
        String task = channel.create(flow.build());

        assertThat(channel.submit("EwrMSP", success(task, "a", "ewr")).get(0).opened())
                .hasSize(16);
        channel.advance(channel.view(task).next().toArray(Step[]::new));
        assertThat(channel.view(task).next()).isEmpty();
        assertThat(channel.isReady(task, "d29")).isTrue();
    }

    @Test
    void done_is_not_read_by_the_result_that_writes_it() {
        String task =
                channel.create(Flows.flow().one("a", "ewr").one("b", "jfk", "a").build());

        assertThat(channel.endorse("EwrMSP", success(task, "a", "ewr")).reads())
                .noneMatch(key -> key.startsWith("done/"));
    }

    @Test
    void results_of_different_parts_touch_only_their_own_keys() {
        String task = channel.create(
                Flows.flow().eachRole("each").one("z", "jfk", "each").build());
        var all = List.of(
                channel.endorse("EwrMSP", success(task, "each", 0, 1, "ewr", "0")),
                channel.endorse("JfkMSP", success(task, "each", 1, 1, "jfk", "1")),
                channel.endorse("LgaMSP", success(task, "each", 2, 1, "lga", "2")));

        assertThat(channel.ledger.commit(all)).containsOnly(MemoryLedger.Code.VALID);
        assertThat(channel.isReady(task, "z")).isFalse();
    }

    @Test
    void forty_results_share_a_transaction_of_six_and_three_round_trips_each() {
        String task = channel.create(Flows.flow().allNodes().count("c", 120).build(), Flows.nodes());
        var items = java.util.stream.IntStream.range(0, 40)
                .mapToObj(i -> success(task, "c", i * 3, 1, "all", "part " + i))
                .toArray(ResultItem[]::new);
        var endorsed = channel.endorse("EwrMSP", items);

        assertThat(endorsed.roundTrips()).isEqualTo(6 + 3 * 40);
        assertThat(channel.ledger.commit(List.of(endorsed))).containsExactly(MemoryLedger.Code.VALID);
    }

    @Test
    void a_batch_holds_results_of_several_tasks() {
        var digest = channel.deploy(Flows.flow().one("a", "ewr").build());
        String one = channel.create(Channel.USER, digest, Map.of()).task();
        String two = channel.create(Channel.USER, digest, Map.of()).task();

        assertThat(channel.submit("EwrMSP", success(one, "a", "ewr"), success(two, "a", "ewr")))
                .allMatch(ContractApi.ItemVerdict::end);
    }

    @Test
    void the_same_result_again_is_adopted_and_a_differing_one_is_a_recorded_conflict() {
        String task =
                channel.create(Flows.flow().one("a", "ewr").one("b", "jfk", "a").build());
        channel.submit("EwrMSP", success(task, "a", "ewr"));
        var accepted = channel.fact(Keys.result(task, "a", 0, 1, "ewr"), Facts.ResultFact.class);

        assertThat(channel.submit("EwrMSP", success(task, "a", "ewr")).get(0).verdict())
                .isEqualTo(Verdict.ADOPTED);
        var endorsed = channel.endorse("EwrMSP", success(task, "a", 0, 1, "ewr", "other bytes"));
        channel.ledger.commit(List.of(endorsed));
        assertThat(endorsed.answer(ContractApi.Verdicts.class).items().get(0).verdict())
                .isEqualTo(Verdict.CONFLICT);
        assertThat(Channel.facts(endorsed)).singleElement().isInstanceOf(LedgerEvent.Conflict.class);
        assertThat(channel.fact(Keys.conflict(task, "a", 0, 1, "ewr", endorsed.txid()), Facts.ConflictFact.class)
                        .by())
                .isEqualTo(new Facts.Party("EwrMSP", "node1"));
        assertThat(channel.fact(Keys.result(task, "a", 0, 1, "ewr"), Facts.ResultFact.class))
                .isEqualTo(accepted);
    }

    @Test
    void one_item_that_conflicts_or_came_late_does_not_hold_up_the_others() {
        var digest =
                channel.deploy(Flows.flow().one("a", "ewr").one("z", "jfk", "a").build());
        String fresh = channel.create(Channel.USER, digest, Map.of()).task();
        String known = channel.create(Channel.USER, digest, Map.of()).task();
        String gone = channel.create(Channel.USER, digest, Map.of()).task();
        channel.submit("EwrMSP", success(known, "a", "ewr"));
        channel.ledger.submit(Channel.USER, ContractApi.CANCEL, new ContractApi.TaskAct(gone, null));

        var verdicts = channel.submit(
                "EwrMSP",
                success(gone, "a", "ewr"),
                success(known, "a", 0, 1, "ewr", "other"),
                success(fresh, "a", "ewr"));
        assertThat(verdicts)
                .extracting(ContractApi.ItemVerdict::verdict)
                .containsExactly(Verdict.ENDED, Verdict.CONFLICT, Verdict.ACCEPTED);
        assertThat(channel.ledger.state).doesNotContainKey(Keys.result(gone, "a", 0, 1, "ewr"));
    }

    @Test
    void one_item_that_is_malformed_refuses_the_whole_and_is_named() {
        var digest =
                channel.deploy(Flows.flow().one("a", "ewr").one("z", "jfk", "a").build());
        String one = channel.create(Channel.USER, digest, Map.of()).task();
        String two = channel.create(Channel.USER, digest, Map.of()).task();
        var before = channel.image();

        assertThatThrownBy(() -> channel.submit("EwrMSP", success(one, "a", "ewr"), success(two, "a", "jfk")))
                .isInstanceOfSatisfying(
                        SelvageException.class,
                        refused -> assertThat(refused.parameters()).containsEntry("item", "1"));
        assertThat(channel.image()).isEqualTo(before);
    }

    @Test
    void a_result_twice_in_one_submission_is_refused() {
        String task = channel.create(Flows.flow().one("a", "ewr").build());

        assertThat(refusal(() -> channel.submit("EwrMSP", success(task, "a", "ewr"), success(task, "a", "ewr"))))
                .isEqualTo(ErrorCode.REQUEST_INVALID);
    }

    @Test
    void a_result_before_its_attempt_is_ready_is_refused() {
        String task = channel.create(Flows.flow()
                .one("a", "ewr")
                .change("a", draft -> draft.attempts(2))
                .one("b", "ewr", "a")
                .build());

        assertThat(refusal(() -> channel.submit("EwrMSP", success(task, "b", "ewr"))))
                .isEqualTo(ErrorCode.NOT_READY);
        assertThat(refusal(() -> channel.submit("EwrMSP", success(task, "a", 0, 2, "ewr", "x"))))
                .isEqualTo(ErrorCode.NOT_READY);
    }

    @Test
    void role_part_and_attempt_must_be_those_of_the_plan() {
        String task = channel.create(Flows.flow().eachRole("each").build());

        assertThat(refusal(() -> channel.submit("EwrMSP", success(task, "each", 0, 1, "jfk", "x"))))
                .isEqualTo(ErrorCode.NODE_NOT_NAMED);
        assertThat(refusal(() -> channel.submit("EwrMSP", success(task, "each", 3, 1, "ewr", "x"))))
                .isEqualTo(ErrorCode.REQUEST_INVALID);
        assertThat(refusal(() -> channel.submit("EwrMSP", success(task, "each", 0, 0, "ewr", "x"))))
                .isEqualTo(ErrorCode.REQUEST_INVALID);
    }

    @Test
    void bytes_on_the_ledger_are_checked_against_their_digest() {
        String task = channel.create(Flows.flow()
                .put("a", new Flows.Draft().output(new SubTask.Output(List.of("channel"), null, true)))
                .build());
        var plain = success(task, "a", "ewr");

        assertThat(refusal(() -> channel.submit("EwrMSP", plain))).isEqualTo(ErrorCode.REQUEST_INVALID);
        assertThat(refusal(() -> channel.submit("EwrMSP", onLedger(plain, "bytes of b".getBytes(UTF_8)))))
                .isEqualTo(ErrorCode.DIGEST_MISMATCH);
        channel.submit("EwrMSP", onLedger(plain, "bytes of a".getBytes(UTF_8)));
        assertThat(channel.ledger
                        .evaluate(
                                Channel.USER,
                                ContractApi.GET_OUTPUT,
                                new ContractApi.OutputQuery(task, "a", 0, "out"),
                                ContractApi.Bytes.class)
                        .bytes())
                .isEqualTo("bytes of a".getBytes(UTF_8));
    }

    @Test
    void nothing_empty_goes_on_the_ledger() {
        String task = channel.create(Flows.flow()
                .put("a", new Flows.Draft().output(new SubTask.Output(List.of("channel"), null, true)))
                .build());
        var empty = onLedger(success(task, "a", 0, 1, "ewr", ""), new byte[0]);

        assertThat(refusal(() -> channel.submit("EwrMSP", empty))).isEqualTo(ErrorCode.REQUEST_INVALID);
    }

    private static ResultItem onLedger(ResultItem item, byte[] bytes) {
        return with(item, item.outputs(), Map.of("out", bytes), item.evidence(), item.measures());
    }

    private static ResultItem with(
            ResultItem item,
            Map<String, Facts.OutputFact> outputs,
            Map<String, byte[]> onLedger,
            List<Facts.EvidenceFact> evidence,
            Map<String, Long> measures) {
        return new ResultItem(
                item.task(),
                item.subTask(),
                item.index(),
                item.attempt(),
                item.role(),
                outputs,
                onLedger,
                item.failure(),
                item.engine(),
                item.reads(),
                evidence,
                measures,
                item.opens());
    }

    @Test
    void outputs_not_visible_to_the_channel_must_be_salted() {
        String task = channel.create(Flows.flow()
                .put("a", new Flows.Draft().output(new SubTask.Output(List.of("jfk"), null, null)))
                .build());
        var item = success(task, "a", "ewr");
        var plain = item.outputs().get("out");

        assertThat(refusal(() -> channel.submit("EwrMSP", item))).isEqualTo(ErrorCode.REQUEST_INVALID);
        var salted = new Facts.OutputFact(
                plain.digest().salted(new byte[Digest.SALT_BYTES]), plain.size(), plain.mediaType(), true);
        channel.submit("EwrMSP", with(item, Map.of("out", salted), Map.of(), List.of(), Map.of()));
        assertThat(channel.end(task).state()).isEqualTo(TaskState.SUCCEEDED);
    }

    @Test
    void sizes_evidence_measures_and_outputs_are_bounded() {
        String task = channel.create(Flows.flow()
                .put("a", new Flows.Draft().output(new SubTask.Output(List.of("channel"), 4L, null)))
                .build());
        var item = success(task, "a", "ewr");
        assertThat(refusal(() -> channel.submit("EwrMSP", item))).isEqualTo(ErrorCode.TOO_LARGE);
        var small = success(task, "a", 0, 1, "ewr", "abcd");
        var evidence = List.of(new Facts.EvidenceFact("x".repeat(1100), null, null));
        assertThat(refusal(() -> channel.submit("EwrMSP", with(small, small.outputs(), Map.of(), evidence, Map.of()))))
                .isEqualTo(ErrorCode.TOO_LARGE);
        assertThat(refusal(() -> channel.submit(
                        "EwrMSP", with(small, small.outputs(), Map.of(), List.of(), Map.of("runMs", -1L)))))
                .isEqualTo(ErrorCode.REQUEST_INVALID);
        assertThat(refusal(() -> channel.submit(
                        "EwrMSP", with(small, small.outputs(), Map.of(), List.of(), Map.of("mood", 1L)))))
                .isEqualTo(ErrorCode.REQUEST_INVALID);
        assertThat(refusal(() -> channel.submit("EwrMSP", with(small, Map.of(), Map.of(), List.of(), Map.of()))))
                .isEqualTo(ErrorCode.REQUEST_INVALID);
        channel.submit("EwrMSP", small);
    }

    @Test
    void every_fact_names_its_transaction_and_the_event_tells_it() {
        String task = channel.create(Flows.flow().one("a", "ewr").build());
        var endorsed = channel.endorse("EwrMSP", success(task, "a", "ewr"));
        channel.ledger.commit(List.of(endorsed));

        assertThat(channel.fact(Keys.result(task, "a", 0, 1, "ewr"), Facts.ResultFact.class)
                        .txid())
                .isEqualTo(endorsed.txid());
        assertThat(channel.end(task).txid()).isEqualTo(endorsed.txid());
        assertThat(Channel.facts(endorsed))
                .containsExactly(
                        new LedgerEvent.Result(task, "a", 0, 1, "ewr", Channel.node("EwrMSP"), Outcome.SUCCEEDED, true),
                        new LedgerEvent.End(task, TaskState.SUCCEEDED));
    }

    @Test
    void an_event_that_would_be_too_long_leaves_out_the_input_sources() {
        var large = new Input.Value(CanonicalJson.tree("x".repeat(12_000)));
        var operation = new Operation(
                Operation.FORMAT,
                "test.text/1",
                null,
                Map.of("text", Schema.ofType("string")),
                Map.of(),
                Flows.OPERATION.outputs(),
                true,
                null,
                List.of());
        Map<String, SubTask> subTasks = new java.util.TreeMap<>();
        for (int i = 0; i < 10; i++) {
            subTasks.put(
                    "s" + i,
                    new SubTask(
                            null,
                            null,
                            Map.of("ewr", new SubTask.Participant("test.text/1")),
                            Map.of("text", large),
                            Map.of(),
                            null,
                            null,
                            null,
                            List.of(),
                            null,
                            null));
        }
        var plain = Flows.flow().one("x", "ewr").build();
        var workflow = new Workflow(
                Workflow.FORMAT,
                "long",
                "1.0.0",
                null,
                Map.of(),
                Map.of("test.text/1", operation.digest()),
                null,
                plain.roles(),
                subTasks,
                Map.of());
        var digest = channel.ledger
                .submit(
                        Channel.USER,
                        ContractApi.DEPLOY_WORKFLOW,
                        new ContractApi.Deployment(workflow, List.of(operation)))
                .answer(ContractApi.Deployed.class)
                .digest();
        var created = channel.ledger.submit(
                Channel.USER, ContractApi.CREATE_TASK, new ContractApi.NewTask(digest, null, null, null));

        assertThat(Channel.facts(created)).hasSize(11);
        assertThat(Channel.facts(created).get(1))
                .isInstanceOfSatisfying(
                        LedgerEvent.Ready.class,
                        ready -> assertThat(ready.inputs()).isEmpty());
    }
}
