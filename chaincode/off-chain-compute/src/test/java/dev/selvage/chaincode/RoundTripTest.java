package dev.selvage.chaincode;

import static dev.selvage.chaincode.Channel.failure;
import static dev.selvage.chaincode.Channel.opening;
import static dev.selvage.chaincode.Channel.success;
import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.contract.testing.Identity;
import dev.selvage.contract.testing.MemoryLedger;
import dev.selvage.model.Binding;
import dev.selvage.model.CanonicalJson;
import dev.selvage.model.ContractApi;
import dev.selvage.model.ContractApi.Step;
import dev.selvage.model.Limits;
import dev.selvage.model.Workflow;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Round trips between chaincode and peer of each function that writes (LEDGER.md, rule 6). A number here that grows is a change for the
 * worse: while a transaction is simulated, the peer cannot commit.
 */
class RoundTripTest {
    private final Channel channel = new Channel();

    private int trips(Identity who, String function, Object request) {
        var endorsed = channel.ledger.endorse(who, function, request);
        channel.ledger.commit(List.of(endorsed));
        return endorsed.roundTrips();
    }

    @Test
    void deploying_takes_two_reads_and_a_write_for_each_fact() {
        var workflow = Flows.flow().one("a", "ewr").one("b", "jfk", "a").build();

        // reads: name and version, owner; writes: owner, name, workflow, two sub-tasks, operation
        assertThat(trips(
                        Channel.USER,
                        ContractApi.DEPLOY_WORKFLOW,
                        new ContractApi.Deployment(workflow, List.of(Flows.OPERATION))))
                .isEqualTo(8);
    }

    @Test
    void the_largest_workflow_can_be_deployed() {
        var flow = Flows.flow();
        for (int i = 0; i < Limits.SUB_TASKS; i++) {
            flow.one("s" + i, "ewr");
        }
        int trips = trips(
                Channel.USER,
                ContractApi.DEPLOY_WORKFLOW,
                new ContractApi.Deployment(flow.build(), List.of(Flows.OPERATION)));
        assertThat(trips + Limits.OPERATIONS - 1).isLessThanOrEqualTo(Limits.ROUND_TRIPS);
    }

    @Test
    void nodes_take_a_few() {
        var registration = new ContractApi.NodeRegistration(
                "node9", Identity.node("EwrMSP", "node9").pem());
        assertThat(trips(Identity.admin("EwrMSP"), ContractApi.REGISTER_NODE, registration))
                .isEqualTo(3);
        var info = new ContractApi.NodeInfo("node9", "127.0.0.1:1", Map.of(), null);
        assertThat(trips(Identity.node("EwrMSP", "node9"), ContractApi.UPDATE_NODE_INFO, info))
                .isEqualTo(3);
        var revocation = new ContractApi.NodeRevocation(
                "node9", Identity.node("EwrMSP", "node9").spki());
        assertThat(trips(Identity.admin("EwrMSP"), ContractApi.REVOKE_NODE, revocation))
                .isEqualTo(3);
    }

    @Test
    void creating_takes_the_workflow_two_reads_a_node_and_three_a_root() {
        var digest = channel.deploy(Flows.flow().one("a", "ewr").one("b", "jfk").build());
        Binding binding = channel.binding(digest, Map.of());

        // workflow, 3 nodes x 2; task; two roots x (absent ready, ready, todo)
        assertThat(trips(Channel.USER, ContractApi.CREATE_TASK, new ContractApi.NewTask(digest, null, binding, null)))
                .isEqualTo(1 + 6 + 1 + 2 * 3);
    }

    @Test
    void a_single_result_that_opens_the_next_takes_fourteen() {
        String task =
                channel.create(Flows.flow().one("a", "ewr").one("b", "jfk", "a").build());

        // key, revoked, task, sub-task, ready, end; result twice, done, todo; dependent: its fact, ready twice, todo
        assertThat(channel.endorse("EwrMSP", success(task, "a", "ewr")).roundTrips())
                .isEqualTo(14);
    }

    @Test
    void a_fan_in_by_result_takes_one_more_for_each_other_input() {
        String task = channel.create(Flows.flow()
                .one("a", "ewr")
                .one("b", "jfk")
                .one("c", "lga", "a", "b")
                .build());
        channel.submit("EwrMSP", success(task, "a", "ewr"));

        assertThat(channel.endorse("JfkMSP", opening(success(task, "b", "jfk"), "c"))
                        .roundTrips())
                .isEqualTo(15);
    }

    @Test
    void a_lone_leaf_takes_one_more_for_the_end() {
        String task = channel.create(Flows.flow().one("a", "ewr").build());

        assertThat(channel.endorse("EwrMSP", success(task, "a", "ewr")).roundTrips())
                .isEqualTo(11);
    }

