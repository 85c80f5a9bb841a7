package dev.selvage.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.selvage.model.CanonicalJson;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.awaitility.Awaitility;

/** A native Fabric network, used by the script like any other. */
final class FabricNetwork implements AutoCloseable {
    /** The property that names the folder of Fabric's binaries. */
    static final String BINARIES = "fabric.dir";

    static final String SKIPPED = "real Fabric was not tested: give its folder as -Dfabric.dir=DIR";

    final Network network;

    FabricNetwork(Path folder) {
        this.network = new Network(folder);
    }

    static String binaries() {
        return Path.of(System.getProperty(BINARIES)).toAbsolutePath().toString();
    }

    /** Brings it up for the first time. */
    Network.Answer up(String... options) {
        List<String> arguments = new ArrayList<>(
                List.of("network", "up", "--fabric", binaries(), "--port-shift", Integer.toString(network.shift)));
        arguments.addAll(List.of(options));
        return network.run(arguments.toArray(String[]::new));
    }

    /** What a command that must succeed answers. */
    JsonNode json(String... arguments) {
        var all = Arrays.copyOf(arguments, arguments.length + 2);
        all[arguments.length] = "--output";
        all[arguments.length + 1] = "json";
        var answer = network.run(all);
        assertThat(answer.status()).as(answer.err()).isZero();
        return CanonicalJson.parse(answer.out());
    }

    /** The process of a node or chaincode. */
    ProcessHandle process(String name) {
        for (var process : json("network", "status").path("processes")) {
            if (process.path("name").asText().equals(name)) {
                return ProcessHandle.of(process.path("pid").asLong()).orElseThrow();
            }
        }
        throw new AssertionError(name + " does not run");
    }

    /** What status tells of a node. */
    JsonNode node(String name) {
        for (var node : json("network", "status").path("nodes")) {
            if (node.path("name").asText().equals(name)) {
                return node;
            }
        }
        throw new AssertionError("no node " + name);
    }

    /** The orderer that leads now. */
    String leader() {
        List<String> leaders = new ArrayList<>();
        Awaitility.await("a leader").atMost(Duration.ofSeconds(60)).until(() -> {
            leaders.clear();
            json("network", "status").path("nodes").forEach(node -> {
                if (node.path("leader").asBoolean()) {
                    leaders.add(node.path("name").asText());
                }
            });
            return leaders.size() == 1;
        });
        return leaders.get(0);
    }

    static void kill(ProcessHandle process) {
        assertThat(process.destroyForcibly()).isTrue();
        process.onExit().join();
    }

    static void signal(String signal, ProcessHandle process) throws Exception {
        var kill = new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start();
        assertThat(kill.waitFor()).isZero();
    }

    @Override
    public void close() {
        network.close();
    }
}
