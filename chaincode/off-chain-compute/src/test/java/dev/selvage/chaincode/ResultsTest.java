package dev.selvage.chaincode;

import static dev.selvage.chaincode.Channel.failure;
import static dev.selvage.chaincode.Channel.opening;
import static dev.selvage.chaincode.Channel.refusal;
import static dev.selvage.chaincode.Channel.success;
import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.model.ContractApi.Verdict;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.TaskState;
import java.util.List;
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
        assertThat(channel.advance(dev.selvage.model.ContractApi.Step.retry(task, "a", 0, 1)))
                .isEqualTo(List.of(new dev.selvage.model.ContractApi.StepDone(true)));
        channel.submit("EwrMSP", success(task, "a", 0, 2, "ewr", "x"));
        assertThat(channel.end(task).state()).isEqualTo(TaskState.SUCCEEDED);
    }
}
