package dev.selvage.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** The main job and the thousand parts on native Fabric with Raft, from the script to the peers. */
@EnabledIfSystemProperty(named = FabricNetwork.BINARIES, matches = ".+", disabledReason = FabricNetwork.SKIPPED)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class FabricIT {
    @TempDir
    private static Path folder;

    private static FabricNetwork fabric;
    private static Network.Answer quickstart;

    @BeforeAll
    static void run_the_quickstart() {
        fabric = new FabricNetwork(folder);
        quickstart = fabric.network.run(
                "quickstart",
                "--fabric",
                FabricNetwork.binaries(),
                "--port-shift",
                Integer.toString(fabric.network.shift));
    }

    @AfterAll
    static void stop() {
        fabric.close();
    }

    @Test
    @Order(1)
    void quickstart_runs_the_job_on_fabric() {
        assertThat(quickstart.status()).as(quickstart.err()).isZero();
        assertThat(quickstart.out())
                .startsWith("Fabric ")
                .contains("(Raft), three organisations on this machine (for trying out, not for production)")
                .contains("UA  5066 flights  mean delay 20.11 min    (15 carriers: selvage task result ")
                .contains("Checked: 4 results on the ledger, all digests match.");
    }

    @Test
    @Order(2)
    void names_come_from_another_chaincode_on_the_channel() {
        var named = fabric.network.run("quickstart", "--example", "nyc-delays-named");
        assertThat(named.status()).as(named.err()).isZero();
        assertThat(named.out())
                .contains("UA,United Air Lines Inc.,5066,5000,100526,20.11")
                .contains("Checked: 5 results on the ledger, all digests match.");
    }

    @Test
    @Order(3)
    void data_is_audited_tampered_with_restored_transferred_and_verified() {
        var sale = fabric.network.run("quickstart", "--example", "data-sale");
        assertThat(sale.status()).as(sale.err()).isZero();
        assertThat(sale.out())
                .contains("2 EwrMSP audits: intact")
                .contains("4 EwrMSP audits: NOT INTACT: the tags do not belong to the data")
                .contains("block 42")
                .containsPattern("5 The sale: task [0-9a-f]+\\.\\.\\. Failed .*AUDIT_REJECTED")
                .containsPattern("7 The sale: task [0-9a-f]+\\.\\.\\. Succeeded   check ok .* transfer ok .* keep ok ")
                .contains("8 What EwrMSP got: same: ");
        var again = fabric.json("data", "audit", "flights-2013", "--of", "JfkMSP");
        assertThat(again.path("accepted").asBoolean()).isTrue();
        var anchors = fabric.json("data", "anchors", "--node", "JfkMSP/node1");
        assertThat(anchors).hasSize(1);
        assertThat(anchors.get(0).path("hashing").path("hasher").asText()).isNotEmpty();
    }

    @Test
    @Order(4)
    void status_tells_heights_leader_chaincodes_and_what_processes_take() {
        var status = fabric.json("network", "status");
        long height = status.path("ledger").path("height").asLong();
        assertThat(height).isPositive();
        assertThat(status.path("nodes")).hasSize(4).allSatisfy(node -> {
            assertThat(node.path("healthy").asBoolean()).isTrue();
            assertThat(node.path("height").asLong()).isEqualTo(height);
            assertThat(node.path("leader").asBoolean())
                    .isEqualTo(node.path("name").asText().equals("orderer0"));
        });
        assertThat(status.path("processes"))
                .allSatisfy(process ->
                        assertThat(process.path("memoryBytes").asLong()).isGreaterThan(10 << 20));
        assertThat(status.path("ledger").path("chaincodes"))
                .hasSizeGreaterThanOrEqualTo(6)
                .allSatisfy(chaincode ->
                        assertThat(chaincode.path("connected").asBoolean()).isTrue());
        var text = fabric.network.run("network", "status").out();
        assertThat(text).contains("NODE").contains("peer0.lga.example").contains("MEMORY");
    }

    @Test
    @Order(5)
    void logs_of_one_process_are_shown() {
        var one = fabric.network.run("network", "logs", "orderer0", "--lines", "3");
        assertThat(one.status()).as(one.err()).isZero();
        assertThat(one.out().lines()).hasSizeBetween(1, 3);
        assertThat(fabric.network.run("network", "logs", "orderer9").fault())
                .startsWith("USAGE No process \"orderer9\"");
    }

    @Test
    @Order(6)
    void thousand_parts_are_done_once_each_although_a_node_is_killed() {
        var report =
                fabric.json("bench", "parts", "--batch", "40", "--kill", "1").get(0);
        assertThat(report.path("state").asText()).isEqualTo("Succeeded");
        assertThat(report.path("once").asInt()).isEqualTo(1000);
        assertThat(report.path("invalid")).isEmpty();
    }

    @Test
    @Order(7)
    void network_comes_up_again_after_everything_was_killed() {
        long before =
                fabric.json("network", "status").path("ledger").path("height").asLong();
        List<ProcessHandle> all = new ArrayList<>();
        fabric.json("network", "status")
                .path("processes")
                .forEach(process ->
                        ProcessHandle.of(process.path("pid").asLong()).ifPresent(all::add));
        assertThat(all).hasSizeGreaterThan(9);
        all.forEach(FabricNetwork::kill);
        var down = fabric.network.run("network", "status");
        assertThat(down.status()).isEqualTo(1);
        assertThat(down.out()).contains("Nothing runs here.");
        var again = fabric.network.run("quickstart");
        assertThat(again.status()).as(again.err()).isZero();
        assertThat(again.out()).contains("UA  5066 flights  mean delay 20.11 min");
        assertThat(fabric.json("network", "status")
                        .path("ledger")
                        .path("height")
                        .asLong())
                .isGreaterThan(before);
        assertThat(fabric.json("task", "list", "--workflow", "nyc-delays")).hasSize(2);
    }

    @Test
    @Order(8)
    void settings_of_a_network_are_kept() {
        var other = fabric.network.run("network", "up", "--orgs", "4");
        assertThat(other.status()).isEqualTo(2);
        assertThat(other.fault())
                .startsWith("CONFIG_INVALID")
                .contains("was made with --orgs 3 ")
                .contains("--reset");
    }

    @Test
    @Order(9)
    void taken_port_is_named_and_nothing_is_started() throws Exception {
        try (var other = new FabricNetwork(folder.resolve("taken"));
                var taken = new ServerSocket(9052 + other.network.shift, 1, InetAddress.getLoopbackAddress())) {
            var answer = other.up();
            assertThat(answer.fault())
                    .startsWith("PORT_TAKEN")
                    .contains("127.0.0.1:" + taken.getLocalPort() + " (wanted for peer0.lga.example)");
            assertThat(answer.status()).isEqualTo(2);
            assertThat(other.network.run("network", "down").out()).contains("Nothing was running.");
        }
    }

    @Test
    @Order(11)
    void reset_that_cannot_be_done_removes_nothing_and_one_that_can_goes_back_to_the_embedded_ledger() {
        var typo = fabric.network.run(
                "network", "up", "--reset", "--fabric", folder.resolve("typo").toString());
        assertThat(typo.fault()).startsWith("TOOL_MISSING");
        assertThat(fabric.json("network", "status").path("nodes")).hasSize(4);
        var up = fabric.network.run("network", "up", "--reset");
        assertThat(up.status()).as(up.err()).isZero();
        assertThat(up.out()).startsWith("Embedded ledger, three organisations");
        assertThat(fabric.network.data.resolve("ledger/fabric")).doesNotExist();
    }

    @Test
    @Order(10)
    void folder_without_fabric_is_told_how_to_get_it() throws Exception {
        var empty = Files.createDirectory(folder.resolve("empty"));
        try (var other = new FabricNetwork(folder.resolve("wrong"))) {
            var answer = other.network.run("network", "up", "--fabric", empty.toString());
            assertThat(answer.fault())
                    .startsWith("TOOL_MISSING No Fabric in " + empty)
                    .contains("install-fabric.sh --fabric-version");
            assertThat(answer.status()).isEqualTo(2);
        }
    }
}
