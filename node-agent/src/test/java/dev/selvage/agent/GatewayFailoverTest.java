package dev.selvage.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.model.TaskState;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** An agent with two gateways of its organisation, of which one goes away: the stream and the submits go on at the other. */
class GatewayFailoverTest {
    private static final int PARTS = 40;

    @TempDir
    Path folder;

    /** Each gateway is behind a forwarder: on Fabric they lead to a peer each, on the embedded ledger both to the one. */
    @Test
    void goes_on_with_the_other_gateway_and_loses_nothing() throws Exception {
        try (Channel channel = Channel.openWithTwoPeers(folder, Duration.ofMillis(20))) {
            var gateways = channel.gateways("EwrMSP");
            var first = gateways.get(0);
            var second = gateways.get(gateways.size() - 1);
            try (var one = new Forwarder(first.host(), first.port());
                    var two = new Forwarder(second.host(), second.port());
                    Agent agent = Agent.start(
                            channel.node("EwrMSP", "two-gateways", List.of(one.address(), two.address())), engines())) {
                agent.ready().get(30, TimeUnit.SECONDS);
                runsThrough(channel, "first-dies", one::cut);
                Awaitility.await("the other is in use").until(() -> two.connections() > 0);
                one.restore();
                runsThrough(channel, "second-dies", two::cut);
                Awaitility.await("the first is in use again").until(() -> one.connections() > 0);
                assertThat(agent.stopped()).isNotDone();
            }
        }
    }

    /** Submits that the peer took and had not handed on die with it, and so do the endorsements in flight. */
    @Test
    @EnabledIfSystemProperty(
            named = "fabric.dir",
            matches = ".+",
            disabledReason =
                    "the embedded ledger is one process for all peers; give Fabric's folder as -Dfabric.dir=DIR")
    void goes_on_with_the_other_peer_when_one_is_killed_and_loses_nothing() throws Exception {
        try (Channel channel = Channel.openWithTwoPeers(folder, Duration.ofMillis(20));
                Agent agent = Agent.start(channel.node("EwrMSP"), engines())) {
            var peers = channel.gateways("EwrMSP");
            assertThat(peers).hasSize(2);
            agent.ready().get(30, TimeUnit.SECONDS);
            runsThrough(channel, "first-killed", () -> channel.kill(peers.get(0)));
            channel.startAgain();
            runsThrough(channel, "second-killed", () -> channel.kill(peers.get(1)));
            channel.startAgain();
            runsThrough(channel, "first-killed-again", () -> channel.kill(peers.get(0)));
            assertThat(agent.stopped()).isNotDone();
        }
    }

    private static EngineSource engines() {
        return EngineSource.of(Flow.engine(4, context -> {
            TimeUnit.MILLISECONDS.sleep(20);
            context.output("text", new byte[] {'x'});
        }));
    }

    /** A task during which a gateway goes away. */
    private static void runsThrough(Channel channel, String name, Runnable fault) {
        var workflow = Flow.named(name).sayMany("parts", PARTS).build();
        channel.deploy(workflow, Flow.SAY, Flow.JOIN);
        String task = channel.create(workflow, Flow.nodes("EwrMSP/node1"));
        Awaitility.await("some parts are done")
                .atMost(Duration.ofSeconds(30))
                .until(() -> channel.view(task).subTasks().get("parts").parts().succeeded() > PARTS / 4);
        fault.run();
        channel.awaitEnd(task, Duration.ofSeconds(60));
        assertThat(channel.view(task).state()).isEqualTo(TaskState.SUCCEEDED);
        var ledger = LedgerCount.of(channel, channel.height());
        assertThat(ledger.results(task))
                .hasSize(PARTS)
                .allSatisfy((part, count) -> assertThat(count).as(part).isEqualTo(1));
        assertThat(ledger.conflicts()).isZero();
    }
}
