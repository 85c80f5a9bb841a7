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
import dev.selvage.network.fabric.FabricBinaries;
import dev.selvage.network.process.Ports;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiFunction;
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
    private Backend backend;

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
     * @param beside started while the ledger starts
     * @return the ledger with its organisations
     * @throws SelvageException PORT_TAKEN before anything is started; PROCESS_FAILED, CONFIG_INVALID, TOOL_MISSING and the ledger's own
     *     codes
     */
    @SuppressWarnings("try") // the lock is held, not used
    public LocalLedger up(NetworkWish wish, Beside beside) {
        try (var lock = lock()) {
            settle(wish, NetworkSettings::wanted);
            var ledgers = backend();
            requirePorts(ledgers.ports(), beside);
            ledgers.up(beside::start);
            var ledger = LocalLedger.make(data);
            var members = new LocalMembers(data, ledger, progress);
            members.writeFiles();
            if (ledgers.settlesSlowly()) {
                Waiting.patiently(members::registerNodes, PATIENCE);
            } else {
                members.registerNodes();
            }
            return ledger;
        }
    }

    /**
     * Makes the organisations' keys and, on Fabric, everything that is configured; starts nothing.
     *
     * @return the ledger with its organisations
     */
    @SuppressWarnings("try") // the lock is held, not used
    public LocalLedger prepare(NetworkWish wish) {
        try (var lock = lock()) {
            settle(wish, NetworkSettings::wanted);
            backend().prepare();
            var ledger = LocalLedger.make(data);
            new LocalMembers(data, ledger, progress).writeFiles();
            return ledger;
        }
    }

    /** How many organisations a network of this wish has peers for. */
    public int organisations(NetworkWish wish) {
        return wish.organisations() == null ? NetworkSettings.read(data).organisations() : wish.organisations();
    }

    /** Keeps what is asked for, once it is known that it can be done; until then nothing is changed. */
    private void settle(NetworkWish wish, BiFunction<DataFolder, NetworkWish, NetworkSettings> choice) {
        var wanted = wanted(wish, choice);
        wanted.settings().write(data);
        backend = wanted;
    }

    private Backend wanted(NetworkWish wish, BiFunction<DataFolder, NetworkWish, NetworkSettings> choice) {
        var binaries = wish.fabric() == null ? null : FabricBinaries.in(wish.fabric());
        return open(choice.apply(data, binaries == null ? wish : wish.found(binaries)), binaries);
    }

    /** The ledger of some settings. */
    private record Backend(NetworkSettings settings, LedgerBackend ledger) {}

    private Backend open(NetworkSettings settings, FabricBinaries found) {
        if (settings.fabric() == null) {
            return new Backend(settings, new LocalEmbedded(data, settings, distribution, book, launcher, progress));
        }
        var binaries = found == null ? FabricBinaries.in(Path.of(settings.fabric())) : found;
        return new Backend(settings, new LocalFabric(data, settings, binaries, distribution, book, launcher, progress));
    }

    private LedgerBackend backend() {
        if (backend == null) {
            backend = open(NetworkSettings.read(data), null);
        }
        return backend.ledger();
    }

    private void requirePorts(Map<Integer, String> ledger, Beside beside) {
        Map<Integer, String> wanted = new TreeMap<>(ledger);
        wanted.putAll(beside.ports(ports()));
        book.running().forEach(record -> wanted.keySet().removeAll(record.ports()));
        Ports.requireFree(wanted);
    }

    /** The native Fabric network, if this is one. */
    public Optional<LocalFabric> fabric() {
        return backend() instanceof LocalFabric fabric ? Optional.of(fabric) : Optional.empty();
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
        add("reference");
    }

    /** Puts the bare chaincode that the contract is measured against on the channel, if it is not there. */
    public void addBare() {
        add(BARE);
    }

    @SuppressWarnings("try") // the lock is held, not used
    private void add(String chaincode) {
        try (var lock = lock()) {
            backend().add(distribution.chaincodeNamed(chaincode));
        }
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

    /**
     * Ends everything and removes the ledger, the nodes and the profiles, and what was chosen for the network; the ports stay. Unless the
     * next network is possible, nothing is done.
     *
     * @param wish what is asked of the next network
     * @throws SelvageException as {@link #up}
     */
    @SuppressWarnings("try") // the lock is held, not used
    public void reset(NetworkWish wish) {
        try (var lock = lock()) {
            var next = wanted(wish, NetworkSettings::anew);
            book.stopAll(GRACE);
            Ports.requireFree(next.ledger().ports());
            for (var folder : List.of(data.ledger(), data.nodes(), data.engines(), data.profiles())) {
                progress.accept("removing " + folder);
                Folders.remove(folder);
            }
            next.settings().write(data);
            backend = next;
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