    @Test
    void a_result_of_a_further_attempt_takes_its_own_ready_and_todo() {
        String task = channel.create(Flows.flow()
                .eachRole("each")
                .change("each", draft -> draft.attempts(2))
                .build());
        channel.submit("EwrMSP", failure(task, "each", 0, 1, "ewr", true));
        channel.advance(Step.retry(task, "each", 0, 1));

        assertThat(channel.endorse("EwrMSP", success(task, "each", 0, 2, "ewr", "x"))
                        .roundTrips())
                .isEqualTo(10);
    }

    @Test
    void advance_takes_one_for_every_hundred_parts() {
        String task = channel.create(
                Flows.flow().allNodes().count("c", 250).one("z", "jfk", "c").build(), Flows.nodes());
        for (int i = 0; i < 250; i += 40) {
            for (int node = 0; node < 3; node++) {
                var items = new java.util.ArrayList<ContractApi.ResultItem>();
                for (int part = i; part < Math.min(250, i + 40); part++) {
                    if (part % 3 == node) {
                        items.add(success(task, "c", part, 1, "all", "x"));
                    }
                }
                channel.submit(Channel.MSPS.get(node), items.toArray(ContractApi.ResultItem[]::new));
            }
        }
        // task, end, ready, workflow, 3 for 250 parts; ready, todo; three todos deleted
        assertThat(trips(Channel.USER, ContractApi.ADVANCE, List.of(Step.open(task, "z"))))
                .isEqualTo(4 + 3 + 2 + 3);
    }

    @Test
    void ending_expiring_approving_and_cancelling_take_a_few() {
        String two = channel.create(Flows.flow().one("a", "ewr").one("b", "jfk").build());
        channel.submit("EwrMSP", success(two, "a", "ewr"));
        channel.submit("JfkMSP", success(two, "b", "jfk"));
        // task, end, workflow, two done; end
        assertThat(trips(Channel.USER, ContractApi.ADVANCE, List.of(Step.end(two))))
                .isEqualTo(6);

        var approving = channel.deploy(Flows.flow()
                .named("p", "1.0.0")
                .access(new Workflow.Access(null, List.of("EwrMSP"), null, null))
                .one("a", "ewr")
                .build());
        String task = channel.create(Channel.USER, approving, Map.of()).task();
        assertThat(trips(Channel.USER, ContractApi.APPROVE, new ContractApi.TaskAct(task, null)))
                .isEqualTo(4);
        // task, end, approval, workflow; ready twice, todo
        assertThat(trips(Channel.USER, ContractApi.ADVANCE, List.of(Step.start(task))))
                .isEqualTo(7);
        channel.ledger.pass(100_000_000);
        var expire = channel.ledger.endorse(
                Channel.USER, ContractApi.EXPIRE, List.of(new ContractApi.Part(task, "a", 0, 1, "ewr")));
        // task, end, result, sub-task, ready; result, done, todo
        assertThat(expire.roundTrips()).isEqualTo(8);
        // task, end, workflow; end, todo
        assertThat(trips(Channel.USER, ContractApi.CANCEL, new ContractApi.TaskAct(task, null)))
                .isEqualTo(5);
    }

    @Test
    void beyond_the_budget_a_transaction_is_refused_as_too_large() {
        var digest = channel.deploy(Flows.flow().one("a", "ewr").build());
        var items = new ContractApi.ResultItem[20];
        for (int i = 0; i < items.length; i++) {
            items[i] = success(channel.create(Channel.USER, digest, Map.of()).task(), "a", "ewr");
        }

        assertThat(Channel.refusal(() -> channel.submit("EwrMSP", items)))
                .isEqualTo(dev.selvage.model.ErrorCode.TRANSACTION_TOO_LARGE);
    }

    @Test
    void a_retry_of_ten_thousand_parts_fits() {
        var flow =
                Flows.flow().allNodes().count("c", 10_000).one("z", "jfk", "c").build();
        String old = channel.create(flow, Flows.nodes());
        var done = CanonicalJson.bytes(
                new dev.selvage.model.Facts.DoneFact(1, dev.selvage.model.Outcome.SUCCEEDED, "result/x", null, 1L));
        for (int i = 0; i < 10_000; i++) {
            if (i % 100 != 7) {
                channel.ledger.state.put(dev.selvage.model.Keys.done(old, "c", i), new MemoryLedger.Entry(done, 1));
            }
        }
        channel.ledger.submit(Channel.USER, ContractApi.CANCEL, new ContractApi.TaskAct(old, null));
        var retried = channel.ledger.submit(
                Channel.USER, ContractApi.CREATE_TASK, new ContractApi.NewTask(null, null, null, old));
        var task = channel.fact(
                dev.selvage.model.Keys.task(
                        retried.answer(ContractApi.CreatedTask.class).task()),
                dev.selvage.model.Facts.TaskFact.class);

        assertThat(task.citedCount("c")).isEqualTo(9_900);
    }
}
