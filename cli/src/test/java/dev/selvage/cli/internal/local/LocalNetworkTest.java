package dev.selvage.cli.internal.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.selvage.network.fabric.FabricPlan;
import dev.selvage.network.fabric.NativeFabric;
import dev.selvage.network.org.HostPort;
import dev.selvage.network.process.Ports;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What can be told without starting a ledger. */
class LocalNetworkTest {
    @TempDir
    private Path folder;

    private DataFolder data;
    private LocalNetwork network;

    @BeforeEach
    void make_a_distribution_with_one_chaincode() throws IOException {
        data = new DataFolder(folder.resolve("data"));
        var jar = Files.createDirectories(folder.resolve("dist/lib-chaincode/contract"))
                .resolve("contract.jar");
        try (var out = new JarOutputStream(Files.newOutputStream(jar))) {
            out.putNextEntry(new JarEntry("META-INF/selvage-chaincode.properties"));
            out.write("main=Main\nplace=0\ndeploy=always\n".getBytes(StandardCharsets.US_ASCII));
        }
        network = new LocalNetwork(data, new Distribution(folder.resolve("dist")), text -> {});
    }

    private Path fabric(String version) throws IOException {
        var bin = Files.createDirectories(folder.resolve("fabric-" + version));
        for (String name : List.of("peer", "orderer", "configtxgen", "osnadmin")) {
            var file = Files.writeString(bin.resolve(name), "#!/bin/sh\necho ' Version: v" + version + "'\n");
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
        }
        return bin;
    }

    private Path madeOnFabric() throws IOException {
        new NetworkSettings(9, fabric("3.1.5").toString(), FabricPlan.Profile.BFT, 2, 1).write(data);
        return Files.writeString(Files.createDirectories(data.ledger()).resolve("block"), "1");
    }

    @Test
    void reset_that_cannot_be_done_leaves_all_as_it_was() throws Exception {
        var block = madeOnFabric();
        var before = Files.readString(data.root().resolve("network.json"));
        for (var wish : List.of(
                NetworkWish.on(null, folder.resolve("typo")),
                new NetworkWish(null, null, null, 12, null),
                new NetworkWish(null, fabric("2.5.16"), FabricPlan.Profile.BFT, null, null),
                new NetworkWish(null, null, FabricPlan.Profile.BFT, null, null))) {
            assertThatThrownBy(() -> network.reset(wish)).hasMessageMatching("(?s)(TOOL_MISSING|CONFIG_INVALID) .*");
            assertThat(block).exists();
            assertThat(data.root().resolve("network.json")).hasContent(before);
        }
    }

    @Test
    void reset_forgets_what_the_network_was_but_its_ports() throws Exception {
        var block = madeOnFabric();
        network.reset(NetworkWish.ports(null));
        assertThat(block).doesNotExist();
        assertThat(NetworkSettings.read(data)).isEqualTo(new NetworkSettings(9, null, null, null, null));
        assertThat(network.kind()).isEqualTo("Embedded ledger");
    }

    @Test
    void wish_that_cannot_be_done_is_not_kept() throws Exception {
        var wish = new NetworkWish(null, fabric("2.5.16"), FabricPlan.Profile.BFT, null, null);
        assertThatThrownBy(() -> network.up(wish, Beside.NOTHING)).hasMessageContaining("TOOL_MISSING");
        assertThat(data.root().resolve("network.json")).doesNotExist();
    }

    @Test
    void ports_of_nodes_and_chaincodes_are_named_together_before_anything_is_made() throws Exception {
        int shift = new Random()
                .ints(10_000, 20_000)
                .filter(n -> Ports.isFree(7050 + n) && Ports.isFree(8061 + n))
                .findFirst()
                .orElseThrow();
        try (var orderer = new ServerSocket(7050 + shift, 1, InetAddress.getLoopbackAddress());
                var chaincode = new ServerSocket(8061 + shift, 1, InetAddress.getLoopbackAddress())) {
            var wish = NetworkWish.on(shift, fabric("3.1.5"));
            assertThatThrownBy(() -> network.up(wish, Beside.NOTHING))
                    .hasMessageContaining("PORT_TAKEN")
                    .hasMessageContaining("127.0.0.1:" + orderer.getLocalPort() + " (wanted for orderer0)")
                    .hasMessageContaining(
                            "127.0.0.1:" + chaincode.getLocalPort() + " (wanted for chaincode-contract-jfk)");
        }
        assertThat(data.ledger()).doesNotExist();
    }

    @Test
    void looking_at_a_network_changes_nothing() throws Exception {
        new NetworkSettings(9, fabric("3.1.5").toString(), null, 1, 1).write(data);
        assertThat(network.kind()).isEqualTo("Fabric 3.1.5 (Raft)");
        assertThat(network.ledgerStatus()).isEmpty();
        assertThat(network.fabric().orElseThrow().nodes()).isEmpty();
        assertThatThrownBy(network::ledger).hasMessageContaining("LEDGER_UNREACHABLE");
        assertThat(data.ledger()).doesNotExist();
    }

    @Test
    void peer_that_does_not_tell_its_height_yet_hinders_nobody() {
        assertThat(LocalFabric.height(List.of(peer(OptionalLong.empty()), peer(OptionalLong.of(4)))))
                .isEqualTo(4);
        assertThat(LocalFabric.height(List.of(peer(OptionalLong.empty())))).isZero();
    }

    private NativeFabric.NodeStatus peer(OptionalLong height) {
        return new NativeFabric.NodeStatus(
                "peer0",
                "peer",
                "EwrMSP",
                HostPort.parse("127.0.0.1:7051"),
                OptionalLong.of(1),
                true,
                height,
                false,
                folder);
    }
}
