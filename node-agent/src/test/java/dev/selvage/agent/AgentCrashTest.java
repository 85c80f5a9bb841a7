package dev.selvage.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.model.TaskState;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Agents as processes, killed at random moments of a run. */
class AgentCrashTest {
    private static final int PARTS = 90;

    @TempDir
    Path folder;

    @Test
    void an_agent_killed_at_random_moments_changes_nothing_in_the_outcome() throws Exception {
        var random = new Random(7);
        try (Channel channel = Channel.open(folder, Duration.ofMillis(20))) {
            Map<String, AgentProcess> agents = new HashMap<>();
            try {
                for (String msp : Channel.MSPS) {
                    agents.put(msp, AgentProcess.start(channel.node(msp), 40));
                }
                var workflow = Flow.named("crash")
                        .sayMany("parts", PARTS)
                        .join("all", "lga", "parts")
                        .build();
                channel.deploy(workflow, Flow.SAY, Flow.JOIN);
                String task = channel.create(workflow, Flow.allNodes());
                var config = channel.node("JfkMSP");
                for (int i = 0; i < 3 && channel.view(task).end() == null; i++) {
                    // the moment is what is tested: it is drawn, not awaited
                    TimeUnit.MILLISECONDS.sleep(200 + random.nextInt(600));
                    agents.get("JfkMSP").kill();
                    agents.put("JfkMSP", AgentProcess.start(config, 40));
                }
                channel.awaitEnd(task, Duration.ofMinutes(2));
                assertThat(channel.view(task).state()).isEqualTo(TaskState.SUCCEEDED);
                var ledger = LedgerCount.of(channel, channel.height());
                assertThat(ledger.results(task))
                        .hasSize(PARTS + 1)
                        .allSatisfy((part, count) -> assertThat(count).as(part).isEqualTo(1));
                assertThat(ledger.conflicts()).isZero();
                Awaitility.await().until(() -> agents.values().stream().allMatch(AgentProcess::isAlive));
            } finally {
                agents.values().forEach(AgentProcess::kill);
            }
        }
    }
}
