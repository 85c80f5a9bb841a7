package dev.selvage.chaincode;

import static dev.selvage.chaincode.Channel.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.selvage.contract.testing.Identity;
import dev.selvage.contract.testing.MemoryLedger;
import dev.selvage.model.CanonicalJson;
import dev.selvage.model.ContractApi;
import dev.selvage.model.Digest;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.Input;
import dev.selvage.model.Keys;
import dev.selvage.model.Operation;
import dev.selvage.model.SelvageException;
import dev.selvage.model.SubTask;
import dev.selvage.model.Workflow;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DeployTest {
    private final Channel channel = new Channel();
    private final Workflow workflow =
            Flows.flow().one("a", "ewr").one("b", "jfk", "a").build();

    private MemoryLedger.Endorsed deploy(String msp, Workflow what, Operation... operations) {
        return channel.ledger.submit(
                Identity.user(msp), ContractApi.DEPLOY_WORKFLOW, new ContractApi.Deployment(what, List.of(operations)));
    }

    @Test
    void what_was_deployed_comes_back_byte_for_byte() {
        var deployed = deploy("EwrMSP", workflow, Flows.OPERATION).answer(ContractApi.Deployed.class);

        assertThat(deployed.digest()).isEqualTo(workflow.digest());
        for (var query : List.of(
                new ContractApi.WorkflowQuery(workflow.digest(), null, null),
                new ContractApi.WorkflowQuery(null, "test", "1.0.0"),
                new ContractApi.WorkflowQuery(null, "test", null))) {
            var back = channel.ledger.evaluate(
                    Channel.USER, ContractApi.GET_WORKFLOW, query, ContractApi.Deployment.class);
            assertThat(CanonicalJson.text(back.workflow())).isEqualTo(CanonicalJson.text(workflow));
            assertThat(CanonicalJson.text(back.operations().get(0))).isEqualTo(CanonicalJson.text(Flows.OPERATION));
        }
    }

    @Test
    void deploying_the_same_bytes_again_is_answered_alike_and_writes_nothing() {
        var first = deploy("EwrMSP", workflow, Flows.OPERATION);
        var second = deploy("JfkMSP", workflow, Flows.OPERATION);

        assertThat(second.answer()).isEqualTo(first.answer());
        assertThat(second.writes()).isEmpty();
    }

    @Test
    void a_deployed_version_never_changes() {
        deploy("EwrMSP", workflow, Flows.OPERATION);
        var other = Flows.flow().one("a", "ewr").build();

        assertThat(refusal(() -> deploy("EwrMSP", other, Flows.OPERATION))).isEqualTo(ErrorCode.VERSION_TAKEN);
    }

    @Test
    void a_name_belongs_to_the_organisation_that_deployed_it_first() {
        deploy("EwrMSP", workflow, Flows.OPERATION);
        var next = Flows.flow().named("test", "1.1.0").one("a", "ewr").build();

        assertThat(refusal(() -> deploy("JfkMSP", next, Flows.OPERATION))).isEqualTo(ErrorCode.NAME_TAKEN);
        deploy("EwrMSP", next, Flows.OPERATION);
        var latest = channel.ledger.evaluate(
                Channel.USER,
                ContractApi.GET_WORKFLOW,
                new ContractApi.WorkflowQuery(null, "test", null),
                ContractApi.Deployment.class);
        assertThat(latest.workflow().version()).isEqualTo("1.1.0");
    }

    @Test
    void all_problems_are_named_at_once_and_nothing_is_written() {
        var wrong = Flows.flow()
                .one("a", "nobody")
                .one("b", "jfk", "missing")
                .put("c", new Flows.Draft().inputs(Map.of("x", new Input.Parameter("gone"))))
                .build();
        var before = channel.image();

        assertThatThrownBy(() -> deploy("EwrMSP", wrong, Flows.OPERATION))
                .isInstanceOfSatisfying(SelvageException.class, refused -> {
                    assertThat(refused.code()).isEqualTo(ErrorCode.WORKFLOW_INVALID);
                    assertThat(refused.sentence()).contains("nobody", "missing", "gone");
                });
        assertThat(channel.image()).isEqualTo(before);
    }

    @Test
    void an_operation_of_more_than_16_kibibytes_is_refused() {
        var large = new Operation(
                Operation.FORMAT,
                Flows.OP,
                "x".repeat(17 * 1024),
                Map.of(),
                Map.of(),
                Flows.OPERATION.outputs(),
                true,
                null,
                List.of());

        assertThat(refusal(() -> deploy("EwrMSP", workflow, large))).isEqualTo(ErrorCode.TOO_LARGE);
    }

    @Test
    void an_operation_that_is_missing_or_differs_is_refused() {
        assertThat(refusal(() -> deploy("EwrMSP", workflow))).isEqualTo(ErrorCode.WORKFLOW_INVALID);
        var other = new Operation(
                Operation.FORMAT,
                Flows.OP,
                "another meaning",
                Map.of(),
                Map.of(),
                Flows.OPERATION.outputs(),
                true,
                null,
                List.of());
        assertThat(refusal(() -> deploy("EwrMSP", workflow, other))).isEqualTo(ErrorCode.WORKFLOW_INVALID);
    }

    @Test
    void what_later_versions_will_have_is_refused_as_not_supported() {
        var tree = (com.fasterxml.jackson.databind.node.ObjectNode)
                CanonicalJson.tree(new ContractApi.Deployment(workflow, List.of(Flows.OPERATION)));
        var a = (com.fasterxml.jackson.databind.node.ObjectNode) tree.at("/workflow/subTasks/a");
        var channels = tree.deepCopy();
        ((com.fasterxml.jackson.databind.node.ObjectNode) channels.at("/workflow/subTasks/a")).putObject("channels");
        assertThat(refusal(() -> channel.ledger.submit(Channel.USER, ContractApi.DEPLOY_WORKFLOW, channels)))
                .isEqualTo(ErrorCode.NOT_SUPPORTED);
        a.putObject("inputs").putObject("x").putObject("block").put("of", "taskCreation");
        assertThat(refusal(() -> channel.ledger.submit(Channel.USER, ContractApi.DEPLOY_WORKFLOW, tree)))
                .isEqualTo(ErrorCode.NOT_SUPPORTED);

        var quorum = new SubTask(
                null,
                null,
                Map.of("ewr", new SubTask.Participant(Flows.OP)),
                Map.of(),
                Map.of(),
                null,
                null,
                null,
                List.of(),
                null,
                new SubTask.ResultPolicy("quorum"));
        var withQuorum = new Workflow(
                Workflow.FORMAT,
                "q",
                "1.0.0",
                null,
                Map.of(),
                workflow.operations(),
                null,
                workflow.roles(),
                Map.of("a", quorum),
                Map.of());
        assertThat(refusal(() -> deploy("EwrMSP", withQuorum, Flows.OPERATION))).isEqualTo(ErrorCode.NOT_SUPPORTED);
        var joint = new SubTask(
                null,
                null,
                Map.of("ewr", new SubTask.Participant(Flows.OP), "jfk", new SubTask.Participant(Flows.OP)),
                Map.of(),
                Map.of(),
                null,
                null,
                null,
                List.of(),
                null,
                null);
        var withJoint = new Workflow(
                Workflow.FORMAT,
                "j",
                "1.0.0",
                null,
                Map.of(),
                workflow.operations(),
                null,
                workflow.roles(),
                Map.of("a", joint),
                Map.of());
        assertThat(refusal(() -> deploy("EwrMSP", withJoint, Flows.OPERATION))).isEqualTo(ErrorCode.NOT_SUPPORTED);
    }

    @Test
    void facts_of_a_deployment_carry_their_transaction_and_the_graph() {
        var endorsed = deploy("EwrMSP", workflow, Flows.OPERATION);

        assertThat(channel.fact(Keys.workflowName("test", "1.0.0"), ContractApi.Deployed.class))
                .isEqualTo(new ContractApi.Deployed(
                        "test",
                        "1.0.0",
                        workflow.digest(),
                        "EwrMSP",
                        endorsed.at().toEpochMilli(),
                        endorsed.txid()));
        var a = channel.fact(Keys.workflowSubTask(workflow.digest(), "a"), dev.selvage.model.Facts.SubTaskFact.class);
        assertThat(a.dependents())
                .singleElement()
                .satisfies(dependent -> assertThat(dependent.byResult()).isTrue());
        assertThat(a.endsTask()).isFalse();
        assertThat(channel.fact(Keys.operation(Digest.ofJson(Flows.OPERATION)), Operation.class))
                .isEqualTo(Flows.OPERATION);
    }

    @Test
    void workflows_are_listed_page_by_page() {
        for (int i = 0; i < 5; i++) {
            deploy(
                    "EwrMSP",
                    Flows.flow().named("w" + i, "1.0.0").one("a", "ewr").build(),
                    Flows.OPERATION);
        }
        var names = new java.util.ArrayList<String>();
        String bookmark = null;
        do {
            var page = CanonicalJson.parse(channel.ledger
                    .endorse(Channel.USER, ContractApi.LIST_WORKFLOWS, new ContractApi.Page(bookmark, 2))
                    .answer());
            page.path("items").forEach(item -> names.add(item.path("name").asText()));
            bookmark = page.path("bookmark").textValue();
        } while (bookmark != null);

        assertThat(names).containsExactly("w0", "w1", "w2", "w3", "w4");
    }
}
