package dev.selvage.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** A network by single steps of scripts/fabric, and the command that goes on from there. */
@EnabledIfSystemProperty(named = FabricNetwork.BINARIES, matches = ".+", disabledReason = FabricNetwork.SKIPPED)
class FabricStepsIT {
    private static final String PEER = "peer0.ewr.example";
    private static final String CONTRACT = "off-chain-compute";

    @TempDir
    private Path folder;

    private final List<Process> running = new ArrayList<>();
    private FabricNetwork fabric;

    @AfterEach
    void stop() {
        end();
        fabric.close();
    }

    private void end() {
        running.forEach(Process::destroy);
        running.forEach(process -> {
            try {
                process.waitFor(20, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private ProcessBuilder script(String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Network.home().resolve("scripts/fabric").toString());
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("SELVAGE_DATA", fabric.network.data.toString());
        builder.environment().put("SELVAGE_NO_BUILD", "1");
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        return builder;
    }

    private String step(String... arguments) throws IOException, InterruptedException {
        var process = script(arguments).start();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(List.of(arguments) + ": " + said).isZero();
        return said;
    }

    private void runs(String... arguments) throws IOException {
        File log = folder.resolve(arguments[0] + "-" + running.size() + ".log").toFile();
        running.add(script(arguments).redirectOutput(log).start());
    }

    private void eventually(String... step) {
        Awaitility.await(String.join(" ", step))
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(500))
                .until(() -> {
                    var process = script(step)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start();
                    return process.waitFor() == 0;
                });
    }

    @Test
    void each_step_can_be_taken_alone_and_the_command_goes_on_from_there() throws Exception {
        fabric = new FabricNetwork(folder);
        var prepared = fabric.network.run(
                "network",
                "prepare",
                "--fabric",
                FabricNetwork.binaries(),
                "--orgs",
                "1",
                "--port-shift",
                Integer.toString(fabric.network.shift));
        assertThat(prepared.status()).as(prepared.err()).isZero();
        assertThat(step("nodes").lines()).containsExactly("orderer0", PEER);
        step("genesis");
        runs("orderer", "orderer0");
        runs("peer", PEER);
        eventually("join-orderer", "orderer0");
        eventually("join-peer", PEER);
        step("package", CONTRACT, "0", "ewr.example");
        var pack = fabric.network.data.resolve("ledger/fabric/packages/" + CONTRACT + "-ewr.example.tar.gz");
        assertThat(Files.getPosixFilePermissions(pack)).hasSize(2);
        step("install", pack.toString(), PEER);
        runs("chaincode", CONTRACT, pack.toString(), "0", PEER);
        eventually("approve", CONTRACT, pack.toString(), PEER);
        step("commit", CONTRACT);
        String[] query = {
            "as",
            PEER,
            "peer",
            "chaincode",
            "query",
            "-C",
            "selvage",
            "-n",
            CONTRACT,
            "-c",
            "{\"Args\":[\"ListNodes\",\"{}\"]}"
        };
        eventually(query);
        assertThat(step(query)).contains("{");

        end();
        var up = fabric.network.run("network", "up");
        assertThat(up.status()).as(up.err()).isZero();
        assertThat(up.err()).doesNotContain("deploying " + CONTRACT);
        assertThat(up.out()).contains("one organisation on this machine");
        List<String> deployed = new ArrayList<>();
        fabric.json("network", "status")
                .path("ledger")
                .path("chaincodes")
                .forEach(chaincode -> deployed.add(chaincode.path("name").asText() + " "
                        + chaincode.path("version").asText()));
        assertThat(deployed).contains(CONTRACT + " 1.0");
    }
}
