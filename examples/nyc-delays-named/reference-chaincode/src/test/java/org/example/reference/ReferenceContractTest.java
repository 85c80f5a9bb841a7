package org.example.reference;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.selvage.network.EmbeddedLedger;
import dev.selvage.network.EmbeddedLedgerConfig;
import dev.selvage.network.org.ChaincodeDefinition;
import dev.selvage.network.org.HostPort;
import dev.selvage.network.org.OrganisationsPlan;
import dev.selvage.network.org.SignaturePolicy;
import dev.selvage.network.org.SignedDefinition;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.TlsChannelCredentials;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.hyperledger.fabric.client.Contract;
import org.hyperledger.fabric.client.EndorseException;
import org.hyperledger.fabric.client.Gateway;
import org.hyperledger.fabric.client.identity.X509Identity;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** On a ledger, as a service in its own process. */
@Timeout(120)
class ReferenceContractTest {
    private static final String MSP = "EwrMSP";

    private static final List<String> NOT_THE_SHIM = List.of(
            "selvage",
            "junit",
            "assertj",
            "awaitility",
            "mvstore",
            "fabric-gateway",
            "Corretto",
            "surefire",
            "jackson");

    @TempDir
    private Path folder;

    @Test
    void carriers_are_kept_on_the_ledger_and_given_as_json() throws Exception {
        var config = EmbeddedLedgerConfig.of(folder, OrganisationsPlan.of(3))
                .onFreePorts()
                .withBatches(Duration.ofMillis(20), 500);
        try (var ledger = EmbeddedLedger.open(config)) {
            var process = startChaincode(ledger);
            var channel = connect(ledger);
            try (var gateway = gateway(ledger, channel)) {
                var contract = gateway.getNetwork("selvage").getContract("reference");
                Awaitility.await("the chaincode answers")
                        .atMost(Duration.ofSeconds(30))
                        .ignoreExceptions()
                        .until(() -> carriers(contract).equals("{}"));

                contract.submitTransaction("PutCarriers", "carrier,name\nUA,United\nAA,American");
                assertThat(carriers(contract)).isEqualTo("{\"AA\":\"American\",\"UA\":\"United\"}");

                var airlines = Files.readString(Path.of("..", "..", "nyc-delays", "data", "airlines.csv"));
                contract.submitTransaction("PutCarriers", airlines);
                assertThat(carriers(contract))
                        .contains("\"UA\":\"United Air Lines Inc.\"")
                        .contains("\"YV\":\"Mesa Airlines Inc.\"");

                assertThatThrownBy(() -> contract.submitTransaction("PutCarriers", "rubbish"))
                        .isInstanceOf(EndorseException.class);
            } finally {
                channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
                process.destroyForcibly().waitFor();
            }
        }
    }

    private static String carriers(Contract contract) throws Exception {
        return new String(contract.evaluateTransaction("GetCarriers"), UTF_8);
    }

    private Process startChaincode(EmbeddedLedger ledger) throws IOException {
        int port = freePort();
        var builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx96m",
                "-cp",
                classPath(),
                "org.hyperledger.fabric.contract.ContractRouter");
        builder.environment()
                .putAll(Map.of(
                        "CHAINCODE_SERVER_ADDRESS",
                        "127.0.0.1:" + port,
                        "CORE_CHAINCODE_ID_NAME",
                        "reference",
                        "CORE_PEER_TLS_ENABLED",
                        "false"));
        var log = folder.resolve("reference.log");
        var process =
                builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
        Awaitility.await("the chaincode listens").atMost(Duration.ofSeconds(60)).until(() -> {
            assertThat(process.isAlive()).as(Files.readString(log)).isTrue();
            return listens(port);
        });
        ledger.addChaincode(SignedDefinition.sign(
                new ChaincodeDefinition(
                        "reference",
                        "1.0",
                        1,
                        new HostPort("127.0.0.1", port),
                        SignaturePolicy.majority(List.of("EwrMSP", "JfkMSP", "LgaMSP")),
                        Optional.empty()),
                ledger.organisations().get(MSP).signer("Admin")));
        return process;
    }

    /** The contract and the shim: the router reads through everything on its class path. */
    private static String classPath() {
        var shim = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> entry.endsWith(".jar"))
                .filter(entry -> NOT_THE_SHIM.stream().noneMatch(new File(entry).getName()::contains));
        return Stream.concat(Stream.of(Path.of("target", "classes").toString()), shim)
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static ManagedChannel connect(EmbeddedLedger ledger) throws IOException {
        var organisation = ledger.organisations().get(MSP);
        var credentials = TlsChannelCredentials.newBuilder()
                .trustManager(organisation.identity("peer0").tls().roots().toFile())
                .build();
        return Grpc.newChannelBuilder(ledger.endpoints().peers().get(MSP).toString(), credentials)
                .overrideAuthority("peer0." + organisation.domain())
                .build();
    }

    private static Gateway gateway(EmbeddedLedger ledger, ManagedChannel channel) {
        var signer = ledger.organisations().get(MSP).signer("User1");
        return Gateway.newInstance()
                .connection(channel)
                .identity(new X509Identity(MSP, signer.certificate()))
                .signer(signer::signDigest)
                .connect();
    }

    private static boolean listens(int port) {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 200);
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
