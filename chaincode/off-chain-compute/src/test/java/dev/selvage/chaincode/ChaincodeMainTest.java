package dev.selvage.chaincode;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.selvage.network.org.Organisation;
import dev.selvage.network.org.Organisations;
import dev.selvage.network.org.OrganisationsPlan;
import io.grpc.ChannelCredentials;
import io.grpc.Grpc;
import io.grpc.Status;
import io.grpc.TlsChannelCredentials;
import io.grpc.stub.StreamObserver;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.hyperledger.fabric.protos.peer.ChaincodeGrpc;
import org.hyperledger.fabric.protos.peer.ChaincodeID;
import org.hyperledger.fabric.protos.peer.ChaincodeMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The process that serves the contract. */
class ChaincodeMainTest {
    @TempDir
    private Path folder;

    private Process start(List<String> options) throws IOException {
        String classPath = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.endsWith("test-classes"))
                .collect(Collectors.joining(File.pathSeparator));
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classPath,
                ChaincodeMain.class.getName()));
        command.addAll(options);
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log().toFile())
                .start();
    }

    private Path log() {
        return folder.resolve("log");
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static int exit(Process process) throws InterruptedException {
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    @Test
    void wrong_options_are_told_with_the_usage() throws Exception {
        for (var options : List.of(
                List.<String>of(),
                List.of("--address", "nowhere", "--id", "x"),
                List.of("--address", "127.0.0.1:1", "--id", "x", "--tls-cert", "a"),
                List.of("--adress", "127.0.0.1:1"))) {
            assertThat(exit(start(options))).isEqualTo(2);
            assertThat(Files.readString(log())).startsWith("USAGE ").contains("usage: off-chain-compute");
        }
    }

    @Test
    void a_port_in_use_is_told() throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var process = start(List.of("--address", "127.0.0.1:" + taken.getLocalPort(), "--id", "x"));

            assertThat(exit(process)).isEqualTo(1);
            assertThat(Files.readString(log(), UTF_8)).contains("PORT_TAKEN");
        }
    }

    @Test
    void it_registers_with_peers_that_show_a_certificate_and_ends_at_a_signal() throws Exception {
        Organisation ewr = Organisations.open(
                        folder.resolve("organizations"), OrganisationsPlan.of(1), Clock.systemUTC())
                .peers()
                .get(0);
        var own = ewr.identity("peer0").tls();
        int port = freePort();
        var process = start(List.of(
                "--address",
                "127.0.0.1:" + port,
                "--id",
                "off-chain-compute:1",
                "--tls-cert",
                own.certificate().toString(),
                "--tls-key",
                own.key().toString(),
                "--tls-client-ca",
                own.roots().toString()));
        await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> process.isAlive() && listens(port));

        var trusting =
                TlsChannelCredentials.newBuilder().trustManager(own.roots().toFile());
        assertThat(firstMessage(port, trusting.build())).isEqualTo("UNAVAILABLE");
        var known = trusting.keyManager(own.certificate().toFile(), own.key().toFile());
        assertThat(firstMessage(port, known.build())).isEqualTo("off-chain-compute:1");
        process.destroy();
        assertThat(exit(process)).isEqualTo(143);
    }

    private static boolean listens(int port) {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 200);
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    /** The id under which the chaincode registers, or the status by which the connection fails. */
    private static String firstMessage(int port, ChannelCredentials credentials) throws Exception {
        var channel = Grpc.newChannelBuilder("127.0.0.1:" + port, credentials)
                .overrideAuthority("localhost")
                .build();
        var first = new CompletableFuture<String>();
        try {
            var toChaincode = ChaincodeGrpc.newStub(channel).connect(new StreamObserver<>() {
                @Override
                public void onNext(ChaincodeMessage message) {
                    try {
                        first.complete(
                                ChaincodeID.parseFrom(message.getPayload()).getName());
                    } catch (IOException e) {
                        first.completeExceptionally(e);
                    }
                }

                @Override
                public void onError(Throwable error) {
                    first.complete(Status.fromThrowable(error).getCode().name());
                }

                @Override
                public void onCompleted() {
                    first.complete("");
                }
            });
            String answer = first.get(30, TimeUnit.SECONDS);
            if (!answer.equals("UNAVAILABLE")) {
                toChaincode.onCompleted();
            }
            return answer;
        } finally {
            channel.shutdownNow();
        }
    }
}
