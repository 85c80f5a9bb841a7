package dev.selvage.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the command answers where no network runs, and what an interrupted start leaves behind: nothing. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class WithoutNetworkIT {
    @TempDir
    private Path folder;

    private Network network;

    @BeforeEach
    void network() {
        network = new Network(folder);
    }

    @Test
    void ledger_that_is_not_there_is_named_with_the_next_step() {
        var answer = network.run("task", "list");
        assertThat(answer.err().strip())
                .isEqualTo("LEDGER_UNREACHABLE No ledger answers at 127.0.0.1:7051 (profile \"local\"). Start the"
                        + " local network: selvage network up. For one that others run: check the profile's"
                        + " endpoints, and selvage doctor --profile FILE.");
        assertThat(answer.status()).isEqualTo(1);
        assertThat(answer.out()).isEmpty();
    }

    @Test
    void script_runs_through_a_link_from_any_folder() throws Exception {
        var link = Files.createSymbolicLink(folder.resolve("sv"), Network.home().resolve("selvage"));
        var builder = new ProcessBuilder(link.toString(), "version").directory(folder.toFile());
        builder.environment().put("SELVAGE_NO_BUILD", "1");
        var process = builder.start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .startsWith("selvage ");
        assertThat(process.exitValue()).isZero();
    }

    @Test
    void password_in_an_engine_file_is_refused() throws Exception {
        var file = folder.resolve("ewr.yaml");
        Files.writeString(file, """
                engine: ewr
                transport: jdbc
                connect: {url: "jdbc:h2:mem:x", user: selvage_ro, password: hunter2}
                operations: {}
                """);
        var answer = network.run("engine", "check", file.toString());
        assertThat(answer.err()).contains("ewr.yaml:3:").contains("connect.password: write a reference");
        assertThat(answer.err()).doesNotContain("hunter2");
        assertThat(answer.status()).isEqualTo(2);
    }

    @Test
    void engine_that_prints_rubbish_is_told_what_stdout_is_for() throws Exception {
        var operation = Network.home().resolve("examples/nyc-delays/operations/flights.delays.yaml");
        var file = folder.resolve("rubbish.yaml");
        Files.writeString(file, """
                engine: rubbish
                transport: stdio
                connect: {command: [sh, -c, "echo 'loading model...'; sleep 20"], mode: worker}
                operations: {flights.delays/1: native}
                """);
        var answer = network.run("engine", "check", file.toString(), "--operation", operation.toString());
        assertThat(answer.fault())
                .startsWith(
                        "ENGINE_PROTOCOL rubbish wrote to stdout what is not a message: \"loading model...\" (line 1).")
                .contains("Stdout is for messages only: print to stderr.");
        assertThat(answer.status()).isIn(1, 6);
    }

    @Test
    void taken_port_is_named_and_nothing_is_started() throws Exception {
        try (var taken = new ServerSocket(8051 + network.shift, 1, InetAddress.getLoopbackAddress())) {
            assertThat(taken.isBound()).isTrue();
            var answer = network.run("network", "up", "--port-shift", Integer.toString(network.shift));
            assertThat(answer.fault()).startsWith("PORT_TAKEN").contains("127.0.0.1:" + (8051 + network.shift));
            assertThat(answer.status()).isEqualTo(2);
        }
        assertThat(network.processes()).isEmpty();
    }

    @Test
    void interrupted_quickstart_leaves_no_process() throws Exception {
        var quickstart = network.start("quickstart", "--port-shift", Integer.toString(network.shift));
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> network.processes().size() >= 3 || !quickstart.isAlive());
        assertThat(quickstart.isAlive()).isTrue();
        boolean deaf = interruptsAreIgnored();
        new ProcessBuilder("kill", deaf ? "-TERM" : "-INT", Long.toString(quickstart.pid()))
                .start()
                .waitFor();
        assertThat(quickstart.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(quickstart.exitValue()).isEqualTo(deaf ? 143 : 130);
        assertThat(new String(quickstart.getErrorStream().readAllBytes(), StandardCharsets.UTF_8))
                .doesNotContain("PROCESS_FAILED")
                .doesNotContain("LEDGER_");
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .until(() -> network.processes().isEmpty());
    }

    /** A shell starts what it puts into the background with SIGINT ignored, and its children inherit that. */
    private static boolean interruptsAreIgnored() throws IOException {
        var status = Path.of("/proc/self/status");
        if (!Files.exists(status)) {
            return false;
        }
        try (var lines = Files.lines(status)) {
            return lines.filter(line -> line.startsWith("SigIgn:"))
                    .map(line -> line.substring("SigIgn:".length()).strip())
                    .anyMatch(mask -> (Long.parseUnsignedLong(mask, 16) & 0b10) != 0);
        }
    }
}
