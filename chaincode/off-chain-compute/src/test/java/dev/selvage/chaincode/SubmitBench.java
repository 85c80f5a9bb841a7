package dev.selvage.chaincode;

import dev.selvage.contract.Settings;
import dev.selvage.contract.testing.Identity;
import dev.selvage.contract.testing.Simulation;
import dev.selvage.model.CanonicalJson;
import dev.selvage.model.ContractApi;
import dev.selvage.model.ContractApi.ResultItem;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** CPU of the contract alone for a submission of 40 results: prints microseconds of each of ten rounds. A benchmark, no test. */
public final class SubmitBench {
    private static final int ROUND = 300;

    private SubmitBench() {}

    public static void main(String[] args) {
        var channel = new Channel();
        String task = channel.create(Flows.flow().allNodes().count("c", 120).build(), Flows.nodes());
        var items = IntStream.range(0, 40)
                .mapToObj(i -> Channel.success(task, "c", i * 3, 1, "all", "part " + i))
                .toArray(ResultItem[]::new);
        List<String> words = List.of(
                ContractApi.SUBMIT_RESULTS,
                CanonicalJson.text(new ContractApi.Submission("node1", Arrays.asList(items))));
        var chaincode = new ComputeChaincode(Settings.DEFAULT);
        var node = Identity.node("EwrMSP", "node1");
        var threads = ManagementFactory.getThreadMXBean();
        for (int round = 0; round < 10; round++) {
            long before = threads.getCurrentThreadCpuTime();
            for (int i = 0; i < ROUND; i++) {
                var simulation =
                        new Simulation(channel.ledger, node, "ab".repeat(32), Instant.ofEpochMilli(1L << 41), words);
                if (chaincode.invoke(simulation).getStatusCode() != 200) {
                    throw new IllegalStateException("refused");
                }
            }
            System.out.println((threads.getCurrentThreadCpuTime() - before) / ROUND / 1_000);
        }
    }
}
