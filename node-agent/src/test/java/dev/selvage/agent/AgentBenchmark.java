package dev.selvage.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.agent.ledger.Ledger;
import dev.selvage.agent.ledger.LedgerBlock;
import dev.selvage.model.ContractApi;
import dev.selvage.model.LedgerEvent;
import dev.selvage.model.TaskState;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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
            long from = channel.ledger.height();
            long millis = run(channel, "bench", PARTS);
            report(channel, from, millis);
            for (Agent agent : agents) {
                agent.metrics()
                        .lines()
                        .filter(line -> line.startsWith("selvage_subtask_own") && line.contains("quantile")
                                || line.startsWith("selvage_subtask_own_time_seconds_max")
                                || line.startsWith("selvage_results_per_transaction"))
                        .forEach(System.out::println);
                agent.close();
            }
        }
    }

    private static long run(Channel channel, String name, int parts) {
        var workflow = Flow.named(name)
                .sayMany("parts", parts)
                .join("all", "lga", "parts")
                .build();
        channel.deploy(workflow, Flow.SAY, Flow.JOIN);
        long start = System.nanoTime();
        String task = channel.create(workflow, Flow.allNodes());
        channel.awaitEnd(task, Duration.ofMinutes(5));
        assertThat(channel.view(task).state()).isEqualTo(TaskState.SUCCEEDED);
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    }

    private static void report(Channel channel, long from, long millis) {
        Map<String, Integer> transactions = new TreeMap<>();
        Map<String, Integer> invalid = new TreeMap<>();
        Map<String, Integer> results = new HashMap<>();
        long height = channel.ledger.height();
        var client = channel.client("EwrMSP", "Admin");
        try {
            client.follow(from, new Ledger.BlockListener() {
                @Override
                public void onBlock(LedgerBlock block) {
                    for (var transaction : block.transactions()) {
                        transactions.merge(transaction.function(), 1, Integer::sum);
                        if (!transaction.valid()) {
                            invalid.merge(transaction.function() + " " + transaction.code(), 1, Integer::sum);
                        }
                        transaction
                                .event()
                                .ifPresent(event -> event.facts().forEach(fact -> {
                                    if (fact instanceof LedgerEvent.Result result) {
                                        results.merge(result.subTask() + "/" + result.index(), 1, Integer::sum);
                                    }
                                }));
                    }
                    if (block.number() + 1 >= height) {
                        throw new IllegalStateException("enough");
                    }
                }
            });
        } catch (IllegalStateException enough) {
            // all blocks were read
        }
        int all = transactions.getOrDefault(ContractApi.SUBMIT_RESULTS, 0)
                + transactions.getOrDefault(ContractApi.ADVANCE, 0);
        System.out.printf(
                "%d sub-tasks in %d ms (%.0f a second); results %d, each once: %b%n",
                PARTS + 1,
                millis,
                (PARTS + 1) * 1000.0 / millis,
                results.size(),
                results.values().stream().allMatch(n -> n == 1));
        System.out.printf(
                "transactions %s: %.3f per sub-task; invalid %s%n", transactions, all / (PARTS + 1.0), invalid);
        assertThat(results).hasSize(PARTS + 1);
        assertThat(invalid).isEmpty();
    }
}
