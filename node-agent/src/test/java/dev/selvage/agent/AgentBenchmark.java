package dev.selvage.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.model.ContractApi;
import dev.selvage.model.TaskState;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The thousand-part workflow over three nodes with a fan-in. Not part of the build: {@code mvn -Dquickly -pl node-agent -am test
 * -Dtest=AgentBenchmark -Dsurefire.failIfNoSpecifiedTests=false}. Parts: {@code -Dparts=N}.
 */
class AgentBenchmark {
    private static final int PARTS = Integer.getInteger("parts", 1000);

    @TempDir
    Path folder;

    @Test
    void a_thousand_parts_with_a_fan_in() throws Exception {
        try (Channel channel = Channel.open(folder, Duration.ofMillis(50))) {
            List<Agent> agents = new ArrayList<>();
            for (String msp : Channel.MSPS) {
                Agent agent = Agent.start(channel.node(msp), EngineSource.of(Flow.engine(8)));
                agents.add(agent);
                agent.ready().get(20, TimeUnit.SECONDS);
            }
            run(channel, "warm-up", 60);
            long from = channel.height();
            long start = System.nanoTime();
            String task = run(channel, "bench", PARTS);
            report(channel, task, from, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
            for (Agent agent : agents) {
                agent.metrics()
                        .lines()
                        .filter(line -> (line.startsWith("selvage_subtask_own") && line.contains("quantile"))
                                || line.startsWith("selvage_subtask_own_time_seconds_max")
                                || line.startsWith("selvage_results_per_transaction"))
                        .forEach(System.out::println);
                agent.close();
            }
        }
    }

    private static String run(Channel channel, String name, int parts) {
        var workflow = Flow.named(name)
                .sayMany("parts", parts)
                .join("all", "lga", "parts")
                .build();
        channel.deploy(workflow, Flow.SAY, Flow.JOIN);
        String task = channel.create(workflow, Flow.allNodes());
        channel.awaitEnd(task, Duration.ofMinutes(5));
        assertThat(channel.view(task).state()).isEqualTo(TaskState.SUCCEEDED);
        return task;
    }

    private static void report(Channel channel, String task, long from, long millis) {
        var ledger = LedgerCount.of(channel, from, channel.height());
        int all = ledger.transactions().getOrDefault(ContractApi.SUBMIT_RESULTS, 0)
                + ledger.transactions().getOrDefault(ContractApi.ADVANCE, 0);
        System.out.printf(
                "%d sub-tasks in %d ms (%.0f a second), transactions %s: %.3f per sub-task; invalid %s%n",
                PARTS + 1,
                millis,
                (PARTS + 1) * 1000.0 / millis,
                ledger.transactions(),
                all / (PARTS + 1.0),
                ledger.invalid());
        assertThat(ledger.results(task))
                .hasSize(PARTS + 1)
                .allSatisfy((part, count) -> assertThat(count).as(part).isEqualTo(1));
        assertThat(ledger.invalid()).isEmpty();
    }
}
