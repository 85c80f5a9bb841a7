package dev.selvage.cli.internal.bench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.selvage.cli.internal.client.ContractClient;
import dev.selvage.cli.internal.local.LocalLedger;
import dev.selvage.cli.internal.local.LocalNetwork;
import dev.selvage.model.Binding;
import dev.selvage.model.ContractApi;
import dev.selvage.model.ErrorCategory;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.NodeId;
import dev.selvage.model.SelvageException;
import dev.selvage.model.Workflow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Bare transactions and sub-tasks that do nothing, side by side on the ledger of this machine: in rounds, each kind of load in each, so
 * that what else happens on the machine falls on all of them.
 */
public final class LedgerBench implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final long POLL_MILLIS = 200;
    private static final int WIDE = 1_000;
    /** Wide fan-outs at a time, so that some are carried out while others begin or end. */
    private static final int WIDE_AT_A_TIME = 4;

    private final LocalNetwork network;
    private final Settings settings;
    private final Consumer<String> progress;
    private final List<NodeId> nodes;
    private final List<ContractClient> clients = new ArrayList<>();
    private final TaskWatch watch;
    private final Map<String, ContractApi.NewTask> requests = new TreeMap<>();

    /**
     * What is measured.
     *
     * @param inFlight how many at a time, one measurement for each
     * @param rounds in which everything is measured once
     * @param time of a measurement
     * @param steps of a chain
     * @param kinds of load
     */
    public record Settings(List<Integer> inFlight, int rounds, Duration time, int steps, List<Kind> kinds) {
        public Settings {
            inFlight = inFlight.stream().sorted().distinct().toList();
            kinds = kinds.stream().sorted().distinct().toList();
        }

        /** The rounds in words. */
        public String roundsText() {
            return rounds == 1 ? "one round" : "medians of " + rounds + " rounds";
        }
    }

    /** A kind of load. */
    public enum Kind {
        /** Bare transactions. */
        CREATE,
        /** Chains of sub-tasks, as many as in flight. */
        CHAIN,
        /** Parts side by side, half as many in a task as in flight, two tasks at a time; and wide ones. */
        FAN_OUT,
        /** A thousand parts and one that takes them all. */
        FAN_IN;

        /** As it is written on the command line and in reports. */
        public String text() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** One line of the report: a kind of load with so many in flight. */
    public record Cell(Kind kind, int inFlight) {}

    /** Puts the bare chaincode on the channel, starts the nodes and waits until everything answers. */
    public LedgerBench(LocalNetwork network, LocalLedger ledger, Settings settings, Consumer<String> progress) {
        this.network = network;
        this.settings = settings;
        this.progress = progress;
        this.nodes = ledger.organisations().stream().map(ledger::node).toList();
        network.addBare();
        var configs = ledger.organisations().stream().map(ledger::nodeConfig).toList();
        configs.forEach(config -> network.startNode(config, List.of()));
        configs.forEach(network::awaitNode);
        for (var organisation : ledger.organisations()) {
            clients.add(ContractClient.open(ledger.profile("bench", organisation, LocalLedger.USER)));
        }
        clients.forEach(client ->
                patiently(() -> client.submit(LocalNetwork.BARE, "create", "first-" + UUID.randomUUID(), "x")));
        this.watch = new TaskWatch(clients.get(0));
    }

    /** Measures everything; the samples of each cell are in the order of the rounds. */
    public Map<Cell, List<Sample>> run() throws InterruptedException {
        Map<Cell, Function<Cell, Load>> loads = new java.util.LinkedHashMap<>();
        for (Kind kind : settings.kinds()) {
            plan(kind, loads);
        }
        Map<Cell, List<Sample>> samples = new java.util.LinkedHashMap<>();
        loads.keySet().forEach(cell -> samples.put(cell, new ArrayList<>()));
        warmUp();
        for (int round = 1; round <= settings.rounds(); round++) {
            List<Cell> order = new ArrayList<>(loads.keySet());
            if (round % 2 == 0) { // so that nothing is always measured right after the same
                Collections.reverse(order);
            }
            for (Cell cell : order) {
                var sample = measure(loads.get(cell).apply(cell), cell.kind() == Kind.FAN_IN, settings.time());
                samples.get(cell).add(sample);
                progress.accept(String.format(
                        Locale.ROOT,
                        "round %d of %d: %s, %d in flight: %.0f a second, p50 %.1f ms",
                        round,
                        settings.rounds(),
                        cell.kind().text(),
                        cell.inFlight(),
                        sample.perSecond(),
                        sample.p50Micros() / 1000.0));
            }
        }
        return samples;
    }

    private void plan(Kind kind, Map<Cell, Function<Cell, Load>> loads) {
        switch (kind) {
            case CREATE ->
                settings.inFlight()
                        .forEach(count ->
                                loads.put(new Cell(kind, count), cell -> new CreateLoad(clients, cell.inFlight())));
            case CHAIN -> {
                var chain = request(TaskShape.chain(nodes, settings.steps()));
                settings.inFlight()
                        .forEach(count -> loads.put(
                                new Cell(kind, count),
                                cell -> new TaskLoad(clients, watch, chain, cell.inFlight(), 1)));
            }
            case FAN_OUT -> {
                for (int count : settings.inFlight()) {
                    fanOut(loads, count == 1 ? 1 : 2, Math.max(1, count / 2));
                }
                fanOut(loads, WIDE_AT_A_TIME, WIDE);
            }
            case FAN_IN -> {
                var fanIn = request(TaskShape.fanIn(nodes, WIDE));
                loads.put(new Cell(kind, WIDE), cell -> new TaskLoad(clients, watch, fanIn, 1, WIDE));
            }
        }
    }

    private void fanOut(Map<Cell, Function<Cell, Load>> loads, int tasks, int width) {
        var request = request(TaskShape.fanOut(width));
        loads.put(new Cell(Kind.FAN_OUT, tasks * width), cell -> new TaskLoad(clients, watch, request, tasks, width));
    }

    private void warmUp() throws InterruptedException {
        progress.accept("warming up");
        Duration time = Duration.ofMillis(Math.min(3_000, settings.time().toMillis()));
        measure(new CreateLoad(clients, 64), false, time);
        measure(new TaskLoad(clients, watch, request(TaskShape.fanOut(WIDE)), 1, WIDE), false, time);
    }

    /**
     * One measurement.
     *
     * @param whole whether whole tasks are measured, from the first create to the last result; else what ends in a span of time after a
     *     while of running
     */
    private Sample measure(Load load, boolean whole, Duration time) throws InterruptedException {
        var contract = clients.get(0);
        long height = BlockCount.height(contract);
        long start = System.nanoTime();
        long from = whole ? start : start + time.toNanos() / 4;
        long until = start + time.toNanos() + (from - start);
        // the loads stop at its end; what ends later is not counted
        var recorder = new Recorder(from, whole ? Long.MAX_VALUE : until, until);
        var cpu = new CpuSpan(network.processes(), from, until);
        load.run(recorder);
        Map<String, Long> used = cpu.end(whole);
        var blocks = BlockCount.read(contract, height, height());
        return new Sample(
                recorder.count(),
                whole ? recorder.last() - start : until - from,
                recorder.micros(0.5),
                recorder.micros(0.99),
                recorder.failures(),
                load.allItems(),
                blocks.functions(),
                blocks.invalid().size(),
                used);
    }

    /** That of the peer that is ahead; reading waits for the others. */
    private long height() {
        return clients.stream().mapToLong(BlockCount::height).max().orElseThrow();
    }

    private ContractApi.NewTask request(Workflow workflow) {
        return requests.computeIfAbsent(workflow.name(), name -> {
            var contract = clients.get(0);
            contract.submit(ContractApi.DEPLOY_WORKFLOW, TaskShape.deployment(workflow), JsonNode.class);
            var arguments = TaskShape.arguments(workflow, nodes);
            var query = new ContractApi.RoleQuery(workflow.digest(), arguments);
            Binding[] binding = new Binding[1];
            for (var client : clients) { // each peer has the workflow, and the nodes have said what they offer
                patiently(() -> binding[0] = client.evaluate(ContractApi.PROPOSE_BINDING, query, Binding.class));
            }
            return new ContractApi.NewTask(workflow.digest(), arguments, binding[0], null);
        });
    }

    private static void patiently(Runnable step) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                step.run();
                return;
            } catch (SelvageException e) {
                if (!mayPass(e.code()) || System.nanoTime() > end) {
                    throw e;
                }
                sleep();
            }
        }
    }

    /** Peers learn of chaincodes, workflows and nodes by and by; a wrong setting is not waited for. */
    static boolean mayPass(ErrorCode code) {
        return switch (code) {
            case CHAINCODE_UNKNOWN, WORKFLOW_UNKNOWN, ROLE_UNBOUND, NODE_UNKNOWN -> true;
            case INTERRUPTED -> false;
            default -> code.category() != ErrorCategory.USER;
        };
    }

    private static void sleep() {
        try {
            Thread.sleep(POLL_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SelvageException(ErrorCode.INTERRUPTED, "The benchmark was stopped.", e);
        }
    }

    @Override
    public void close() {
        watch.close();
        clients.forEach(ContractClient::close);
    }
}
