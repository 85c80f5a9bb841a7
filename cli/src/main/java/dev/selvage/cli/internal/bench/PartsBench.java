package dev.selvage.cli.internal.bench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.selvage.agent.control.ControlApi;
import dev.selvage.cli.internal.client.ContractClient;
import dev.selvage.cli.internal.local.LocalLedger;
import dev.selvage.cli.internal.local.LocalNetwork;
import dev.selvage.cli.internal.local.NodeLink;
import dev.selvage.formats.config.NodeConfig;
import dev.selvage.formats.config.NodeFile;
import dev.selvage.formats.workflow.WorkflowFile;
import dev.selvage.model.Binding;
import dev.selvage.model.CanonicalJson;
import dev.selvage.model.ContractApi;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.Facts;
import dev.selvage.model.SelvageException;
import dev.selvage.model.TaskState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * The workflow thousand-parts over the three nodes of the local network, whose parts do nothing: what is measured is everything around
 * them. The nodes are restarted for each run and warmed up by one that does not count: daemons run for months, not for seconds.
 */
public final class PartsBench {
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final Duration GRACE = Duration.ofSeconds(10);
    private static final long POLL_MILLIS = 100;
    private static final String PARTS = "parts";
    private final LocalNetwork network;
    private final LocalLedger ledger;
    private final Path example;
    private final Consumer<String> progress;

    /** @param example the folder of thousand-parts */
    public PartsBench(LocalNetwork network, LocalLedger ledger, Path example, Consumer<String> progress) {
        this.network = network;
        this.ledger = ledger;
        this.example = example;
        this.progress = progress;
    }

    /**
     * What a run showed.
     *
     * @param batch most results in one transaction
     * @param once parts with exactly one result
     * @param transactions valid ones by function
     * @param invalid by txid, with the code
     * @param ownMillis the nodes' own time per sub-task in milliseconds, by quantile; of the slowest node
     * @param killed the node that was killed and after how many milliseconds; null for none
     */
    public record Report(
            int batch,
            String state,
            int parts,
            int once,
            long wallMillis,
            Map<String, Integer> transactions,
            double perSubTask,
            Map<String, String> invalid,
            Map<String, Double> ownMillis,
            String killed) {}

    /**
     * One run.
     *
     * @param batch most results in one transaction
     * @param kill seed by which a node is killed with SIGKILL at a random moment and started again; null for none
     */
    public Report run(int batch, Long kill) throws InterruptedException {
        var nodes = restart(batch);
        try (var contract = ContractClient.open(
                ledger.profile("bench", ledger.organisations().get(0), LocalLedger.USER))) {
            var source = WorkflowFile.read(example.resolve("workflow.yaml"));
            contract.submit(
                    ContractApi.DEPLOY_WORKFLOW,
                    new ContractApi.Deployment(
                            source.workflow(), List.copyOf(source.operations().values())),
                    JsonNode.class);
            var request = request(
                    contract,
                    source.workflow().digest(),
                    source.workflow().parameters().get("nodes").defaultValue());
            progress.accept("  once to warm up");
            awaitEnd(
                    contract,
                    contract.submit(ContractApi.CREATE_TASK, request, ContractApi.CreatedTask.class)
                            .task());
            var before = ownTimes();
            long from = BlockCount.height(contract);
            long start = System.nanoTime();
            var task = contract.submit(ContractApi.CREATE_TASK, request, ContractApi.CreatedTask.class)
                    .task();
            var killed = kill == null ? null : killOne(nodes, new Random(kill));
            var view = awaitEnd(contract, task);
            long wall = Duration.ofNanos(System.nanoTime() - start).toMillis();
            return report(contract, view, batch, wall, from, before, killed);
        }
    }

    private static ContractApi.NewTask request(
            ContractClient contract, dev.selvage.model.Digest workflow, JsonNode nodes) throws InterruptedException {
        var arguments = CanonicalJson.object().set("nodes", nodes);
        long end = System.nanoTime() + GRACE.toNanos();
        while (true) {
            try {
                var binding = contract.evaluate(
                        ContractApi.PROPOSE_BINDING, new ContractApi.RoleQuery(workflow, arguments), Binding.class);
                return new ContractApi.NewTask(workflow, arguments, binding, null);
            } catch (SelvageException e) {
                if (e.code() != ErrorCode.ROLE_UNBOUND || System.nanoTime() > end) {
                    throw e;
                }
                Thread.sleep(POLL_MILLIS);
            }
        }
    }

    private List<NodeConfig> restart(int batch) {
        List<NodeConfig> nodes = new ArrayList<>();
        for (var organisation : ledger.organisations()) {
            var config = withBatch(ledger.nodeConfig(organisation), batch);
            network.processes().stop(LocalNetwork.nodeProcess(config.node()), GRACE);
            network.startNode(config, List.of());
            nodes.add(config);
        }
        nodes.forEach(network::awaitNode);
        return nodes;
    }

