package dev.selvage.cli.internal.quickstart;

import dev.selvage.agent.control.ControlApi;
import dev.selvage.agent.control.ControlClient;
import dev.selvage.cli.internal.local.Beside;
import dev.selvage.cli.internal.local.Distribution;
import dev.selvage.cli.internal.local.LocalLedger;
import dev.selvage.cli.internal.local.LocalNetwork;
import dev.selvage.cli.internal.local.NetworkPorts;
import dev.selvage.cli.internal.local.NetworkWish;
import dev.selvage.cli.internal.local.NodeLink;
import dev.selvage.formats.workflow.WorkflowFile;
import dev.selvage.formats.workflow.WorkflowSource;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import dev.selvage.network.org.Organisation;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Brings an example up on the local network, from whatever is there already. */
public final class Quickstart {
    private static final String DATA = "flights";
    private static final String OPERATION = "flights.delays/1";

    private static final int ORGANISATIONS = 3;

    private final Example example;
    private final Path examples;
    private final LocalNetwork network;
    private final Consumer<String> progress;
    private final boolean python;
    private final NycEngines engines;
    private LocalLedger ledger;

    /**
     * @param example which one
     * @param examples the folder of the examples
     * @param progress is told what is being done
     */
    public Quickstart(
            Example example,
            Path examples,
            LocalNetwork network,
            Distribution distribution,
            Consumer<String> progress) {
        this.example = example;
        this.examples = examples;
        this.network = network;
        this.progress = progress;
        this.python = Python.isThere();
        this.engines = new NycEngines(examples, network, distribution, python);
    }

    /** Whether LgaMSP's worker is the one in Python. */
    public boolean python() {
        return python;
    }

    /** The example's workflow file. */
    public WorkflowSource workflow() {
        return WorkflowFile.read(examples.resolve(example.folder()).resolve("workflow.yaml"));
    }

    /**
     * Starts ledger and contract.
     *
     * @throws SelvageException CONFIG_INVALID before anything is done, for a network that is not of the three organisations
     */
    public LocalLedger startLedger(NetworkWish wish) {
        if (network.organisations(wish) != ORGANISATIONS) {
            throw new SelvageException(
                    ErrorCode.CONFIG_INVALID,
                    "The examples are of three organisations, not " + network.organisations(wish)
                            + ". Use another --data folder for them.");
        }
        ledger = network.up(wish, new Engines());
        return ledger;
    }

    /** The engines, which need no ledger. */
    private final class Engines implements Beside {
        @Override
        public Map<Integer, String> ports(NetworkPorts ports) {
            Map<Integer, String> wanted = new TreeMap<>();
            for (int i = 0; i < ORGANISATIONS; i++) {
                wanted.put(ports.node(i).port(), "a node");
                wanted.put(ports.monitor(i).port(), "metrics and health of a node");
            }
            if (example.needsEngines()) {
                wanted.putAll(NycEngines.ports(ports));
            }
            return wanted;
        }

        @Override
        public void start() {
            if (example.needsEngines()) {
                progress.accept("starting the organisations' engines");
                engines.start();
            } else {
                engines.unpack();
            }
        }
    }

    /** Starts engines and nodes, and adds the nodes' data with the grants that the example needs. */
    public void startNodes() {
        if (example.needsEngines()) {
            engines.prepare();
        }
        progress.accept("starting the nodes");
        for (var organisation : ledger.organisations()) {
            network.startNode(ledger.nodeConfig(organisation), List.of());
        }
        for (var organisation : ledger.organisations()) {
            network.awaitNode(ledger.nodeConfig(organisation));
            if (example.needsEngines()) {
                addData(organisation);
            }
        }
    }

    /** The unpacked flights of an airport, such as {@code jfk}. */
    public Path flights(String airport) {
        return engines.flights(airport);
    }

    /** Puts on the ledger what the example's workflow reads from there. */
    public void fillLedger() {
        if (example == Example.NYC_DELAYS_NAMED) {
            new CarrierNames(examples.resolve("nyc-delays/data/airlines.csv"), network).prepare(ledger);
        }
    }

    private void addData(Organisation organisation) {
        var admin = ledger.profile("admin", organisation, LocalLedger.ADMIN);
        try (var control = NodeLink.open(ledger.nodeConfig(organisation), admin)) {
            addData(organisation, control);
        }
    }

    private void addData(Organisation organisation, ControlClient control) {
        boolean there = control.askList(ControlApi.DATA, new ControlApi.Nothing(), ControlApi.DataView.class).stream()
                .anyMatch(set -> set.name().equals(DATA));
        if (!there) {
            var airport = LocalLedger.shortName(organisation);
            boolean isTable = airport.equals("ewr");
            control.ask(
                    isTable ? ControlApi.ADD_TABLE : ControlApi.ADD_FILE,
                    isTable
                            ? new ControlApi.DataTable(DATA, "h2-ewr", DATA)
                            : new ControlApi.DataFile(
                                    DATA, engines.flights(airport).toString(), "text/csv", false),
                    ControlApi.DataView.class);
        }
        var everyone = ledger.organisations().stream().map(Organisation::msp).toList();
        var digest = workflow().operations().get(OPERATION).digest();
        control.ask(
                ControlApi.GRANT,
                new ControlApi.NewGrant(DATA, OPERATION, digest, everyone, null, null),
                ControlApi.GrantView.class);
    }
}
