package dev.selvage.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.formats.config.HostPort;
import dev.selvage.formats.config.NodeConfig;
import dev.selvage.model.CanonicalJson;
import dev.selvage.model.ContractApi;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.Facts;
import dev.selvage.model.SelvageException;
import dev.selvage.model.TaskState;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Agents with the real contract on either ledger, over real wires. */
class AgentTest {
    @TempDir
    static Path folder;

    private static Channel channel;
    private final Map<String, Agent> agents = new HashMap<>();

    @BeforeAll
    static void open() throws Exception {
        channel = Channel.open(folder, Duration.ofMillis(20));
    }

    @AfterAll
    static void close() throws Exception {
        channel.close();
    }

    @AfterEach
    void stop() {
        agents.values().forEach(Agent::close);
    }

    private Agent start(String msp, EngineSource engines) throws Exception {
        Agent agent = Agent.start(channel.node(msp), engines);
        agents.put(msp, agent);
        agent.ready().get(20, TimeUnit.SECONDS);
        return agent;
    }

    @Test
    void runs_a_sub_task_and_ends_the_task() throws Exception {
        start("EwrMSP", EngineSource.of(Flow.engine(2)));
        var workflow = Flow.named("one").say("hello", "ewr", "hello").build();
        channel.deploy(workflow, Flow.SAY, Flow.JOIN);
        String task = channel.create(workflow, Map.of());
        channel.awaitEnd(task, Duration.ofSeconds(20));
        assertThat(channel.view(task).state()).isEqualTo(TaskState.SUCCEEDED);
    }

    @Test
    void hands_results_from_node_to_node_in_two_steps() throws Exception {
        for (String msp : Channel.MSPS) {
            start(msp, EngineSource.of(Flow.engine(2)));
        }
        var workflow = Flow.named("two-steps")
                .whisper("hello", "ewr", "secret", "jfk")
                .join("copy", "jfk", "hello")
                .build();
        channel.deploy(workflow, Flow.SAY, Flow.JOIN);
        String task = channel.create(workflow, Map.of());
        channel.awaitEnd(task, Duration.ofSeconds(20));
        var view = channel.view(task);
        assertThat(results(task, "copy"))
                .hasSize(1)
                .allSatisfy(result -> assertThat(result.failure())
                        .as("failure %s", result.failure())
                        .isNull());
        assertThat(view.state()).isEqualTo(TaskState.SUCCEEDED);
        assertThat(results(task, "hello").get(0).outputs().get("text").salted()).isTrue();
    }

    @Test
    void a_fan_in_over_a_fixed_list_runs_after_all_it_waits_for() throws Exception {
        for (String msp : Channel.MSPS) {
            start(msp, EngineSource.of(Flow.engine(2)));
        }
        var workflow = Flow.named("fixed-list")
                .say("left", "ewr", "left")
                .say("right", "jfk", "right")
                .say("last", "lga", "last", "left", "right")
                .build();
        channel.deploy(workflow, Flow.SAY, Flow.JOIN);
        String task = channel.create(workflow, Map.of());
        channel.awaitEnd(task, Duration.ofSeconds(30));
        assertThat(channel.view(task).state()).isEqualTo(TaskState.SUCCEEDED);
        assertThat(results(task, "last")).hasSize(1);
    }

    @Test
    void a_second_node_with_the_same_key_stops_itself() throws Exception {
        Agent first = start("EwrMSP", EngineSource.of(Flow.engine(2)));
        var config = channel.node("EwrMSP");
        var twinConfig = new NodeConfig(
                config.file(),
                config.node(),
                config.identity(),
                config.tls(),
                config.ledger(),
                config.follow(),
                new HostPort("127.0.0.1", 0),
                new HostPort("127.0.0.1", 0),
                config.monitor(),
                folder.resolve("twin"),
                config.engines(),
                config.capacity(),
                config.limits(),
                config.retention());
        Agent twin = Agent.start(twinConfig, EngineSource.of(Flow.engine(2)));
        agents.put("twin", twin);
        twin.ready().get(20, TimeUnit.SECONDS);
        var workflow = Flow.named("twins").say("hello", "ewr", "hello").build();
        channel.deploy(workflow, Flow.SAY, Flow.JOIN);
        String task = channel.create(workflow, Map.of());
        channel.awaitEnd(task, Duration.ofSeconds(20));
        var fault = CompletableFuture.anyOf(first.stopped(), twin.stopped()).get(20, TimeUnit.SECONDS);
        assertThat(((SelvageException) fault).code()).isEqualTo(ErrorCode.TWIN_DETECTED);
        assertThat(results(task, "hello")).hasSize(1);
    }

    @Test
    void many_parts_over_three_nodes_are_each_done_once() throws Exception {
        for (String msp : Channel.MSPS) {
            start(msp, EngineSource.of(Flow.engine(4)));
        }
        var workflow = Flow.named("many")
                .sayMany("parts", 60)
                .join("all", "lga", "parts")
                .build();
        channel.deploy(workflow, Flow.SAY, Flow.JOIN);
        String task = channel.create(workflow, Flow.allNodes());
        channel.awaitEnd(task, Duration.ofSeconds(60));
        assertThat(channel.view(task).state()).isEqualTo(TaskState.SUCCEEDED);
        assertThat(results(task, "parts")).hasSize(60);
    }

    private static List<Facts.ResultFact> results(String task, String subTask) {
        List<Facts.ResultFact> found = new ArrayList<>();
        String bookmark = null;
        do {
            var page = CanonicalJson.parse(channel.user("EwrMSP")
                    .evaluate(
                            ContractApi.GET_RESULTS,
                            new ContractApi.SubTaskQuery(task, subTask, new ContractApi.Page(bookmark, null))));
            page.get("items").forEach(item -> found.add(CanonicalJson.bind(item, Facts.ResultFact.class)));
            bookmark = page.hasNonNull("bookmark") ? page.get("bookmark").asText() : null;
        } while (bookmark != null);
        return found;
    }
}
