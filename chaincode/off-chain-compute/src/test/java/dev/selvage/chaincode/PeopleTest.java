package dev.selvage.chaincode;

import static dev.selvage.chaincode.Channel.failure;
import static dev.selvage.chaincode.Channel.refusal;
import static dev.selvage.chaincode.Channel.success;
import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.contract.testing.Identity;
import dev.selvage.contract.testing.MemoryLedger;
import dev.selvage.model.ContractApi;
import dev.selvage.model.ContractApi.Step;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.Facts;
import dev.selvage.model.Keys;
import dev.selvage.model.LedgerEvent;
import dev.selvage.model.PartRange;
import dev.selvage.model.SubTaskState;
import dev.selvage.model.TaskState;
import dev.selvage.model.Workflow;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Approving, rejecting, cancelling and retrying. */
class PeopleTest {
    private final Channel channel = new Channel();

    private String awaiting() {
        return channel.create(Flows.flow()
                .access(new Workflow.Access(null, List.of("EwrMSP", "JfkMSP"), List.of("creator", "LgaMSP"), null))
                .one("a", "ewr")
                .one("b", "lga")
                .build());
    }

    private MemoryLedger.Endorsed act(Identity who, String function, String task) {
        return channel.ledger.submit(who, function, new ContractApi.TaskAct(task, null));
    }

    private List<String> may(Identity who, String task) {
        return channel.ledger
                .evaluate(
                        who,
                        ContractApi.PERMISSIONS,
                        new ContractApi.PermissionQuery(task, null),
                        ContractApi.Permitted.class)
                .may();
    }

    @Test
    void nothing_runs_before_the_last_approval_and_advance_starts_it() {
        String task = awaiting();
        assertThat(channel.view(task).state()).isEqualTo(TaskState.AWAITING_APPROVAL);
        assertThat(channel.isReady(task, "a")).isFalse();
        assertThat(may(Identity.user("EwrMSP"), task)).containsExactly("approve", "reject", "cancel");

        act(Identity.user("EwrMSP"), ContractApi.APPROVE, task);
        assertThat(may(Identity.user("EwrMSP"), task)).containsExactly("reject", "cancel");
        assertThat(refusal(() -> channel.advance(Step.start(task)))).isEqualTo(ErrorCode.NOT_READY);
        assertThat(refusal(() -> channel.advance(Step.open(task, "a")))).isEqualTo(ErrorCode.NOT_READY);
        var last = act(Identity.user("JfkMSP"), ContractApi.APPROVE, task);
        assertThat(Channel.facts(last)).containsExactly(new LedgerEvent.Approval(task, "JfkMSP"));
        assertThat(channel.view(task).next()).containsExactly(Step.open(task, "a"), Step.open(task, "b"));
        channel.advance(Step.start(task));
        assertThat(channel.isReady(task, "a")).isTrue();
        assertThat(channel.isReady(task, "b")).isTrue();
        assertThat(channel.advance(Step.start(task)).get(0).changed()).isFalse();
    }

    @Test
    void approvals_of_different_organisations_do_not_conflict() {
        String task = awaiting();
        var act = new ContractApi.TaskAct(task, null);
        var one = channel.ledger.endorse(Identity.user("EwrMSP"), ContractApi.APPROVE, act);
        var two = channel.ledger.endorse(Identity.user("JfkMSP"), ContractApi.APPROVE, act);

        assertThat(channel.ledger.commit(List.of(one, two))).containsOnly(MemoryLedger.Code.VALID);
    }

    @Test
    void an_organisation_approves_once_and_only_where_it_is_asked() {
        String task = awaiting();
        act(Identity.user("EwrMSP"), ContractApi.APPROVE, task);

        assertThat(refusal(() -> act(Identity.admin("EwrMSP"), ContractApi.APPROVE, task)))
                .isEqualTo(ErrorCode.ALREADY_DONE);
        assertThat(refusal(() -> act(Identity.user("LgaMSP"), ContractApi.APPROVE, task)))
                .isEqualTo(ErrorCode.NOT_PERMITTED);
    }

