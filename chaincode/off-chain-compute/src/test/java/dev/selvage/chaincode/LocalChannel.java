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
import dev.selvage.network.org.HostPort;
import dev.selvage.network.org.OrganisationSigner;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.TlsChannelCredentials;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.hyperledger.fabric.client.CommitException;
import org.hyperledger.fabric.client.CommitStatusException;
import org.hyperledger.fabric.client.Contract;
import org.hyperledger.fabric.client.Gateway;
import org.hyperledger.fabric.client.GatewayException;
import org.hyperledger.fabric.client.SubmittedTransaction;
import org.hyperledger.fabric.client.identity.X509Identity;

/** The contract in a process of its own on the embedded ledger, reached by unchanged gateway clients. */
final class LocalChannel implements AutoCloseable {
    private final EmbeddedLedger ledger;
    private final Process process;
    private final Map<String, Gateway> gateways = new HashMap<>();
    private final Map<String, ManagedChannel> connections = new HashMap<>();

    LocalChannel(Path folder, String... options) throws IOException {
        ledger = EmbeddedLedger.open(EmbeddedLedgerConfig.of(folder).onFreePorts());
        HostPort address;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            address = new HostPort("127.0.0.1", socket.getLocalPort());
        }
        process = start(address, folder, options);
        var ewr = ledger.organisations().get("EwrMSP");
        try (var admin = LedgerAdmin.connect(
                ledger.endpoints().peers().get("EwrMSP"),
                ewr.identity("peer0").tls().roots())) {
            admin.addChaincode(
                    ContractApi.CHAINCODE,
                    "1.0",
                    address,
                    ledger.organisations().channel().majority(),
                    ewr.signer("Admin"));
        }
        await("the contract has registered")
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> ledger.status().chaincodes().stream().allMatch(LedgerStatus.Chaincode::connected));
    }

    private static Process start(HostPort address, Path folder, String... options) throws IOException {
        String classPath = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.contains("test-network") && !entry.endsWith("test-classes"))
                .collect(Collectors.joining(File.pathSeparator));
        var command = new java.util.ArrayList<String>(java.util.List.of(
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
                ContractApi.CHAINCODE));
        command.addAll(Arrays.asList(options));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("chaincode.log").toFile())
                .start();
    }

    /** CPU that the contract's process has used. */
    Duration cpu() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    OrganisationSigner signer(String msp, String name) {
        return ledger.organisations().get(msp).signer(name);
    }

    Contract contract(String msp, String name) {
        return gateways.computeIfAbsent(msp + "/" + name, key -> connect(msp, name))
                .getNetwork(ledger.channel())
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
            var organisation = ledger.organisations().get(msp);
            return Grpc.newChannelBuilder(
                            ledger.endpoints().peers().get(msp).toString(),
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
        process.destroy();
        process.onExit().orTimeout(20, TimeUnit.SECONDS).join();
        ledger.close();
    }
}
