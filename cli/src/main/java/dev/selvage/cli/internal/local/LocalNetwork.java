package dev.selvage.cli.internal.local;

import dev.selvage.agent.control.ControlApi;
import dev.selvage.agent.control.ControlClient;
import dev.selvage.cli.internal.client.ContractClient;
import dev.selvage.cli.internal.process.ClassArchives;
import dev.selvage.cli.internal.process.JavaProgram;
import dev.selvage.cli.internal.process.Launcher;
import dev.selvage.cli.internal.process.Ports;
import dev.selvage.cli.internal.process.ProcessBook;
import dev.selvage.cli.internal.process.ProcessRecord;
import dev.selvage.formats.config.HostPort;
import dev.selvage.formats.config.NodeConfig;
import dev.selvage.formats.config.NodeFile;
import dev.selvage.formats.config.ProfileFile;
import dev.selvage.model.ContractApi;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.NodeId;
import dev.selvage.model.SelvageException;
import dev.selvage.network.LedgerAdmin;
import dev.selvage.network.LedgerStatus;
import dev.selvage.network.org.Organisation;
import dev.selvage.network.org.SignaturePolicy;
import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * The local network of a data folder: embedded ledger, chaincodes, registered nodes. Every step looks first at what is there, so that
 * starting again after a stop, a crash or half a start only does what is missing.
 */
public final class LocalNetwork {
    static final String LEDGER = "ledger";

    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration GRACE = Duration.ofSeconds(10);
    private static final int LEDGER_MEGABYTES = 256;
    private static final int CHAINCODE_MEGABYTES = 128;
    private static final int NODE_MEGABYTES = 192;