    @Test
    void a_rejection_ends_the_task_until_all_have_approved() {
        String task = awaiting();
        act(Identity.user("EwrMSP"), ContractApi.APPROVE, task);
        act(Identity.user("JfkMSP"), ContractApi.REJECT, task);
        assertThat(channel.end(task).state()).isEqualTo(TaskState.REJECTED);
        assertThat(refusal(() -> act(Identity.user("JfkMSP"), ContractApi.APPROVE, task)))
                .isEqualTo(ErrorCode.TASK_ENDED);

        var digest = channel.fact(Keys.task(task), Facts.TaskFact.class).workflow();
        String other = channel.create(Channel.USER, digest, Map.of()).task();
        act(Identity.user("EwrMSP"), ContractApi.APPROVE, other);
        act(Identity.user("JfkMSP"), ContractApi.APPROVE, other);
        assertThat(refusal(() -> act(Identity.user("JfkMSP"), ContractApi.REJECT, other)))
                .isEqualTo(ErrorCode.NOT_PERMITTED);
    }

    @Test
    void the_creator_and_named_organisations_cancel_and_nobody_else() {
        String task = awaiting();
        assertThat(refusal(() -> act(Identity.user("JfkMSP"), ContractApi.CANCEL, task)))
                .isEqualTo(ErrorCode.NOT_PERMITTED);
        assertThat(refusal(() -> act(Identity.admin("EwrMSP"), ContractApi.CANCEL, task)))
                .isEqualTo(ErrorCode.NOT_PERMITTED);
        act(Identity.user("LgaMSP"), ContractApi.CANCEL, task);

        assertThat(channel.end(task).state()).isEqualTo(TaskState.CANCELLED);
        assertThat(refusal(() -> act(Identity.user("LgaMSP"), ContractApi.CANCEL, task)))
                .isEqualTo(ErrorCode.TASK_ENDED);
    }

    @Test
    void cancelling_invalidates_results_in_flight_and_clears_what_nodes_had_to_do() {
        String task =
                channel.create(Flows.flow().one("a", "ewr").one("b", "jfk").build());
        var cancel = channel.ledger.endorse(Channel.USER, ContractApi.CANCEL, new ContractApi.TaskAct(task, "enough"));
        var result = channel.endorse("EwrMSP", success(task, "a", "ewr"));

        assertThat(channel.ledger.commit(List.of(cancel, result)))
                .containsExactly(MemoryLedger.Code.VALID, MemoryLedger.Code.MVCC_READ_CONFLICT);
        assertThat(channel.end(task).message()).isEqualTo("enough");
        assertThat(channel.image().keySet()).noneMatch(key -> key.startsWith("todo/"));
        assertThat(channel.submit("EwrMSP", success(task, "a", "ewr")).get(0).verdict())
                .isEqualTo(ContractApi.Verdict.ENDED);
        assertThat(channel.view(task).subTasks().get("b").state()).isEqualTo(SubTaskState.CANCELLED);
        assertThat(channel.advance(Step.end(task)).get(0).changed()).isFalse();
    }

    private ContractApi.CreatedTask retry(String task) {
        return channel.ledger
                .submit(Channel.USER, ContractApi.CREATE_TASK, new ContractApi.NewTask(null, null, null, task))
                .answer(ContractApi.CreatedTask.class);
    }

