package dev.selvage.network.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.network.fabric.FabricBinaries;
import dev.selvage.network.fabric.FabricPlan;
import dev.selvage.network.fabric.NativeFabric;
import dev.selvage.network.org.ConfigBlock;
import dev.selvage.network.org.Endpoints;
import dev.selvage.network.org.HostPort;
import dev.selvage.network.org.Organisations;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import org.hyperledger.fabric.protos.common.Block;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** The embedded ledger's genesis block is a real one: Fabric's orderer and peers start a channel from it. */
@EnabledIfSystemProperty(
        named = "fabric.dir",
        matches = ".+",
        disabledReason = "real Fabric was not tested: give its folder as -Dfabric.dir=DIR")
class FabricConfigBlockTest {
    @Test
    void fabric_starts_a_channel_from_the_embedded_ledgers_genesis_block(@TempDir Path folder) throws Exception {
        FabricPlan plan = FabricPlan.onFreePorts(folder, 3, FabricPlan.Profile.RAFT);
        Organisations organisations =
                Organisations.open(folder.resolve("organizations"), plan.organisations(), Clock.systemUTC());
        Map<String, HostPort> peers = new LinkedHashMap<>();
        plan.peers().forEach((msp, ports) -> peers.put(msp, ports.get(0).address()));
        Endpoints endpoints = new Endpoints(
                peers,
                plan.orderers().stream().map(FabricPlan.OrdererPorts::address).toList());
        Block genesis = ConfigBlock.genesis("selvage", organisations, endpoints, Clock.systemUTC());
        Files.write(folder.resolve("selvage.block"), genesis.toByteArray());
        FabricBinaries binaries = FabricBinaries.in(Path.of(System.getProperty("fabric.dir")));
        try (NativeFabric fabric = NativeFabric.prepare(binaries, plan, Clock.systemUTC())) {
            fabric.up();
            fabric.up();
            assertThat(fabric.status()).allMatch(NativeFabric.NodeStatus::healthy);
            try (TestClient client = TestClient.connect(
                    organisations.get("JfkMSP"),
                    fabric.peer("JfkMSP"),
                    organisations.get("JfkMSP").signer("User1"))) {
                assertThat(Blocks.byNumber(client, 0).getData()).isEqualTo(genesis.getData());
            }
        }
    }
}
