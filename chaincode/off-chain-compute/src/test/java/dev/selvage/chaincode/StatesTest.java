package dev.selvage.chaincode;

import static dev.selvage.chaincode.Channel.failure;
import static dev.selvage.chaincode.Channel.success;
import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.model.ContractApi;
import dev.selvage.model.ContractApi.Step;
import dev.selvage.model.Transitions;
import dev.selvage.model.Workflow;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Every line of the table of states is visited by the real contract, and no change of a state is missing from it. */
class StatesTest {
    private final Channel channel = new Channel();
    private final Watcher watcher = new Watcher();

    private String watched(Flows flow) {
        String task = channel.create(flow.build());
        watcher.look(channel);
        return task;
    }

    private void then(Consumer<Channel> step) {
        step.accept(channel);
        watcher.look(channel);
    }

    @Test
    void every_transition_is_visited() {
        String plain = watched(Flows.flow().one("a", "ewr").one("b", "jfk", "a"));
        then(c -> c.submit("EwrMSP", success(plain, "a", "ewr")));
        then(c -> c.submit("JfkMSP", success(plain, "b", "jfk")));

        String failing =
                watched(Flows.flow().named("f", "1.0.0").one("a", "ewr").one("b", "jfk", "a"));
        then(c -> c.submit("EwrMSP", failure(failing, "a", 0, 1, "ewr", false)));
        then(c -> c.advance(Step.end(failing)));

        String late = watched(Flows.flow().named("l", "1.0.0").one("a", "ewr"));
        channel.ledger.pass(100_000_000);
        then(c -> c.expire(new ContractApi.Part(late, "a", 0, 1, "ewr")));
        then(c -> c.advance(Step.end(late)));

        String cut = watched(Flows.flow()
                .named("c", "1.0.0")
                .one("a", "ewr")
                .one("b", "jfk", "a")
                .one("c", "lga", "b"));
        then(c -> c.submit("EwrMSP", success(cut, "a", "ewr")));
        then(c -> c.ledger.submit(Channel.USER, ContractApi.CANCEL, new ContractApi.TaskAct(cut, null)));
        then(c ->
                c.ledger.submit(Channel.USER, ContractApi.CREATE_TASK, new ContractApi.NewTask(null, null, null, cut)));

        var approved = Flows.flow()
                .named("p", "1.0.0")
                .access(new Workflow.Access(null, List.of("EwrMSP"), null, null))
                .one("a", "ewr");
        String accepted = watched(approved);
        var digest = approved.build().digest();
        then(c -> c.ledger.submit(Channel.USER, ContractApi.APPROVE, new ContractApi.TaskAct(accepted, null)));
        then(c -> c.advance(Step.start(accepted)));
        String rejected = channel.create(Channel.USER, digest, Map.of()).task();
        watcher.look(channel);
        then(c -> c.ledger.submit(Channel.USER, ContractApi.REJECT, new ContractApi.TaskAct(rejected, null)));
        String dropped = channel.create(Channel.USER, digest, Map.of()).task();
        watcher.look(channel);
        then(c -> c.ledger.submit(Channel.USER, ContractApi.CANCEL, new ContractApi.TaskAct(dropped, null)));

        assertThat(watcher.taskRows).containsExactlyInAnyOrderElementsOf(Transitions.TASK.rows());
        assertThat(watcher.subTaskRows).containsExactlyInAnyOrderElementsOf(Transitions.SUB_TASK.rows());
    }
}
