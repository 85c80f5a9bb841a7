package dev.selvage.agent;

import dev.selvage.agent.ledger.FabricLedger;
import dev.selvage.agent.ledger.Ledger;
import dev.selvage.agent.peer.MemberSigner;
import dev.selvage.chaincode.ChaincodeMain;
import dev.selvage.formats.config.KeyPairFiles;
import dev.selvage.formats.config.LedgerAccess;
import dev.selvage.formats.config.NodeConfig;
import dev.selvage.metadata.MetadataMain;
import dev.selvage.model.CanonicalJson;
import dev.selvage.model.ContractApi;
import dev.selvage.model.NodeId;
import dev.selvage.model.Operation;
import dev.selvage.model.Workflow;
import dev.selvage.model.integrity.MetadataApi;
import dev.selvage.network.EmbeddedLedger;
import dev.selvage.network.EmbeddedLedgerConfig;
import dev.selvage.network.fabric.ChaincodePackage;
import dev.selvage.network.fabric.FabricBinaries;
import dev.selvage.network.fabric.FabricPlan;
import dev.selvage.network.fabric.NativeFabric;
import dev.selvage.network.fabric.OrphanGuard;
import dev.selvage.network.org.ChaincodeDefinition;
import dev.selvage.network.org.HostPort;
import dev.selvage.network.org.Organisation;
import dev.selvage.network.org.Organisations;
import dev.selvage.network.org.OrganisationsPlan;
import dev.selvage.network.org.SignaturePolicy;
import dev.selvage.network.org.SignedDefinition;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.hyperledger.fabric.protos.peer.ProcessedTransaction;
import org.hyperledger.fabric.protos.peer.TxValidationCode;

/** A channel of three organisations with the contract, for tests of agents: an embedded ledger, or native Fabric where
 * its folder is given as fabric.dir, and the chaincode in processes of its own. */
final class Channel implements AutoCloseable {
    static final List<String> MSPS = List.of("EwrMSP", "JfkMSP", "LgaMSP");

    private final Path folder;
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final Map<String, Ledger> users = new HashMap<>();
    private Organisations organisations;
    private final Map<String, List<HostPort>> peers = new HashMap<>();
    private NativeFabric fabric;
    private EmbeddedLedger embedded;

