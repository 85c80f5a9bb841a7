package dev.selvage.cli.internal.local;

import dev.selvage.agent.control.ControlClient;
import dev.selvage.cli.internal.process.ClassArchives;
import dev.selvage.cli.internal.process.Launcher;
import dev.selvage.cli.internal.process.ProcessBook;
import dev.selvage.cli.internal.process.ProcessRecord;
import dev.selvage.formats.config.NodeConfig;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.NodeId;
import dev.selvage.model.SelvageException;
import dev.selvage.network.LedgerStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The local network of a data folder: ledger, chaincodes, registered nodes. Every step looks first at what is there, so that
 * starting again after a stop, a crash or half a start only does what is missing.
 */
public final class LocalNetwork {
    /** The chaincode that does nothing but create keys. */
    public static final String BARE = "bare-create";

    private static final Duration GRACE = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final DataFolder data;
    private final Distribution distribution;
    private final Consumer<String> progress;
    private final ProcessBook book;
    private final ClassArchives archives;
    private final Launcher launcher;
    private final NodeProcesses nodes;

    /**
     * @param progress is told what is being done
     */
    public LocalNetwork(DataFolder data, Distribution distribution, Consumer<String> progress) {
        this.data = data;
        this.distribution = distribution;
        this.progress = progress;
        this.book = new ProcessBook(data.pids());
        this.archives = new ClassArchives(distribution.archives());
        this.launcher = new Launcher(book, data.logs(), data.root(), archives);
        this.nodes = new NodeProcesses(data, distribution, book, launcher);
    }

    public ProcessBook processes() {
        return book;
    }

    public Launcher launcher() {
        return launcher;
    }

    public DataFolder data() {
        return data;
    }

    /** The ports that the network was started with. */
    public NetworkPorts ports() {
        return NetworkSettings.read(data).ports();
    }

    /**
     * Brings the ledger and its chaincodes up and registers the nodes.
     *
     * @param wish what is asked for
     * @param meanwhile started while the ledger starts: what does not need it
     * @return the ledger with its organisations
     * @throws SelvageException PORT_TAKEN, PROCESS_FAILED, CONFIG_INVALID, TOOL_MISSING and the ledger's own codes
     */
    @SuppressWarnings("try") // the lock is held, not used
    public LocalLedger up(NetworkWish wish, Runnable meanwhile) {
        try (var lock = lock()) {
            NetworkSettings.settle(data, wish.found());
            var backend = backend();
            backend.up(meanwhile);
            var ledger = LocalLedger.open(data);
            var members = new LocalMembers(data, ledger, progress);
            members.writeFiles();
            if (backend.settlesSlowly()) {
                Waiting.patiently(members::registerNodes, PATIENCE);
            } else {
                members.registerNodes();
            }
            return ledger;
        }
    }

    /** As {@link #up(NetworkWish, Runnable)}, on the ledger that it was before, at first the embedded one. */
    public LocalLedger up(Integer shift) {
        return up(NetworkWish.ports(shift), () -> {});
    }

    /**
     * Makes the organisations' keys and, on Fabric, everything that is configured; starts nothing.
     *
     * @return the ledger with its organisations
     */
    @SuppressWarnings("try") // the lock is held, not used
    public LocalLedger prepare(NetworkWish wish) {
        try (var lock = lock()) {
            NetworkSettings.settle(data, wish.found());
            backend().kind();
            var ledger = LocalLedger.open(data);
            new LocalMembers(data, ledger, progress).writeFiles();
            return ledger;
        }
    }

    private LedgerBackend backend() {
        return NetworkSettings.read(data).fabric() == null
                ? new LocalEmbedded(data, distribution, book, launcher, progress)
                : openFabric();
    }

    private LocalFabric openFabric() {
        return new LocalFabric(data, distribution, book, launcher, progress);
    }

    /** The native Fabric network, if this is one. */
    public Optional<LocalFabric> fabric() {
        return NetworkSettings.read(data).fabric() == null ? Optional.empty() : Optional.of(openFabric());
    }

    /** Which ledger this is, for a person. */
    public String kind() {
        return backend().kind();
    }

    /** The ledger, if it runs and answers. */
    public Optional<LedgerStatus> ledgerStatus() {
        return backend().status();
    }

    /** Puts the chaincode of the example nyc-delays-named on the channel. */
    public void addReference() {
        backend().add(distribution.chaincodeNamed("reference"));
    }

    /** Puts the bare chaincode that the contract is measured against on the channel, if it is not there. */
    public void addBare() {
        backend().add(distribution.chaincodeNamed(BARE));
    }

    /**
     * Waits until a process that was started listens.
     *
     * @throws SelvageException PROCESS_FAILED or the code that its log ends with
     */
    public void awaitPort(String process, int port) {
        nodes.awaitPort(process, port);
    }

    /**
     * Starts the node of a configuration, if it does not run.
     *
     * @param engines what is on its class path beside the agent: engines in Java
     * @return whether it was started now
     * @throws SelvageException PORT_TAKEN
     */
    public boolean startNode(NodeConfig config, List<Path> engines) {
        return nodes.start(config, engines);
    }

    /** Waits until a node serves. */
    public void awaitNode(NodeConfig config) {
        nodes.awaitPort(nodeProcess(config.node()), config.listen().port());
    }

    /** Waits until a node that serves has read the ledger as it stood at its start. */
    public void awaitCaughtUp(NodeConfig config, ControlClient control) {
        nodes.awaitCaughtUp(config, control);
    }

    /** What a node's process is called. */
    public static String nodeProcess(NodeId node) {
        return NodeProcesses.process(node);
    }

    /**
     * The ledger that runs.
     *
     * @throws SelvageException LEDGER_UNREACHABLE
     */
    public LocalLedger ledger() {
        if (ledgerStatus().isEmpty()) {
            throw new SelvageException(ErrorCode.LEDGER_UNREACHABLE, "No ledger of " + data.root() + " runs.");
        }
        return LocalLedger.open(data);
    }

    /** Ends everything and removes the ledger, the nodes and the profiles; the ports stay. */
    @SuppressWarnings("try") // the lock is held, not used
    public void reset() {
        down();
        try (var lock = lock()) {
            for (var folder : List.of(data.ledger(), data.nodes(), data.engines(), data.profiles())) {
                progress.accept("removing " + folder);
                Folders.remove(folder);
            }
        }
    }

    /** Ends every process of the data folder, those that need others first. */
    @SuppressWarnings("try") // the lock is held, not used
    public List<ProcessRecord> down() {
        try (var lock = lock()) {
            var stopped = book.stopAll(GRACE);
            if (archives.isDue()) {
                progress.accept("preparing faster starts (once after a build)");
                archives.make();
            }
            return stopped;
        }
    }

    private ChangeLock lock() {
        return ChangeLock.take(data, progress);
    }
}
