package dev.selvage.agent;

import dev.selvage.agent.ledger.FabricLedger;
import dev.selvage.agent.ledger.Ledger;
import dev.selvage.agent.peer.MemberSigner;
import dev.selvage.chaincode.ChaincodeMain;
import dev.selvage.formats.config.KeyPairFiles;
import dev.selvage.formats.config.LedgerAccess;
import dev.selvage.formats.config.NodeConfig;
import dev.selvage.model.CanonicalJson;
import dev.selvage.model.ContractApi;
import dev.selvage.model.NodeId;
import dev.selvage.model.Operation;
import dev.selvage.model.Workflow;
import dev.selvage.network.EmbeddedLedger;
import dev.selvage.network.EmbeddedLedgerConfig;
import dev.selvage.network.org.ChaincodeDefinition;
import dev.selvage.network.org.HostPort;
import dev.selvage.network.org.Organisation;
import dev.selvage.network.org.OrganisationsPlan;
import dev.selvage.network.org.SignaturePolicy;
import dev.selvage.network.org.SignedDefinition;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.awaitility.Awaitility;

/** A channel of three organisations with the contract, for tests of agents: an embedded ledger, and the chaincode in its own process. */
final class Channel implements AutoCloseable {
    static final List<String> MSPS = List.of("EwrMSP", "JfkMSP", "LgaMSP");

    private final Path folder;
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final Map<String, Ledger> users = new HashMap<>();
    final EmbeddedLedger ledger;

    private Channel(Path folder, Duration batch) throws IOException {
        this.folder = folder;
        var config = EmbeddedLedgerConfig.of(folder, OrganisationsPlan.of(3))
                .onFreePorts()
                .withBatches(batch, 500);
        ledger = EmbeddedLedger.open(config);
        parts.push(ledger);
        int port = freePort();
        Process chaincode = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx128m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ChaincodeMain.class.getName(),
                        "--address",
                        "127.0.0.1:" + port,
                        "--id",
                        ContractApi.CHAINCODE,
                        "--clock-skew",
                        "200")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("chaincode.log").toFile())
                .start();
        parts.push(chaincode::destroyForcibly);
        awaitListening(port, chaincode);
        ledger.addChaincode(SignedDefinition.sign(
                new ChaincodeDefinition(
                        ContractApi.CHAINCODE,
                        "1.0",
                        1,
                        new HostPort("127.0.0.1", port),
                        SignaturePolicy.majority(MSPS),
                        Optional.empty()),
                ledger.organisations().get("EwrMSP").signer("Admin")));
        Awaitility.await("the contract answers")
                .atMost(Duration.ofSeconds(30))
                .ignoreExceptions()
                .until(() -> user("EwrMSP")
                        .evaluate(ContractApi.LIST_NODES, new ContractApi.Page(null, null))
                        .startsWith("{"));
        MSPS.forEach(this::register);
    }

    static Channel open(Path folder, Duration batch) throws IOException {
        return new Channel(folder, batch);
    }

    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void awaitListening(int port, Process process) {
        Awaitility.await("the chaincode listens").atMost(Duration.ofSeconds(60)).until(() -> {
            if (!process.isAlive()) {
                throw new IllegalStateException(Files.readString(folder.resolve("chaincode.log")));
            }
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress("127.0.0.1", port), 200);
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

    private Organisation organisation(String msp) {
        return ledger.organisations().get(msp);
    }

    /** A client of the contract as that identity. */
    Ledger client(String msp, String name) {
        return users.computeIfAbsent(msp + "/" + name, key -> {
            var files = organisation(msp).identity(name);
            var client = new FabricLedger(
                    new FabricLedger.Place(
                            List.of(ledger.endpoints().peers().get(msp).toString()),
                            Optional.of(
                                    organisation(msp).identity("peer0").tls().roots()),
                            Optional.of("peer0." + organisation(msp).domain()),
                            "selvage",
                            ContractApi.CHAINCODE),
                    MemberSigner.read(msp, files.certificate(), files.key()));
            parts.push(client);
            return client;
        });
    }

    Ledger user(String msp) {
        return client(msp, "User1");
    }

    /** Submits and waits for VALID; returns the contract's answer. */
    static String submit(Ledger client, String function, Object argument) {
        var endorsed = client.endorse(function, argument);
        var code = client.status(endorsed.transaction(), Duration.ofSeconds(20));
        if (!code.equals(Optional.of("VALID"))) {
            throw new AssertionError(function + " was committed as " + code);
        }
        return endorsed.answer();
    }

    /** A node's configuration with its own folder and a free port. */
    NodeConfig node(String msp) {
        var files = organisation(msp).identity("node1");
        var data = folder.resolve("node-" + msp);
        var listen = new dev.selvage.formats.config.HostPort("127.0.0.1", freePort());
        return new NodeConfig(
                folder.resolve("node-" + msp + ".yaml"),
                new NodeId(msp, "node1"),
                new KeyPairFiles(files.certificate(), files.key()),
                new KeyPairFiles(files.tls().certificate(), files.tls().key()),
                new LedgerAccess(
                        List.of(dev.selvage.formats.config.HostPort.parse(
                                ledger.endpoints().peers().get(msp).toString())),
                        Optional.of(organisation(msp).identity("peer0").tls().roots()),
                        Optional.of("peer0." + organisation(msp).domain())),
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
    public void close() throws Exception {
        while (!parts.isEmpty()) {
            parts.pop().close();
        }
    }
}