    private Channel(Path folder, Duration batch, int peersEach, Clock clock) throws IOException {
        this.folder = folder;
        String binaries = System.getProperty("fabric.dir");
        try {
            if (binaries == null) {
                openEmbedded(batch, clock);
            } else {
                openFabric(FabricBinaries.in(Path.of(binaries)), peersEach);
            }
            awaitContract();
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
        MSPS.forEach(this::register);
    }

    private void awaitContract() {
        for (String msp : MSPS) {
            Awaitility.await("the contract endorses through " + msp)
                    .atMost(Duration.ofSeconds(90))
                    .ignoreExceptions()
                    .until(() -> user(msp)
                            .evaluate(ContractApi.LIST_NODES, new ContractApi.Page(null, null))
                            .startsWith("{"));
        }
    }

    private void openEmbedded(Duration batch, Clock clock) throws IOException {
        var config = EmbeddedLedgerConfig.of(folder, OrganisationsPlan.of(3));
        EmbeddedLedger ledger = EmbeddedLedger.open(config.onFreePorts().withBatches(batch, 500), clock);
        parts.push(ledger);
        embedded = ledger;
        organisations = ledger.organisations();
        ledger.endpoints().peers().forEach((msp, peer) -> peers.put(msp, List.of(peer)));
        HostPort server = startChaincode(ContractApi.CHAINCODE, FreePort.next());
        ledger.addChaincode(SignedDefinition.sign(
                new ChaincodeDefinition(
                        ContractApi.CHAINCODE, "1.0", 1, server, SignaturePolicy.majority(MSPS), Optional.empty()),
                organisations.get("EwrMSP").signer("Admin")));
    }

    /** Puts the metadata contract on the channel. */
    void addMetadata() throws IOException {
        if (fabric == null) {
            HostPort server = startChaincode(MetadataMain.class, MetadataApi.CHAINCODE, FreePort.next());
            embedded.addChaincode(SignedDefinition.sign(
                    new ChaincodeDefinition(
                            MetadataApi.CHAINCODE, "1.0", 1, server, SignaturePolicy.majority(MSPS), Optional.empty()),
                    organisations.get("EwrMSP").signer("Admin")));
        } else {
            Map<String, ChaincodePackage> packages = new HashMap<>();
            for (String msp : MSPS) {
                int port = FreePort.next();
                ChaincodePackage pack = ChaincodePackage.plain(MetadataApi.CHAINCODE, new HostPort("127.0.0.1", port));
                packages.put(msp, pack);
                startChaincode(MetadataMain.class, pack.id(), port);
            }
            fabric.deploy(MetadataApi.CHAINCODE, "1.0", 1, packages, "");
        }
        Awaitility.await("the metadata contract endorses")
                .atMost(Duration.ofSeconds(60))
                .ignoreExceptions()
                .until(() -> user("EwrMSP")
                                .evaluate(MetadataApi.CHAINCODE, MetadataApi.LIST_DATA, List.of("{\"msp\":\"EwrMSP\"}"))
                                .length
                        > 0);
    }

    private void openFabric(FabricBinaries binaries, int peersEach) throws IOException {
        FabricPlan plan = FabricPlan.onFreePorts(folder.resolve("fabric"), 3, peersEach, FabricPlan.Profile.RAFT);
        fabric = NativeFabric.prepare(binaries, plan, Clock.systemUTC());
        parts.push(fabric);
        fabric.up();
        organisations = fabric.organisations();
        Map<String, ChaincodePackage> packages = new HashMap<>();
        for (String msp : MSPS) {
            peers.put(msp, fabric.peers(msp));
            // a process for each peer, whose address it fills in
            ChaincodePackage pack = ChaincodePackage.plain(ContractApi.CHAINCODE, "{{.chaincode0}}");
            packages.put(msp, pack);
            for (FabricPlan.PeerPorts ports : plan.peers().get(msp)) {
                startChaincode(pack.id(), ports.service(0).port());
            }
        }
        fabric.deploy(ContractApi.CHAINCODE, "1.0", 1, packages, "");
    }

    private HostPort startChaincode(String id, int port, String... tls) throws IOException {
        return startChaincode(ChaincodeMain.class, id, port, tls);
    }

    private HostPort startChaincode(Class<?> main, String id, int port, String... tls) throws IOException {
        Path log = folder.resolve("chaincode-" + port + ".log");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx128m",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName(),
                "--address",
                "127.0.0.1:" + port,
                "--id",
                id,
                "--clock-skew",
                "200"));
        command.addAll(List.of(tls));
        Process chaincode = OrphanGuard.watch(new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start());
        parts.push(chaincode::destroyForcibly);
        awaitListening(port, chaincode, log);
        return new HostPort("127.0.0.1", port);
    }

    static Channel open(Path folder, Duration batch) throws IOException {
        return open(folder, batch, Clock.systemUTC());
    }

    /** With a clock of the embedded ledger that may be moved by less than the 15 minutes that proposals may be off. */
    static Channel open(Path folder, Duration batch, Clock clock) throws IOException {
        return new Channel(folder, batch, 1, clock);
    }

    /** With two peers of each organisation on Fabric; the embedded ledger has one, which stands for both. */
    static Channel openWithTwoPeers(Path folder, Duration batch) throws IOException {
        return new Channel(folder, batch, 2, Clock.systemUTC());
    }

    private void awaitListening(int port, Process process, Path log) {
        Awaitility.await("the chaincode listens").atMost(Duration.ofSeconds(60)).until(() -> {
            if (!process.isAlive()) {
                throw new IllegalStateException(Files.readString(log));
            }
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 200);
                return true;
            } catch (IOException notYet) {
                return false;
            }
        });
    }

    private void register(String msp) {
        try {
            var files = organisation(msp).identity("node1");
            submit(
                    client(msp, "Admin"),
                    ContractApi.REGISTER_NODE,
                    new ContractApi.NodeRegistration("node1", Files.readString(files.certificate())));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Organisation organisation(String msp) {
        return organisations.get(msp);
    }

    /** A client of the contract as that identity. */
    Ledger client(String msp, String name) {
        return client(msp, name, ContractApi.CHAINCODE);
    }

    private Ledger client(String msp, String name, String chaincode) {
        return users.computeIfAbsent(msp + "/" + name + "/" + chaincode, key -> {
            var files = organisation(msp).identity(name);
            var client = new FabricLedger(
                    new FabricLedger.Place(
                            peers.get(msp).stream().map(HostPort::toString).toList(),
                            Optional.of(
                                    organisation(msp).identity("peer0").tls().roots()),
                            serverName(msp).stream().toList(),
                            "selvage",
                            chaincode),
                    MemberSigner.read(msp, files.certificate(), files.key()));
            parts.push(client);
            return client;
        });
    }

    /** Submits to the metadata contract as the organisation's admin. */
    void submitMetadata(String msp, String function, Object argument) {
        submit(client(msp, "Admin", MetadataApi.CHAINCODE), function, argument);
    }

    /** The gateways that an organisation's clients may use, the preferred first. */
    List<HostPort> gateways(String msp) {
        return peers.get(msp);
    }

    /** Several peers have no name in common, only the address. */
    private Optional<String> serverName(String msp) {
        return gateways(msp).size() == 1
                ? Optional.of("peer0." + organisation(msp).domain())
                : Optional.empty();
    }

    /** Kills the process of a peer, on Fabric. */
    void kill(HostPort peer) {
        var process = fabric.status().stream()
                .filter(node -> node.address().equals(peer))
                .map(node -> ProcessHandle.of(node.pid().orElseThrow()).orElseThrow())
                .findFirst()
                .orElseThrow();
        process.destroyForcibly();
        process.onExit().join();
    }

    /** Starts what was killed again, on Fabric; returns when it has all blocks. */
    void startAgain() {
        fabric.start();
        Awaitility.await("all peers have all blocks")
                .atMost(Duration.ofSeconds(30))
                .until(() -> fabric.status().stream()
                                .map(NativeFabric.NodeStatus::height)
                                .distinct()
                                .count()
                        == 1);
    }

    /** A node that reaches the ledger at other addresses than its organisation's peer, in a folder of its own. */
    NodeConfig node(String msp, String name, List<dev.selvage.formats.config.HostPort> gateways) {
        var usual = node(msp);
        return new NodeConfig(
                usual.file(),
                usual.node(),
                usual.identity(),
                usual.tls(),
                new LedgerAccess(
                        gateways, usual.ledger().tlsRoot(), usual.ledger().serverNames()),
                usual.follow(),
                usual.listen(),
                usual.advertise(),
                usual.monitor(),
                folder.resolve(name),
                usual.engines(),
                usual.capacity(),
                usual.limits(),
                usual.retention());
    }

    /** How many blocks EwrMSP's peer has. */
    long height() {
        return user("EwrMSP").height();
    }

    Ledger user(String msp) {
        return client(msp, "User1");
    }

    /** Submits and waits for VALID; returns the contract's answer. */
    static String submit(Ledger client, String function, Object argument) {
        var endorsed = client.endorse(function, argument);
        client.submit(endorsed.transaction());
        var committed = Awaitility.await(function + " is committed")
                .atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(10))
                .ignoreExceptions()
                .until(
                        () -> ProcessedTransaction.parseFrom(client.evaluate(
                                "qscc",
                                "GetTransactionByID",
                                List.of("selvage", endorsed.transaction().txid()))),
                        found -> true);
        if (committed.getValidationCode() != TxValidationCode.VALID_VALUE) {
            throw new AssertionError(function + " was committed as " + committed.getValidationCode());
        }
        return endorsed.answer();
    }

    /** A node's configuration with its own folder and a free port. */
    NodeConfig node(String msp) {
        var files = organisation(msp).identity("node1");
        var data = folder.resolve("node-" + msp);
        var listen = new dev.selvage.formats.config.HostPort("127.0.0.1", FreePort.next());
        return new NodeConfig(
                folder.resolve("node-" + msp + ".yaml"),
                new NodeId(msp, "node1"),
                new KeyPairFiles(files.certificate(), files.key()),
                new KeyPairFiles(files.tls().certificate(), files.tls().key()),
                new LedgerAccess(
                        gateways(msp).stream()
                                .map(peer -> dev.selvage.formats.config.HostPort.parse(peer.toString()))
                                .toList(),
                        Optional.of(organisation(msp).identity("peer0").tls().roots()),
                        serverName(msp)),
                List.of(NodeConfig.Follow.DEFAULT),
                listen,
                listen,
                Optional.empty(),
                data,
                data.resolve("engines"),
                new NodeConfig.Capacity(4000, 4L << 30, 10L << 30),
                NodeConfig.Limits.DEFAULT,
                NodeConfig.Retention.DEFAULT);
    }

    void deploy(Workflow workflow, Operation... operations) {
        submit(user("EwrMSP"), ContractApi.DEPLOY_WORKFLOW, new ContractApi.Deployment(workflow, List.of(operations)));
    }

    String create(Workflow workflow, Map<String, ?> arguments) {
        var answer = submit(
                user("EwrMSP"),
                ContractApi.CREATE_TASK,
                new ContractApi.NewTask(workflow.digest(), CanonicalJson.tree(arguments), null, null));
        return CanonicalJson.read(answer, ContractApi.CreatedTask.class).task();
    }

    ContractApi.TaskView view(String task) {
        return CanonicalJson.read(
                user("EwrMSP").evaluate(ContractApi.GET_TASK, new ContractApi.TaskQuery(task)),
                ContractApi.TaskView.class);
    }

    void awaitEnd(String task, Duration within) {
        Awaitility.await("task " + task + " ends")
                .atMost(within)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> view(task).end() != null);
    }

    @Override
    public void close() {
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (Exception e) {
                throw new IllegalStateException("a part of the channel did not stop", e);
            }
        }
    }
}
