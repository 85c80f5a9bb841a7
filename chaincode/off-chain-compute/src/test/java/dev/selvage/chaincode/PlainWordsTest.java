package dev.selvage.chaincode;

import static dev.selvage.chaincode.Channel.refusal;
import static dev.selvage.chaincode.Channel.success;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.selvage.contract.testing.Identity;
import dev.selvage.contract.testing.MemoryLedger;
import dev.selvage.model.CanonicalJson;
import dev.selvage.model.ContractApi;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.Schema;
import dev.selvage.model.TaskState;
import dev.selvage.model.Workflow;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Calls as a person writes them with the peer command. */
class PlainWordsTest {
    private final Channel channel = new Channel();

    @BeforeEach
    void deploy() {
        channel.deploy(Flows.flow()
                .parameter("month", Schema.ofType("integer"))
                .parameter("names", Schema.ofType("array"))
                .parameter("all", Schema.ofType("boolean"))
                .access(new Workflow.Access(null, List.of("EwrMSP"), List.of("creator"), null))
                .one("a", "ewr")
                .build());
    }

    private MemoryLedger.Endorsed call(String... words) {
        return channel.ledger.endorse(Identity.user("EwrMSP"), List.of(words));
    }

    private MemoryLedger.Endorsed done(String... words) {
        var endorsed = call(words);
        assertThat(channel.ledger.commit(List.of(endorsed))).containsExactly(MemoryLedger.Code.VALID);
        return endorsed;
    }

    private String create() {
        return done("CreateTask", "test@1.0.0", "month=7", "names=ann,bob", "all=true")
                .answer(ContractApi.CreatedTask.class)
                .task();
    }

    private TaskState state(String task) {
        return call("GetTask", task).answer(ContractApi.TaskView.class).state();
    }

    @Test
    void task_is_created_with_arguments_of_the_declared_types() {
        String task = create();
        JsonNode arguments = channel.view(task).task().arguments();
        assertThat(CanonicalJson.text(arguments)).isEqualTo("{\"all\":true,\"month\":7,\"names\":[\"ann\",\"bob\"]}");
        assertThat(state(task)).isEqualTo(TaskState.AWAITING_APPROVAL);
    }

    @Test
    void task_is_approved_watched_and_its_result_read() {
        String task = create();
        assertThat(call("Permissions", task).answer(ContractApi.Permitted.class).may())
                .containsExactly("approve", "reject", "cancel");
        done("Approve", task, "looks", "right");
        assertThat(channel.view(task).approvals()).hasSize(1);
        channel.advance(ContractApi.Step.start(task));
        channel.submit("EwrMSP", success(task, "a", "ewr"));
        assertThat(state(task)).isEqualTo(TaskState.SUCCEEDED);
        assertThat(call("GetResults", task, "a").answer()).contains("test-engine");
        assertThat(call("GetDone", task, "a").answer()).contains("\"index\":0");
        assertThat(call("GetHistory", "task/" + task).answer()).contains(task);
        assertThat(call("GetWorkflow", "test").answer())
                .isEqualTo(call("GetWorkflow", "test@1.0.0").answer());
    }

    @Test
    void task_is_cancelled_with_a_reason_of_several_words() {
        String task = create();
        done("Cancel", task, "no", "longer", "needed");
        assertThat(state(task)).isEqualTo(TaskState.CANCELLED);
    }

    @Test
    void wrong_words_are_refused_with_what_was_wrong() {
        assertThat(refusal(() -> call("CreateTask", "test", "month=7"))).isEqualTo(ErrorCode.REQUEST_INVALID);
        assertThat(refusal(() -> call("CreateTask", "nothing@1.0.0"))).isEqualTo(ErrorCode.WORKFLOW_UNKNOWN);
        assertThat(refusal(() -> call("CreateTask", "test@1.0.0", "mont=7"))).isEqualTo(ErrorCode.ARGUMENT_INVALID);
        assertThat(refusal(() -> call("CreateTask", "test@1.0.0", "7"))).isEqualTo(ErrorCode.ARGUMENT_INVALID);
        assertThat(refusal(() -> call("CreateTask", "test@1.0.0", "month=July", "names=a", "all=true")))
                .isEqualTo(ErrorCode.ARGUMENT_INVALID);
        assertThat(refusal(() -> call("GetTask", "a", "b"))).isEqualTo(ErrorCode.REQUEST_INVALID);
        assertThat(refusal(() -> call("GetOutput", "a", "b", "first", "c"))).isEqualTo(ErrorCode.REQUEST_INVALID);
        assertThat(refusal(() -> call("Advance", "now", "please"))).isEqualTo(ErrorCode.REQUEST_INVALID);
        assertThat(refusal(() -> call("GetTask", "x".repeat(2_000_000)))).isEqualTo(ErrorCode.TOO_LARGE);
    }
}
