package dev.selvage.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.model.CanonicalJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Four BFT orderers and two peers for each organisation, of which some die or stand still during the thousand parts. */
@EnabledIfSystemProperty(named = FabricNetwork.BINARIES, matches = ".+", disabledReason = FabricNetwork.SKIPPED)
class FabricFaultsIT {
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    @TempDir
    private static Path folder;

    private static FabricNetwork fabric;

    @BeforeAll
    static void start() {
        fabric = new FabricNetwork(folder);
        var up = fabric.up("--profile", "bft", "--peers", "2");
        assertThat(up.status()).as(up.err()).isZero();
        assertThat(up.out()).contains("four BFT orderers");
    }

    @AfterAll
    static void stop() {
        fabric.close();
    }

    /** A run of the thousand parts while other things happen; without batches, so that it is a long one. */
    private static final class Run implements AutoCloseable {
        private final Process process;
        private final List<String> said = new CopyOnWriteArrayList<>();
        private final CompletableFuture<String> out;
        private final CompletableFuture<Void> err;

        Run() throws IOException {
            process = fabric.network.start("bench", "parts", "--batch", "1", "--output", "json");
            out = CompletableFuture.supplyAsync(() -> {
                try {
                    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                } catch (IOException e) {
                    return "";
                }
            });
            err = CompletableFuture.runAsync(() -> process.errorReader().lines().forEach(said::add));
        }

        void awaitSomeParts() {
            Awaitility.await("some parts are done")
                    .atMost(PATIENCE)
                    .until(() -> !process.isAlive() || said.stream().anyMatch(line -> line.endsWith("parts done")));
            assertThat(process.isAlive()).as(said.toString()).isTrue();
        }

        /** Every part is done once: counted in the blocks. */
        void mustKeepWhatItPromises() throws Exception {
            assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            err.join();
            assertThat(process.exitValue()).as(said.toString()).isZero();
            var report = CanonicalJson.parse(out.join()).get(0);
            assertThat(report.path("state").asText()).isEqualTo("Succeeded");
            assertThat(report.path("once").asInt()).isEqualTo(1000);
            assertThat(report.path("invalid")).isEmpty();
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }

    @Test
    void leader_is_killed_and_comes_back_and_nothing_is_lost() throws Exception {
        try (var run = new Run()) {
            var leader = fabric.leader();
            run.awaitSomeParts();
            FabricNetwork.kill(fabric.process(leader));
            assertThat(run.process.isAlive()).as("runs without " + leader).isTrue();
            Awaitility.await("another leader")
                    .atMost(PATIENCE)
                    .until(() -> !fabric.leader().equals(leader));
            var back = fabric.network.run("network", "up");
            assertThat(back.status()).as(back.err()).isZero();
            run.mustKeepWhatItPromises();
        }
        everyOrdererHasEveryBlock();
    }

    /** In a run of its own: the one above is over, as a rule, before the killed orderer is back, and only one of four may be away. */
    @Test
    void orderer_that_does_not_lead_stands_still_and_nothing_is_lost() throws Exception {
        try (var run = new Run()) {
            run.awaitSomeParts();
            var other = fabric.leader().equals("orderer3") ? "orderer2" : "orderer3";
            pause(run, other, fabric.process(other));
            run.mustKeepWhatItPromises();
        }
        everyOrdererHasEveryBlock();
    }

    @Test
    void leader_stands_still_and_nothing_is_lost() throws Exception {
        try (var run = new Run()) {
            run.awaitSomeParts();
            var leader = fabric.leader();
            pause(run, leader, fabric.process(leader));
            run.mustKeepWhatItPromises();
        }
        everyOrdererHasEveryBlock();
    }

    /** Stops an orderer until the others have cut further blocks; the run goes on all the while. */
    private static void pause(Run run, String orderer, ProcessHandle process) throws Exception {
        assertThat(run.process.isAlive()).as("runs when " + orderer + " stops").isTrue();
        FabricNetwork.signal("STOP", process);
        try {
            long then = height();
            Awaitility.await("the others go on without " + orderer)
                    .pollInterval(Duration.ofMillis(500))
                    .atMost(PATIENCE)
                    .until(() -> !run.process.isAlive() || height() > then + 5);
            assertThat(height())
                    .as("blocks while " + orderer + " stands still: " + run.said)
                    .isGreaterThan(then + 5);
            assertThat(fabric.node(orderer).path("healthy").asBoolean()).isFalse();
            assertThat(run.process.isAlive()).as("still runs").isTrue();
        } finally {
            FabricNetwork.signal("CONT", process);
        }
    }

    private static void everyOrdererHasEveryBlock() {
        Awaitility.await("every orderer has every block")
                .atMost(PATIENCE)
                .until(() -> Stream.of("orderer0", "orderer1", "orderer2", "orderer3")
                        .allMatch(orderer -> heightOf(orderer) == height()));
    }

    private static long height() {
        return fabric.json("network", "status").path("ledger").path("height").asLong();
    }

    private static long heightOf(String node) {
        return fabric.node(node).path("height").asLong();
    }

    @Test
    void gateway_peer_of_a_node_is_killed_and_the_node_goes_on_with_the_other_one() throws Exception {
        try (var run = new Run()) {
            run.awaitSomeParts();
            FabricNetwork.kill(fabric.process("peer0.jfk.example"));
            run.mustKeepWhatItPromises();
        }
        assertThat(fabric.node("peer0.jfk.example").path("healthy").asBoolean()).isFalse();
        var log = fabric.network
                .run("network", "logs", "node-JfkMSP-node1", "--lines", "1000")
                .out();
        assertThat(log).contains("blocks come again, from 127.0.0.1:" + (8151 + fabric.network.shift));
        commandsGoOnWithTheOtherPeer();
        var again = fabric.network.run("network", "up");
        assertThat(again.status()).as(again.err()).isZero();
    }

    /** Reading and writing; the killed peer is the first of the profile. */
    private static void commandsGoOnWithTheOtherPeer() {
        var profiles = fabric.network.data.resolve("profiles");
        fabric.json("task", "list", "--profile", profiles.resolve("jfk.yaml").toString());
        var certificate = fabric.network.data.resolve(
                "ledger/crypto/peerOrganizations/jfk.example/users/User1@jfk.example/msp/signcerts/User1@jfk.example-cert.pem");
        fabric.json(
                "node",
                "register",
                "node7",
                "--certificate",
                certificate.toString(),
                "--profile",
                profiles.resolve("jfk-admin.yaml").toString());
    }
}
