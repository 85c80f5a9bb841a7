package dev.selvage.network.contract;

import dev.selvage.network.fabric.ChaincodePackage;
import dev.selvage.network.fabric.FabricBinaries;
import dev.selvage.network.fabric.FabricPlan;
import dev.selvage.network.fabric.NativeFabric;
import dev.selvage.network.org.HostPort;
import dev.selvage.network.org.Organisation;
import dev.selvage.network.org.Organisations;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;

/** A native Fabric network, and a chaincode process for each peer and deployment. */
final class FabricLedgerUnderTest implements LedgerUnderTest {
    private final NativeFabric fabric;
    private final List<ChaincodeProcess> chaincodes = new ArrayList<>();

    FabricLedgerUnderTest(FabricBinaries binaries, FabricPlan.Profile profile, Path folder) {
        fabric = NativeFabric.prepare(
                binaries, FabricPlan.onFreePorts(folder.resolve("network"), 3, profile), Clock.systemUTC());
        try {
            fabric.up();
            for (Deployment deployment : Deployment.values()) {
                deploy(deployment, folder.resolve("chaincodes"));
            }
            awaitEndorsements();
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private void deploy(Deployment deployment, Path folder) {
        Map<String, ChaincodePackage> packages = new LinkedHashMap<>();
        for (Organisation organisation : fabric.organisations().peers()) {
            HostPort address = ChaincodeProcess.freeAddress();
            ChaincodePackage pack = ChaincodePackage.plain(deployment.chaincode(), address);
            packages.put(organisation.msp(), pack);
            chaincodes.add(ChaincodeProcess.start(
                    pack.id(), address, folder.resolve(deployment.chaincode() + "-" + organisation.domain())));
        }
        fabric.deploy(deployment.chaincode(), "1.0", 1, packages, deployment.policy());
    }

    /** A joined channel is not yet ready: gateways learn of the other organisations' peers by gossip. */
    private void awaitEndorsements() {
        for (Organisation organisation : fabric.organisations().peers()) {
            try (TestClient client = TestClient.connect(this, organisation.msp(), "User1")) {
                for (Deployment deployment : Deployment.values()) {
                    Awaitility.await(deployment + " endorses through " + organisation.msp())
                            .atMost(Duration.ofSeconds(90))
                            .pollInterval(Duration.ofMillis(200))
                            .ignoreExceptions()
                            .until(() -> client.proposal(deployment, "PutAsset", "ready", "ann", "1")
                                            .endorse()
                                    != null);
                }
            }
        }
    }

    @Override
    public Organisations organisations() {
        return fabric.organisations();
    }

    @Override
    public HostPort gateway(String msp) {
        return fabric.peer(msp);
    }

    @Override
    public HostPort orderer() {
        return fabric.orderer();
    }

    @Override
    public void restart() {
        fabric.stop();
        fabric.start();
    }

    @Override
    public void kill() {
        fabric.kill();
        fabric.start();
    }

    @Override
    public void close() {
        fabric.close();
        chaincodes.forEach(ChaincodeProcess::close);
    }
}
