package dev.selvage.network.contract;

import dev.selvage.network.fabric.FabricBinaries;
import dev.selvage.network.fabric.FabricPlan;
import java.nio.file.Path;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** The same contract on real Fabric, where its binaries are given; {@code -Dfabric.profile=BFT} for four SmartBFT orderers. */
@EnabledIfSystemProperty(
        named = "fabric.dir",
        matches = ".+",
        disabledReason = "real Fabric was not tested: give its folder as -Dfabric.dir=DIR")
class FabricLedgerContractTest extends LedgerContractTest {
    @Override
    protected LedgerUnderTest open(Path folder) {
        return new FabricLedgerUnderTest(
                FabricBinaries.in(Path.of(System.getProperty("fabric.dir"))),
                FabricPlan.Profile.valueOf(System.getProperty("fabric.profile", "RAFT")),
                folder);
    }
}
