package dev.selvage.chaincode;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import dev.selvage.model.CanonicalJson;
import dev.selvage.model.ContractApi;
import dev.selvage.model.SelvageException;
import dev.selvage.network.EmbeddedLedger;
import dev.selvage.network.EmbeddedLedgerConfig;
import dev.selvage.network.LedgerAdmin;
import dev.selvage.network.LedgerStatus;
import dev.selvage.network.fabric.ChaincodePackage;
import dev.selvage.network.fabric.FabricBinaries;
import dev.selvage.network.fabric.FabricPlan;
import dev.selvage.network.fabric.NativeFabric;
import dev.selvage.network.fabric.OrphanGuard;
import dev.selvage.network.org.HostPort;
import dev.selvage.network.org.OrganisationSigner;
import dev.selvage.network.org.Organisations;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.TlsChannelCredentials;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.hyperledger.fabric.client.CommitException;
import org.hyperledger.fabric.client.CommitStatusException;
import org.hyperledger.fabric.client.Contract;
import org.hyperledger.fabric.client.Gateway;
import org.hyperledger.fabric.client.GatewayException;
import org.hyperledger.fabric.client.SubmittedTransaction;
import org.hyperledger.fabric.client.identity.Identities;
import org.hyperledger.fabric.client.identity.X509Identity;

/**
 * The contract in a process of its own, reached by unchanged gateway clients: on the embedded ledger, or
 * on native Fabric, with a process for each peer and mutual TLS between them.
 */
final class LocalChannel implements AutoCloseable {
    /** The system property with the folder of Fabric's binaries. */
    static final String BINARIES = "fabric.dir";

    private static final String CHANNEL = "selvage";

    private final Runnable stop;
    private final Organisations organisations;
    private final Map<String, HostPort> peers = new HashMap<>();
    private final List<Process> processes = new ArrayList<>();
    private final Map<String, Gateway> gateways = new HashMap<>();
    private final Map<String, ManagedChannel> connections = new HashMap<>();

    /** On native Fabric where the folder of its binaries is given as fabric.dir, else on the embedded ledger. */
    LocalChannel(Path folder, String... options) throws IOException {
        this(folder, Optional.ofNullable(System.getProperty(BINARIES)).map(Path::of), options);
    }

    /** @param fabric the folder of Fabric's binaries; empty for the embedded ledger */
    LocalChannel(Path folder, Optional<Path> fabric, String... options) throws IOException {
        if (fabric.isEmpty()) {
            var embedded = EmbeddedLedger.open(EmbeddedLedgerConfig.of(folder).onFreePorts());
            stop = embedded::close;
            organisations = embedded.organisations();
            deploy(embedded, folder, options);
        } else {
            var network = NativeFabric.prepare(
                    FabricBinaries.in(fabric.get()),
                    FabricPlan.onFreePorts(folder.resolve("fabric"), 3, FabricPlan.Profile.RAFT),
                    Clock.systemUTC());
            stop = network::close;
            organisations = network.organisations();
            try {
                deploy(network, folder, options);
            } catch (IOException | RuntimeException e) {
                network.close();
                processes.forEach(Process::destroy);
                throw e;
            }
        }
    }