    @Test
    void an_ended_task_is_continued_by_a_new_one_that_cites_what_succeeded() {
        String old = channel.create(
                Flows.flow()
                        .allNodes()
                        .one("first", "ewr")
                        .count("c", 5, "first")
                        .one("z", "jfk", "c")
                        .build(),
                Flows.nodes());
        channel.submit("EwrMSP", success(old, "first", "ewr"));
        channel.advance(Step.open(old, "c"));
        for (int i : List.of(0, 2, 3)) {
            channel.submit(Channel.MSPS.get(i % 3), success(old, "c", i, 1, "all", "part " + i));
        }
        channel.submit("JfkMSP", failure(old, "c", 1, 1, "all", false));
        channel.submit("JfkMSP", failure(old, "c", 4, 1, "all", false));
        assertThat(refusal(() -> retry(old))).isEqualTo(ErrorCode.NOT_READY);
        channel.advance(Step.end(old));
        assertThat(may(Channel.USER, old)).containsExactly("retry");

        var created = retry(old);
        String task = created.task();
        assertThat(created.ready()).containsExactly("c");
        assertThat(channel.fact(Keys.ready(task, "c"), Facts.ReadyFact.class).parts())
                .containsExactly(new PartRange(1, 1), new PartRange(4, 1));
        assertThat(channel.view(task).subTasks().get("first").state()).isEqualTo(SubTaskState.SUCCEEDED);
        assertThat(channel.view(task).subTasks().get("c").parts().succeeded()).isEqualTo(3);
        assertThat(refusal(() -> channel.submit("EwrMSP", success(task, "c", 0, 1, "all", "x"))))
                .isEqualTo(ErrorCode.NOT_READY);
        assertThat(refusal(() -> channel.advance(Step.open(task, "z")))).isEqualTo(ErrorCode.NOT_READY);

        channel.submit("JfkMSP", success(task, "c", 1, 1, "all", "part 1"), success(task, "c", 4, 1, "all", "part 4"));
        channel.advance(Step.open(task, "z"));
        var done = dev.selvage.model.CanonicalJson.parse(channel.ledger
                .endorse(Channel.USER, ContractApi.GET_DONE, new ContractApi.SubTaskQuery(task, "c", null))
                .answer());
        assertThat(done.path("items")).hasSize(5);
        assertThat(Keys.part(done.at("/items/0/done/result").asText()).task()).isEqualTo(old);
        assertThat(Keys.part(done.at("/items/1/done/result").asText()).task()).isEqualTo(task);
        channel.submit("JfkMSP", success(task, "z", "jfk"));
        assertThat(channel.end(task).state()).isEqualTo(TaskState.SUCCEEDED);
        assertThat(channel.image().keySet()).noneMatch(key -> key.startsWith("todo/"));
    }

    @Test
    void a_retry_of_a_retry_cites_the_task_that_computed() {
        String old =
                channel.create(Flows.flow().one("a", "ewr").one("b", "jfk", "a").build());
        channel.submit("EwrMSP", success(old, "a", "ewr"));
        act(Channel.USER, ContractApi.CANCEL, old);
        String second = retry(old).task();
        act(Channel.USER, ContractApi.CANCEL, second);
        String third = retry(second).task();

        assertThat(channel.fact(Keys.task(third), Facts.TaskFact.class).citedTask("a", 0))
                .isEqualTo(old);
        assertThat(channel.isReady(third, "b")).isTrue();
        channel.submit("JfkMSP", success(third, "b", "jfk"));
        assertThat(channel.end(third).state()).isEqualTo(TaskState.SUCCEEDED);
    }

    @Test
    void a_result_that_waited_for_something_to_be_computed_again_is_not_cited() {
        String old = channel.create(Flows.flow()
                .one("a", "ewr")
                .one("b", "jfk", "a")
                .change("b", draft -> draft.runIf(dev.selvage.model.SubTask.RunIf.ALWAYS))
                .build());
        channel.submit("EwrMSP", failure(old, "a", 0, 1, "ewr", false));
        channel.submit("JfkMSP", success(old, "b", "jfk"));
        channel.advance(Step.end(old));
        String task = retry(old).task();

        assertThat(channel.fact(Keys.task(task), Facts.TaskFact.class).cited()).isEmpty();
        assertThat(channel.isReady(task, "a")).isTrue();
        assertThat(channel.isReady(task, "b")).isFalse();
    }

    @Test
    void a_retry_has_the_workflow_and_the_arguments_of_the_task_that_it_continues() {
        String old = channel.create(Flows.flow().allNodes().count("c", 2).build(), Flows.nodes());
        act(Channel.USER, ContractApi.CANCEL, old);
        var other = channel.deploy(
                Flows.flow().named("other", "1.0.0").one("a", "ewr").build());

        assertThat(refusal(() -> channel.ledger.submit(
                        Channel.USER, ContractApi.CREATE_TASK, new ContractApi.NewTask(other, null, null, old))))
                .isIn(ErrorCode.REQUEST_INVALID, ErrorCode.ARGUMENT_INVALID);
        assertThat(refusal(() -> channel.ledger.submit(
                        Channel.USER,
                        ContractApi.CREATE_TASK,
                        new ContractApi.NewTask(
                                null,
                                dev.selvage.model.CanonicalJson.tree(Map.of("nodes", List.of("EwrMSP/node1"))),
                                null,
                                old))))
                .isEqualTo(ErrorCode.ARGUMENT_INVALID);
        retry(old);
    }
}