    private final DataFolder data;
    private final Distribution distribution;
    private final Consumer<String> progress;
    private final ProcessBook book;
    private final ClassArchives archives;
    private final Launcher launcher;

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
        return new NetworkPorts(NetworkSettings.read(data).portShift());
    }

    /**
     * Brings the ledger and the contract up and registers the nodes.
     *
     * @param shift of the ports; null for what it was before
     * @param fabric folder of Fabric's binaries; null for the ledger that it was before, at first the embedded one
     * @return the ledger with its organisations
     * @throws SelvageException PORT_TAKEN, PROCESS_FAILED, CONFIG_INVALID, TOOL_MISSING and the ledger's own codes
     */
    public LocalLedger up(Integer shift, Path fabric) {
        return up(shift, fabric, () -> {});
    }

    /**
     * As {@link #up(Integer, Path)}, on the ledger that it was before, at first the embedded one.
     */
    public LocalLedger up(Integer shift) {
        return up(shift, null);
    }

    /**
     * As {@link #up(Integer, Path)}.
     *
     * @param meanwhile started while the ledger starts: what does not need it
     */
    @SuppressWarnings("try") // the lock is held, not used
    public LocalLedger up(Integer shift, Path fabric, Runnable meanwhile) {
        try (var lock = lock()) {
            NetworkSettings.settle(data, shift, fabric);
            return up(ports(), meanwhile);
        }
    }

    /** The native Fabric network, if this is one. */
    public Optional<LocalFabric> fabric() {
        return Optional.ofNullable(NetworkSettings.read(data).fabric())
                .map(folder -> new LocalFabric(data, ports(), Path.of(folder), book));
    }

    private LocalLedger up(NetworkPorts ports, Runnable meanwhile) {
        var fabric = fabric();
        var ledger = fabric.isPresent() ? upFabric(fabric.get(), ports, meanwhile) : upEmbedded(ports, meanwhile);
        writeProfiles(ledger);
        if (fabric.isPresent()) {
            // the peers of a new channel learn of each other by and by
            LocalFabric.patiently(() -> registerNodes(ledger));
        } else {
            registerNodes(ledger);
        }
        return ledger;
    }

    private LocalLedger upEmbedded(NetworkPorts ports, Runnable meanwhile) {
        var started = startLedger(ports);
        startChaincode(ServedChaincode.CONTRACT, ports.chaincode(0));
        meanwhile.run();
        started.ifPresent(this::awaitLedger);
        var ledger = LocalLedger.open(data, ports);
        defineChaincode(ledger, ServedChaincode.CONTRACT, ports.chaincode(0));
        return ledger;
    }

    private LocalLedger upFabric(LocalFabric fabric, NetworkPorts ports, Runnable meanwhile) {
        meanwhile.run();
        fabric.up(launcher, distribution, progress);
        return LocalLedger.open(data, ports);
    }

    /** Which ledger this is, for a person. */
    public String kind() {
        return fabric().map(LocalFabric::kind).orElse("Embedded ledger");
    }

    /** The ledger, if it runs and answers. */
    public Optional<LedgerStatus> ledgerStatus() {
        var fabric = fabric();
        if (fabric.isPresent()) {
            return fabric.get().status();
        }
        if (book.running(LEDGER).isEmpty()) {
            return Optional.empty();
        }
        try (var admin = LocalLedger.open(data, ports()).admin()) {
            return Optional.of(admin.status());
        } catch (SelvageException silent) {
            return Optional.empty();
        }
    }

    /** Starts the ledger's process; empty when it runs and answers already. */
    private Optional<Process> startLedger(NetworkPorts ports) {
        if (ledgerStatus().isPresent()) {
            return Optional.empty();
        }
        book.stop(LEDGER, GRACE);
        Map<Integer, String> wanted = new LinkedHashMap<>();
        for (int i = 0; i < LocalLedger.ORGANISATIONS; i++) {
            wanted.put(ports.peer(i).port(), "an organisation's peer");
        }
        Ports.requireFree(wanted);
        progress.accept("starting the embedded ledger and its chaincode");
        return Optional.of(launcher.start(new JavaProgram(
                LEDGER,
                ProcessRecord.Kind.LEDGER,
                distribution.library(),
                LedgerMain.class.getName(),
                List.of(data.root().toString(), Integer.toString(ports.shift())),
                Map.of(),
                Map.of(),
                LEDGER_MEGABYTES,
                LEDGER,
                List.copyOf(wanted.keySet()))));
    }

    private void awaitLedger(Process process) {
        Waiting.until(
                () -> Ports.answers(ports().peer(0).port()) && ledgerStatus().isPresent(),
                () -> process.isAlive() ? null : launcher.ended(LEDGER),
                START,
                () -> late("The embedded ledger", LEDGER));
    }

    /** Starts the process of one of the chaincodes that come with Selvage, if it does not run. */
    private void startChaincode(ServedChaincode chaincode, HostPort address) {
        var name = chaincode.chaincode();
        var process = "chaincode-" + name;
        if (book.running(process).isPresent()) {
            return;
        }
        Ports.requireFree(Map.of(address.port(), "the chaincode " + name));
        launcher.start(new JavaProgram(
                process,
                ProcessRecord.Kind.CHAINCODE,
                distribution.chaincode(name),
                chaincode.mainClass(),
                List.of(),
                Map.of(),
                Map.of(
                        "CHAINCODE_SERVER_ADDRESS", address.toString(),
                        "CORE_CHAINCODE_ID_NAME", name,
                        "CORE_PEER_TLS_ENABLED", "false",
                        "CORE_CHAINCODE_LOGGING_LEVEL", "WARN",
                        "CORE_CHAINCODE_LOGGING_SHIM", "WARN"),
                CHAINCODE_MEGABYTES,
                process,
                List.of(address.port())));
    }

    private void defineChaincode(LocalLedger ledger, ServedChaincode chaincode, HostPort address) {
        var name = chaincode.chaincode();
        var process = "chaincode-" + name;
        var organisations = ledger.organisations();
        try (var admin = ledger.admin()) {
            admin.addChaincode(
                    name,
                    distribution.build().getProperty("version", "1"),
                    new dev.selvage.network.org.HostPort(address.host(), address.port()),
                    SignaturePolicy.majority(
                            organisations.stream().map(Organisation::msp).toList()),
                    organisations.get(0).signer(LocalLedger.ADMIN));
            Waiting.until(
                    () -> connected(admin, name),
                    () -> book.running(process).isPresent() ? null : launcher.ended(process),
                    START,
                    () -> late("The chaincode " + name, process));
        }
    }

    /**
     * Puts the chaincode of the example nyc-delays-named on the channel.
     *
     * @throws SelvageException NOT_SUPPORTED on native Fabric
     */
    public void addReference(LocalLedger ledger) {
        if (fabric().isPresent()) {
            throw new SelvageException(
                    ErrorCode.NOT_SUPPORTED,
                    "The chaincode " + ServedChaincode.REFERENCE.chaincode()
                            + " is put on the embedded ledger only: the example nyc-delays-named does not run on a local Fabric network.");
        }
        addEmbedded(ledger, ServedChaincode.REFERENCE);
    }

    /** Puts the bare chaincode that the contract is measured against on the channel, if it is not there. */
    public void addBare(LocalLedger ledger) {
        var fabric = fabric();
        if (fabric.isPresent()) {
            fabric.get().serve(ServedChaincode.BARE, launcher, distribution, progress);
        } else {
            addEmbedded(ledger, ServedChaincode.BARE);
        }
    }

    private void addEmbedded(LocalLedger ledger, ServedChaincode chaincode) {
        var address = ports().chaincode(chaincode.place());
        startChaincode(chaincode, address);
        defineChaincode(ledger, chaincode, address);
    }

    private static boolean connected(LedgerAdmin admin, String name) {
        return admin.status().chaincodes().stream()
                .anyMatch(chaincode -> chaincode.name().equals(name) && chaincode.connected());
    }

    private void writeProfiles(LocalLedger ledger) {
        var organisations = ledger.organisations();
        write(ledger, "local", organisations.get(0), LocalLedger.USER);
        for (var organisation : organisations) {
            var name = LocalLedger.shortName(organisation);
            write(ledger, name, organisation, LocalLedger.USER);
            write(ledger, name + "-admin", organisation, LocalLedger.ADMIN);
            var config = ledger.nodeConfig(organisation);
            WholeFile.writeNew(config.file(), NodeFile.write(config));
        }
    }

    private void write(LocalLedger ledger, String name, Organisation organisation, String user) {
        var file = data.profiles().resolve(name + ".yaml");
        WholeFile.writeNew(file, ProfileFile.write(file, ledger.profile(name, organisation, user)));
    }

    private void registerNodes(LocalLedger ledger) {
        for (var organisation : ledger.organisations()) {
            try (var contract = ContractClient.open(ledger.profile("admin", organisation, LocalLedger.ADMIN))) {
                var node = ledger.node(organisation);
                boolean known = contract.all(ContractApi.LIST_NODES, page -> page, ContractApi.NodeView.class).stream()
                        .anyMatch(
                                view -> view.node().equals(node) && !view.keys().isEmpty());
                if (!known) {
                    progress.accept("registering " + node);
                    NodeKeys.register(
                            contract,
                            node.node(),
                            organisation.identity(LocalLedger.NODE).certificate());
                }
            }
        }
    }

    /**
     * Waits until a process that was started listens.
     *
     * @throws SelvageException PROCESS_FAILED or the code that its log ends with
     */
    public void awaitPort(String process, int port) {
        Waiting.until(
                () -> Ports.answers(port),
                () -> book.running(process).isPresent() ? null : launcher.ended(process),
                START,
                () -> late(process, process));
    }

    /**
     * Starts the node of a configuration, if it does not run.
     *
     * @param engines what is on its class path beside the agent: engines in Java
     * @return whether it was started now
     * @throws SelvageException PORT_TAKEN
     */
    public boolean startNode(NodeConfig config, List<Path> engines) {
        var process = nodeProcess(config.node());
        if (book.running(process).isPresent()) {
            return false;
        }
        int port = config.listen().port();
        Ports.requireFree(Map.of(port, "the node " + config.node()));
        List<Path> classPath = new ArrayList<>(distribution.library());
        classPath.addAll(engines);
        var worker = classPath.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
        launcher.start(new JavaProgram(
                process,
                ProcessRecord.Kind.NODE,
                classPath,
                NodeMain.class.getName(),
                List.of(config.file().toString(), data.logs().toString()),
                Map.of(),
                Map.of("SELVAGE_WORKER_CLASSPATH", worker),
                NODE_MEGABYTES,
                "node",
                List.of(port)));
        return true;
    }

    /** Waits until a node serves. */
    public void awaitNode(NodeConfig config) {
        awaitPort(nodeProcess(config.node()), config.listen().port());
    }

    /** Waits until a node that serves has read the ledger as it stood at its start. */
    public void awaitCaughtUp(NodeConfig config, ControlClient control) {
        var process = nodeProcess(config.node());
        Waiting.until(
                () -> control.ask(ControlApi.STATUS, new ControlApi.Nothing(), ControlApi.NodeStatus.class)
                        .caughtUp(),
                () -> book.running(process).isPresent() ? null : launcher.ended(process),
                START,
                () -> late(config.node().toString(), process));
    }

    /** What a node's process is called. */
    public static String nodeProcess(NodeId node) {
        return "node-" + node.msp() + "-" + node.node();
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
        return LocalLedger.open(data, ports());
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

    private SelvageException late(String what, String process) {
        return new SelvageException(
                ErrorCode.PROCESS_FAILED,
                what + " was not ready within " + START.toSeconds() + " s (log: " + launcher.log(process) + ").");
    }

    /** One command at a time changes the network of a folder; another one waits. */
    private ChangeLock lock() {
        try {
            Files.createDirectories(data.root());
            var channel =
                    FileChannel.open(data.root().resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            var lock = channel.tryLock();
            if (lock == null) {
                progress.accept("another command works on " + data.root() + "; waiting");
                lock = channel.lock();
            }
            return new ChangeLock(channel, lock);
        } catch (IOException e) {
            throw new SelvageException(
                    ErrorCode.FILE_UNREADABLE, data.root() + " cannot be written: " + e.getMessage() + ".", e);
        }
    }

    private record ChangeLock(FileChannel channel, FileLock lock) implements AutoCloseable {
        @Override
        public void close() {
            try {
                lock.release();
                channel.close();
            } catch (IOException e) {
                throw new SelvageException(ErrorCode.FILE_UNREADABLE, "The lock could not be released.", e);
            }
        }
    }
}