    private static NodeConfig withBatch(NodeConfig usual, int batch) {
        var limits = usual.limits();
        var config = new NodeConfig(
                usual.file().resolveSibling("bench.yaml"),
                usual.node(),
                usual.identity(),
                usual.tls(),
                usual.ledger(),
                usual.follow(),
                usual.listen(),
                usual.advertise(),
                usual.monitor(),
                usual.data(),
                usual.engines(),
                usual.capacity(),
                new NodeConfig.Limits(limits.queue(), limits.transactions(), batch, limits.fetches(), limits.input()),
                usual.retention());
        try {
            Files.writeString(config.file(), NodeFile.write(config));
        } catch (IOException e) {
            throw new SelvageException(ErrorCode.FILE_UNREADABLE, config.file() + " cannot be written.", e);
        }
        return config;
    }

    private String killOne(List<NodeConfig> nodes, Random random) throws InterruptedException {
        var victim = nodes.get(random.nextInt(nodes.size()));
        long after = 200L + random.nextInt(3_000);
        Thread.sleep(after);
        network.processes().running(LocalNetwork.nodeProcess(victim.node())).ifPresent(process -> {
            process.destroyForcibly();
            process.onExit().join();
        });
        progress.accept("killed " + victim.node() + " after " + after + " ms; starting it again");
        network.startNode(victim, List.of());
        return victim.node() + " after " + after + " ms";
    }

    private ContractApi.TaskView awaitEnd(ContractClient contract, String task) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        int told = 0;
        while (true) {
            var view = contract.evaluate(
                    ContractApi.GET_TASK, new ContractApi.TaskQuery(task), ContractApi.TaskView.class);
            int done = view.subTasks().get(PARTS).parts().succeeded();
            if (done >= told + 250) {
                told = done;
                progress.accept("  " + done + " parts done");
            }
            if (view.state().ended()) {
                return view;
            }
            if (System.nanoTime() > end) {
                throw new SelvageException(
                        ErrorCode.DEADLINE_EXCEEDED,
                        "The benchmark did not end within " + PATIENCE.toMinutes() + " minutes.");
            }
            Thread.sleep(POLL_MILLIS);
        }
    }

    private Report report(
            ContractClient contract,
            ContractApi.TaskView view,
            int batch,
            long wall,
            long from,
            List<OwnTimes> before,
            String killed) {
        var task = view.task().id();
        var counts = new TreeMap<Integer, Integer>();
        contract.all(
                        ContractApi.GET_RESULTS,
                        page -> new ContractApi.SubTaskQuery(task, PARTS, page),
                        Facts.ResultFact.class)
                .forEach(result -> counts.merge(result.index(), 1, Integer::sum));
        var blocks = BlockCount.read(contract, from, BlockCount.height(contract));
        int transactions = blocks.functions().getOrDefault(ContractApi.SUBMIT_RESULTS, 0)
                + blocks.functions().getOrDefault(ContractApi.ADVANCE, 0);
        int subTasks = view.subTasks().get(PARTS).parts().count() + 1;
        var invalid = new TreeMap<String, String>();
        blocks.invalid().forEach((txid, code) -> invalid.put(txid, String.valueOf(code)));
        return new Report(
                batch,
                view.state().toString(),
                subTasks - 1,
                (int) counts.values().stream().filter(count -> count == 1).count(),
                wall,
                blocks.functions(),
                (double) transactions / subTasks,
                invalid,
                slowest(before),
                killed);
    }

    private List<OwnTimes> ownTimes() {
        List<OwnTimes> times = new ArrayList<>();
        for (var organisation : ledger.organisations()) {
            var admin = ledger.profile("admin", organisation, LocalLedger.ADMIN);
            try (var control = NodeLink.open(ledger.nodeConfig(organisation), admin)) {
                times.add(OwnTimes.read(control.ask(ControlApi.METRICS, new ControlApi.Nothing(), ControlApi.Text.class)
                        .text()));
            }
        }
        return times;
    }

    /** The slowest node's quantiles since then, in milliseconds; those of the phases are told as progress. */
    private Map<String, Double> slowest(List<OwnTimes> before) {
        var after = ownTimes();
        Map<String, Double> slowest = new TreeMap<>();
        for (String name : after.get(0).names()) {
            for (double quantile : List.of(0.5, 0.99)) {
                double worst = 0;
                for (int i = 0; i < after.size(); i++) {
                    worst = Math.max(worst, after.get(i).since(before.get(i), name, quantile));
                }
                slowest.put((name.isEmpty() ? "" : name + " ") + quantile, worst);
            }
        }
        progress.accept("  milliseconds by phase and quantile, the slowest node's: "
                + slowest.entrySet().stream()
                        .filter(entry -> entry.getKey().contains(" "))
                        .map(entry -> String.format(Locale.ROOT, "%s %.0f", entry.getKey(), entry.getValue()))
                        .collect(Collectors.joining(", ")));
        slowest.keySet().removeIf(name -> name.contains(" "));
        return slowest;
    }

    /** Whether a run kept what it promises: every part once, none invalid. */
    public static boolean kept(Report report) {
        return report.state().equals(TaskState.SUCCEEDED.toString())
                && report.once() == report.parts()
                && report.invalid().isEmpty();
    }

    /** Brings the nodes back to their own configuration. */
    public void restore() {
        for (var organisation : ledger.organisations()) {
            var config = ledger.nodeConfig(organisation);
            network.processes().stop(LocalNetwork.nodeProcess(config.node()), GRACE);
            network.startNode(config, List.of());
        }
    }
}
