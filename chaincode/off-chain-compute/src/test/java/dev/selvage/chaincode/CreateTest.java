package dev.selvage.chaincode;

import static dev.selvage.chaincode.Channel.refusal;
import static dev.selvage.chaincode.Channel.success;
import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.contract.testing.Identity;
import dev.selvage.model.Binding;
import dev.selvage.model.CanonicalJson;
import dev.selvage.model.ContractApi;
import dev.selvage.model.Digest;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.Facts;
import dev.selvage.model.Input;
import dev.selvage.model.Keys;
import dev.selvage.model.LedgerEvent;
import dev.selvage.model.Schema;
import dev.selvage.model.TaskState;
import dev.selvage.model.Workflow;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CreateTest {
    private final Channel channel = new Channel();

    @Test
    void a_task_makes_what_waits_for_nothing_ready_and_tells_the_nodes() {
        var digest = channel.deploy(Flows.flow()
                .one("a", "ewr")
                .eachRole("each")
                .one("z", "lga", "a")
                .build());
        var endorsed = channel.ledger.submit(
                Channel.USER, ContractApi.CREATE_TASK, new ContractApi.NewTask(digest, null, null, null));
        var created = endorsed.answer(ContractApi.CreatedTask.class);

        assertThat(created.task()).isEqualTo(endorsed.txid().substring(0, 32));
        assertThat(created.state()).isEqualTo(TaskState.RUNNING);
        assertThat(created.ready()).containsExactly("a", "each");
        assertThat(Channel.facts(endorsed)).isEqualTo(created.facts()).hasSize(3);
        assertThat(Channel.facts(endorsed).get(2)).isInstanceOfSatisfying(LedgerEvent.Ready.class, ready -> {
            assertThat(ready.parts()).containsExactly(new dev.selvage.model.PartRange(0, 3));
            assertThat(ready.nodes())
                    .containsExactly(Channel.node("EwrMSP"), Channel.node("JfkMSP"), Channel.node("LgaMSP"));
        });
        assertThat(channel.fact(Keys.task(created.task()), Facts.TaskFact.class).txid())
                .isEqualTo(endorsed.txid());
        assertThat(channel.ledger.state)
                .containsKey(Keys.todo(Channel.node("JfkMSP"), created.task(), "each"))
                .doesNotContainKey(Keys.todo(Channel.node("LgaMSP"), created.task(), "z"));
    }

    @Test
    void evaluating_is_a_dry_run_that_tells_binding_and_facts() {
        var digest = channel.deploy(Flows.flow().one("a", "ewr").build());
        var before = channel.image();
        var dry = channel.ledger.evaluate(
                Channel.USER,
                ContractApi.CREATE_TASK,
                new ContractApi.NewTask(digest, null, null, null),
                ContractApi.CreatedTask.class);

        assertThat(dry.binding().nodes("ewr").get(0).id()).isEqualTo(Channel.node("EwrMSP"));
        assertThat(dry.facts()).hasSize(2);
        assertThat(channel.image()).isEqualTo(before);
    }

    @Test
    void only_organisations_that_the_workflow_names_create_tasks() {
        var digest = channel.deploy(Flows.flow()
                .access(new Workflow.Access(List.of("EwrMSP"), null, null, null))
                .one("a", "ewr")
                .build());

        assertThat(refusal(() -> channel.create(Identity.user("JfkMSP"), digest, Map.of())))
                .isEqualTo(ErrorCode.NOT_PERMITTED);
        channel.create(Identity.user("EwrMSP"), digest, Map.of());
        var may = channel.ledger.evaluate(
                Identity.user("JfkMSP"),
                ContractApi.PERMISSIONS,
                new ContractApi.PermissionQuery(null, digest),
                ContractApi.Permitted.class);
        assertThat(may.may()).isEmpty();
    }

    @Test
    void arguments_are_checked_and_completed() {
        var digest = channel.deploy(Flows.flow()
                .parameter(
                        "month", new Schema("integer", null, 1L, 12L, null, null, null, null, null, null, null, null))
                .parameter(
                        "top",
                        new Schema(
                                "integer",
                                null,
                                null,
                                null,
                                null,
                                null,
                                null,
                                null,
                                null,
                                null,
                                null,
                                CanonicalJson.parse("5")))
                .one("a", "ewr")
                .build());

        assertThat(refusal(() -> channel.create(Channel.USER, digest, Map.of("month", "July"))))
                .isEqualTo(ErrorCode.ARGUMENT_INVALID);
        assertThat(refusal(() -> channel.create(Channel.USER, digest, Map.of())))
                .isEqualTo(ErrorCode.ARGUMENT_INVALID);
        assertThat(refusal(() -> channel.create(Channel.USER, digest, Map.of("month", 7, "moth", 8))))
                .isEqualTo(ErrorCode.ARGUMENT_INVALID);
        String task = channel.create(Channel.USER, digest, Map.of("month", 7)).task();
        assertThat(CanonicalJson.text(
                        channel.fact(Keys.task(task), Facts.TaskFact.class).arguments()))
                .isEqualTo("{\"month\":7,\"top\":5}");
    }

    @Test
    void arguments_of_more_than_64_kibibytes_are_refused() {
        var digest = channel.deploy(Flows.flow()
                .parameter("text", Schema.ofType("string"))
                .one("a", "ewr")
                .build());

        assertThat(refusal(() -> channel.create(Channel.USER, digest, Map.of("text", "x".repeat(70_000)))))
                .isEqualTo(ErrorCode.TOO_LARGE);
    }

    @Test
    void a_binding_is_checked_against_roles_organisations_and_keys() {
        var digest = channel.deploy(Flows.flow()
                .role("any", new Workflow.Role(null, "JfkMSP", null))
                .one("a", "any")
                .build());
        var ewr = new Binding.BoundNode(
                Channel.node("EwrMSP"), Identity.node("EwrMSP", "node1").spki());
        var jfk = new Binding.BoundNode(
                Channel.node("JfkMSP"), Identity.node("JfkMSP", "node1").spki());
        var lga = new Binding.BoundNode(
                Channel.node("LgaMSP"), Identity.node("LgaMSP", "node1").spki());
        var right = Map.of("ewr", List.of(ewr), "jfk", List.of(jfk), "lga", List.of(lga), "any", List.of(jfk));

        assertThat(bind(digest, right)).isNull();
        assertThat(bind(digest, with(right, "any", ewr))).isEqualTo(ErrorCode.ROLE_UNBOUND);
        assertThat(bind(digest, with(right, "ewr", jfk))).isEqualTo(ErrorCode.ROLE_UNBOUND);
        assertThat(bind(digest, Map.of("ewr", List.of(ewr)))).isEqualTo(ErrorCode.ROLE_UNBOUND);
        assertThat(bind(digest, with(right, "any", new Binding.BoundNode(Channel.node("JfkMSP"), ewr.spki()))))
                .isEqualTo(ErrorCode.NODE_UNKNOWN);
        channel.ledger.submit(
                Identity.admin("JfkMSP"), ContractApi.REVOKE_NODE, new ContractApi.NodeRevocation("node1", jfk.spki()));
        assertThat(bind(digest, right)).isEqualTo(ErrorCode.NODE_REVOKED);
    }

    private static Map<String, List<Binding.BoundNode>> with(
            Map<String, List<Binding.BoundNode>> roles, String role, Binding.BoundNode node) {
        var changed = new java.util.TreeMap<>(roles);
        changed.put(role, List.of(node));
        return changed;
    }

    private ErrorCode bind(Digest workflow, Map<String, List<Binding.BoundNode>> roles) {
        try {
            channel.ledger.submit(
                    Channel.USER,
                    ContractApi.CREATE_TASK,
                    new ContractApi.NewTask(workflow, null, new Binding(roles), null));
            return null;
        } catch (dev.selvage.model.SelvageException refused) {
            return refused.code();
        }
    }

    @Test
    void a_role_of_an_organisation_is_proposed_to_a_node_that_offers_the_very_operation() {
        channel.register("JfkMSP", "node2");
        var digest = channel.deploy(Flows.flow()
                .role("any", new Workflow.Role(null, "JfkMSP", null))
                .one("a", "any")
                .build());

        assertThat(refusal(() -> channel.binding(digest, Map.of()))).isEqualTo(ErrorCode.ROLE_UNBOUND);
        offer("node1", Digest.of(new byte[0]));
        assertThat(refusal(() -> channel.binding(digest, Map.of()))).isEqualTo(ErrorCode.ROLE_UNBOUND);
        offer("node2", Digest.ofJson(Flows.OPERATION));
        assertThat(channel.binding(digest, Map.of()).nodes("any").get(0).id().node())
                .isEqualTo("node2");
    }

    private void offer(String node, Digest operation) {
        channel.ledger.submit(
                Identity.node("JfkMSP", node),
                ContractApi.UPDATE_NODE_INFO,
                new ContractApi.NodeInfo(node, "127.0.0.1:1", Map.of(Flows.OP, operation), null));
    }

    @Test
    void no_more_than_16_sub_tasks_are_made_ready_and_advance_opens_the_rest() {
        var flow = Flows.flow();
        for (int i = 0; i < 20; i++) {
            flow.one("s" + (10 + i), "ewr");
        }
        String task = channel.create(flow.build());

        assertThat(channel.view(task).next()).hasSize(4);
        var steps = channel.view(task).next().toArray(ContractApi.Step[]::new);
        channel.advance(steps);
        assertThat(channel.isReady(task, "s29")).isTrue();
    }

    @Test
    void sub_tasks_that_pin_state_wait_for_advance() {
        var digest = channel.deploy(Flows.flow()
                .put("a", new Flows.Draft().inputs(Map.of()))
                .put("p", new Flows.Draft())
                .build());
        assertThat(digest).isNotNull();
        var pinning = AdvanceTest.pinning(channel, "pins");
        String task = channel.create(Channel.USER, pinning, Map.of()).task();

        assertThat(channel.isReady(task, "a")).isFalse();
        assertThat(channel.view(task).next()).containsExactly(ContractApi.Step.open(task, "a"));
    }

    @Test
    void a_task_that_could_never_be_closed_is_refused_at_once() {
        var flow = Flows.flow().allNodes();
        for (int i = 0; i < 2; i++) {
            flow.count("c" + i, 10_000);
        }
        var digest = channel.deploy(flow.build());

        assertThat(refusal(() -> channel.create(Channel.USER, digest, Flows.nodes())))
                .isEqualTo(ErrorCode.TOO_LARGE);
    }

    @Test
    void unknown_workflows_tasks_and_sub_tasks_have_their_codes() {
        assertThat(refusal(() -> channel.create(Channel.USER, Digest.of(new byte[0]), Map.of())))
                .isEqualTo(ErrorCode.WORKFLOW_UNKNOWN);
        assertThat(refusal(() -> channel.view("0".repeat(32)))).isEqualTo(ErrorCode.TASK_UNKNOWN);
        String task = channel.create(Flows.flow().one("a", "ewr").build());
        assertThat(refusal(() -> channel.submit("EwrMSP", success(task, "b", "ewr"))))
                .isEqualTo(ErrorCode.SUBTASK_UNKNOWN);
    }

    @Test
    void a_forEach_over_an_argument_has_a_part_for_each_element() {
        var flow = Flows.flow()
                .parameter(
                        "items",
                        new Schema(
                                "array",
                                null,
                                null,
                                null,
                                null,
                                null,
                                null,
                                null,
                                Schema.ofType("string"),
                                null,
                                null,
                                null));
        flow.put(
                "each",
                new Flows.Draft()
                        .forEach(new dev.selvage.model.SubTask.ForEach(List.of(), null, "items", "item"))
                        .inputs(Map.of()));
        var digest = channel.deploy(flow.build());

        assertThat(refusal(() -> channel.create(Channel.USER, digest, Map.of("items", List.of()))))
                .isEqualTo(ErrorCode.ARGUMENT_INVALID);
        String task = channel.create(Channel.USER, digest, Map.of("items", List.of("x", "y")))
                .task();
        assertThat(channel.view(task).subTasks().get("each").parts().count()).isEqualTo(2);
        assertThat(new Input.Index("item")).isNotNull();
    }
}