    private void deploy(EmbeddedLedger embedded, Path folder, String... options) throws IOException {
        peers.putAll(embedded.endpoints().peers());
        var address = freeAddress();
        processes.add(start(address, ContractApi.CHAINCODE, folder, options));
        var ewr = organisations.get("EwrMSP");
        try (var admin = LedgerAdmin.connect(
                peers.get("EwrMSP"), ewr.identity("peer0").tls().roots())) {
            admin.addChaincode(
                    ContractApi.CHAINCODE,
                    "1.0",
                    address,
                    organisations.channel().majority(),
                    ewr.signer("Admin"));
        }
        await("the contract has registered")
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> embedded.status().chaincodes().stream().allMatch(LedgerStatus.Chaincode::connected));
    }

    private void deploy(NativeFabric network, Path folder, String... options) throws IOException {
        network.up();
        Map<String, ChaincodePackage> packages = new HashMap<>();
        for (var organisation : organisations.peers()) {
            peers.put(organisation.msp(), network.peer(organisation.msp()));
            var address = freeAddress();
            var pack = ChaincodePackage.mutualTls(ContractApi.CHAINCODE, address.toString(), organisation);
            packages.put(organisation.msp(), pack);
            var tls = ChaincodePackage.server(organisation);
            var all = new ArrayList<>(List.of(options));
            all.addAll(List.of("--tls-cert", tls.certificate().toString()));
            all.addAll(List.of("--tls-key", tls.key().toString()));
            all.addAll(List.of("--tls-client-ca", tls.roots().toString()));
            processes.add(start(address, pack.id(), folder, all.toArray(String[]::new)));
        }
        network.deploy(ContractApi.CHAINCODE, "1.0", 1, packages, "");
        for (var organisation : organisations.peers()) {
            // peers learn of other organisations' peers by and by
            await("the contract is endorsed through " + organisation.msp())
                    .atMost(Duration.ofSeconds(90))
                    .pollInterval(Duration.ofMillis(200))
                    .ignoreExceptions()
                    .until(() -> contract(organisation.msp(), "Admin")
                                    .newProposal(ContractApi.REGISTER_NODE)
                                    .addArguments(CanonicalJson.text(new ContractApi.NodeRegistration(
                                            "ready",
                                            Identities.toPemString(
                                                    organisation.signer("User1").certificate()))))
                                    .build()
                                    .endorse()
                            != null);
        }
    }

    private static HostPort freeAddress() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return new HostPort("127.0.0.1", socket.getLocalPort());
        }
    }

    private static Process start(HostPort address, String id, Path folder, String... options) throws IOException {
        String classPath = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.contains("test-network") && !entry.endsWith("test-classes"))
                .collect(Collectors.joining(File.pathSeparator));
        var command = new ArrayList<String>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx128m",
                "-cp",
                classPath,
                ChaincodeMain.class.getName(),
                "--address",
                address.toString(),
                "--id",
                id));
        command.addAll(Arrays.asList(options));
        return OrphanGuard.watch(new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(
                        folder.resolve("chaincode-" + address.port() + ".log").toFile())
                .start());
    }

    /** CPU that the contract's processes have used. */
    Duration cpu() {
        return processes.stream()
                .map(process -> process.info().totalCpuDuration().orElse(Duration.ZERO))
                .reduce(Duration.ZERO, Duration::plus);
    }

    OrganisationSigner signer(String msp, String name) {
        return organisations.get(msp).signer(name);
    }

    Contract contract(String msp, String name) {
        return gateways.computeIfAbsent(msp + "/" + name, key -> connect(msp, name))
                .getNetwork(CHANNEL)
                .getContract(ContractApi.CHAINCODE);
    }

    private Gateway connect(String msp, String name) {
        var signer = signer(msp, name);
        return Gateway.newInstance()
                .connection(connections.computeIfAbsent(msp, this::connection))
                .identity(new X509Identity(msp, signer.certificate()))
                .signer(signer::signDigest)
                .connect();
    }

    private ManagedChannel connection(String msp) {
        try {
            var organisation = organisations.get(msp);
            return Grpc.newChannelBuilder(
                            peers.get(msp).toString(),
                            TlsChannelCredentials.newBuilder()
                                    .trustManager(organisation
                                            .identity("peer0")
                                            .tls()
                                            .roots()
                                            .toFile())
                                    .build())
                    .overrideAuthority("peer0." + organisation.domain())
                    .build();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    <T> T submit(String msp, String name, String function, Object request, Class<T> answer) {
        try {
            byte[] bytes = contract(msp, name).submitTransaction(function, CanonicalJson.text(request));
            return CanonicalJson.read(bytes, answer);
        } catch (CommitException | CommitStatusException e) {
            throw new AssertionError(e);
        } catch (GatewayException e) {
            throw fault(e);
        }
    }

    /** Endorses and hands over; the status is asked for later. */
    SubmittedTransaction send(String msp, String name, String function, Object request) {
        try {
            return contract(msp, name)
                    .newProposal(function)
                    .addArguments(CanonicalJson.text(request))
                    .build()
                    .endorse()
                    .submitAsync();
        } catch (GatewayException e) {
            throw fault(e);
        }
    }

    <T> T evaluate(String msp, String name, String function, Object request, Class<T> answer) {
        try {
            var json =
                    new String(contract(msp, name).evaluateTransaction(function, CanonicalJson.text(request)), UTF_8);
            return CanonicalJson.read(json, answer);
        } catch (GatewayException e) {
            throw fault(e);
        }
    }

    private static SelvageException fault(GatewayException e) {
        return e.getDetails().stream()
                .flatMap(detail -> SelvageException.fromWire(detail.getMessage()).stream())
                .findFirst()
                .or(() -> SelvageException.fromWire(e.getStatus().getDescription()))
                .orElseThrow(() -> new AssertionError(e));
    }

    @Override
    public void close() {
        gateways.values().forEach(Gateway::close);
        connections.values().forEach(ManagedChannel::shutdownNow);
        processes.forEach(Process::destroy);
        processes.forEach(
                process -> process.onExit().orTimeout(20, TimeUnit.SECONDS).join());
        stop.run();
    }
}
