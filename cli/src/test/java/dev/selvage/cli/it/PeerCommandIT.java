package dev.selvage.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Fabric's own {@code peer} command against both ledgers by scripts/peer-cli, and faults that only real Fabric can show to doctor. */
class PeerCommandIT {
    private static final String FABRIC = "fabric.dir";
    private static final String SKIPPED = "give Fabric's folder as -Dfabric.dir=DIR";
    private static final int LGA_PEER = 9051;

    @TempDir
    private Path folder;

    private static String fabric() {
        return Path.of(System.getProperty(FABRIC)).toAbsolutePath().toString();
    }

    private static void done(Network.Answer answer) {
        assertThat(answer.status()).as(answer.err()).isZero();
    }

    /** The example, with an approval by the caller's organisation. */
    private void deployWithApproval(Network network) throws IOException {
        var example = Network.home().resolve("examples/nyc-delays");
        var copy = Files.createDirectories(folder.resolve("approved"));
        Files.createDirectories(copy.resolve("operations"));
        try (var operations = Files.list(example.resolve("operations"))) {
            for (var one : operations.toList()) {
                Files.copy(one, copy.resolve("operations").resolve(one.getFileName()));
            }
        }
        var workflow = Files.readString(example.resolve("workflow.yaml"));
        var changed = workflow.replaceFirst("approve: \\[]", "approve: [EwrMSP]")
                .replaceFirst("version: \\S+", "version: 1.0.9");
        assertThat(changed).contains("approve: [EwrMSP]");
        var file = Files.writeString(copy.resolve("workflow.yaml"), changed);
        done(network.run("workflow", "deploy", file.toString()));
    }

    private static String tour(Network network) throws Exception {
        var command = List.of(
                Network.home().resolve("scripts/peer-cli").toString(),
                "--fabric",
                fabric(),
                "--data",
                network.data.toString(),
                "tour",
                "nyc-delays@1.0.9",
                "month=7");
        var output = network.data.resolve("tour.txt");
        var process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertThat(process.waitFor(3, TimeUnit.MINUTES)).isTrue();
        var said = Files.readString(output);
        assertThat(process.exitValue()).as(said).isZero();
        return said;
    }

    private static void requireWhole(String said) {
        assertThat(said)
                .contains("Blockchain info: {\"height\":")
                .contains("+ peer chaincode invoke ")
                .contains("it waits for approval")
                .containsPattern("[0-9:]{8} Succeeded")
                .contains("All 13 steps went well.");
    }

    @Test
    @EnabledIfSystemProperty(named = FABRIC, matches = ".+", disabledReason = SKIPPED)
    void peer_command_creates_approves_watches_and_cancels_on_the_embedded_ledger() throws Exception {
        try (var network = new Network(folder)) {
            done(network.run("quickstart", "--port-shift", Integer.toString(network.shift)));
            deployWithApproval(network);
            requireWhole(tour(network));
        }
    }

    @Test
    @EnabledIfSystemProperty(named = FABRIC, matches = ".+", disabledReason = SKIPPED)
    void peer_command_does_the_same_on_fabric_and_doctor_finds_what_is_broken_there() throws Exception {
        try (var network = new Network(folder)) {
            done(network.run("quickstart", "--fabric", fabric(), "--port-shift", Integer.toString(network.shift)));
            deployWithApproval(network);
            requireWhole(tour(network));
            var well = network.run("doctor");
            assertThat(well.status()).as(well.out() + well.err()).isZero();
            findsWhatIsBroken(network);
        }
    }

    private void findsWhatIsBroken(Network network) throws Exception {
        var profile = Files.readString(network.data.resolve("profiles/local.yaml"));
        var other = Files.writeString(
                network.data.resolve("profiles/other.yaml"),
                profile.replaceFirst("chaincode: .*", "chaincode: nothing"));
        assertThat(network.run("doctor", "EwrMSP", "--profile", other.toString())
                        .out())
                .contains("CHAINCODE_UNKNOWN No chaincode \"nothing\" is committed on the channel \"selvage\"");

        var peer = new Halted(network, "peer0.lga.example");
        var admin = network.data.resolve("profiles/ewr-admin.yaml").toString();
        var certificate = network.data.resolve(
                "ledger/crypto/peerOrganizations/ewr.example/users/node1@ewr.example/msp/signcerts/node1@ewr.example-cert.pem");
        for (String node : List.of("node8", "node9")) {
            done(network.run("node", "register", node, "--certificate", certificate.toString(), "--profile", admin));
        }
        var orderer = new Halted(network, "orderer0");
        assertThat(orderer.environment).isNotEmpty();
        var again = peer.start(folder.resolve("peer.log").toFile());
        try {
            Awaitility.await().atMost(Duration.ofSeconds(60)).ignoreExceptions().until(() -> {
                try (var socket = new Socket(InetAddress.getLoopbackAddress(), LGA_PEER + network.shift)) {
                    return socket.isConnected();
                }
            });
            var found = network.run("doctor", "EwrMSP", "LgaMSP");
            assertThat(found.status()).isEqualTo(6);
            assertThat(found.out())
                    .contains("ORDERER_UNREACHABLE Nothing answers at ")
                    .contains("PEER_BEHIND The peer has ");
        } finally {
            again.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        }
    }

    /** A process that was killed, and how to start the same again by itself. */
    private static final class Halted {
        private final List<String> environment;
        private final List<String> command;
        private final File folder;

        Halted(Network network, String name) throws Exception {
            var record = Files.readString(network.data.resolve("pids/" + name + ".json"));
            long pid = Long.parseLong(
                    record.replaceAll(".*\"pid\":([0-9]+).*", "$1").strip());
            var place = Path.of("/proc", Long.toString(pid));
            environment = words(place.resolve("environ"));
            command = words(place.resolve("cmdline"));
            folder = place.resolve("cwd").toRealPath().toFile();
            var handle = ProcessHandle.of(pid).orElseThrow();
            handle.destroyForcibly();
            handle.onExit().get(10, TimeUnit.SECONDS);
        }

        private static List<String> words(Path file) throws IOException {
            return new ArrayList<>(List.of(new String(Files.readAllBytes(file), StandardCharsets.UTF_8).split("\0")));
        }

        Process start(File log) throws IOException {
            var builder = new ProcessBuilder(command)
                    .directory(folder)
                    .redirectErrorStream(true)
                    .redirectOutput(log);
            builder.environment().clear();
            environment.forEach(variable -> {
                int equals = variable.indexOf('=');
                builder.environment().put(variable.substring(0, equals), variable.substring(equals + 1));
            });
            return builder.start();
        }
    }
}
