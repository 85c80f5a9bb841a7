package dev.selvage.network.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.model.SelvageException;
import dev.selvage.network.EmbeddedLedgerMain;
import dev.selvage.network.LedgerAdmin;
import dev.selvage.network.LedgerStatus;
import dev.selvage.network.org.HostPort;
import dev.selvage.network.org.Organisation;
import dev.selvage.network.org.Organisations;
import dev.selvage.network.org.OrganisationsPlan;
import dev.selvage.network.org.SignaturePolicy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;

/** The embedded ledger as a process, with one chaincode process for each deployment. */
final class EmbeddedLedgerUnderTest implements LedgerUnderTest {
    private final Path folder;
    private final Organisations organisations;
    private final HostPort orderer = ChaincodeProcess.freeAddress();
    private final Map<String, HostPort> peers = new LinkedHashMap<>();
    private final List<ChaincodeProcess> chaincodes = new ArrayList<>();
    private Process process;

    EmbeddedLedgerUnderTest(Path folder) {
        this.folder = folder;
        this.organisations =
                Organisations.open(folder.resolve("organizations"), OrganisationsPlan.of(3), Clock.systemUTC());
        organisations.peers().forEach(peer -> peers.put(peer.msp(), ChaincodeProcess.freeAddress()));
        try {
            start();
            deployAll();
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private void deployAll() {
        for (Deployment deployment : Deployment.values()) {
            deploy(deployment);
        }
        awaitStatus(status -> status.chaincodes().size() == Deployment.values().length
                && status.chaincodes().stream().allMatch(LedgerStatus.Chaincode::connected));
    }

    private void deploy(Deployment deployment) {
        ChaincodeProcess chaincode = ChaincodeProcess.start(
                deployment.chaincode(), ChaincodeProcess.freeAddress(), folder.resolve(deployment.chaincode()));
        chaincodes.add(chaincode);
        SignaturePolicy policy = deployment.policy().isEmpty()
                ? organisations.channel().majority()
                : SignaturePolicy.parse(deployment.policy());
        try (LedgerAdmin admin = admin()) {
            admin.addChaincode(
                    deployment.chaincode(),
                    "1.0",
                    chaincode.address(),
                    policy,
                    organisations.get("EwrMSP").signer("Admin"));
        }
    }

    private LedgerAdmin admin() {
        Organisation ewr = organisations.get("EwrMSP");
        return LedgerAdmin.connect(
                gateway("EwrMSP"), ewr.identity("peer0").tls().roots());
    }

    private void start() {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                EmbeddedLedgerMain.class.getName(),
                "--data",
                folder.toString(),
                "--orderer-port",
                Integer.toString(orderer.port()),
                "--ports",
                peers.values().stream()
                        .map(peer -> Integer.toString(peer.port()))
                        .collect(Collectors.joining(","))));
        Path log = folder.resolve("ledger.log");
        try {
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        awaitStatus(status -> status.height() > 0);
    }

    private void awaitStatus(java.util.function.Predicate<LedgerStatus> wanted) {
        Awaitility.await("the embedded ledger's status")
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(50))
                .untilAsserted(() -> {
                    if (!process.isAlive()) {
                        throw new IllegalStateException(
                                "the ledger ended:\n" + Files.readString(folder.resolve("ledger.log")));
                    }
                    try (LedgerAdmin admin = admin()) {
                        assertThat(admin.status()).matches(wanted);
                    } catch (SelvageException notYet) {
                        throw new AssertionError(notYet);
                    }
                });
    }

    @Override
    public Organisations organisations() {
        return organisations;
    }

    @Override
    public HostPort gateway(String msp) {
        return peers.get(msp);
    }

    @Override
    public HostPort orderer() {
        return orderer;
    }

    @Override
    public void restart() {
        process.destroy();
        awaitEnd();
        start();
    }

    @Override
    public void kill() {
        process.destroyForcibly();
        awaitEnd();
        start();
    }

    @Override
    public void close() {
        if (process != null) {
            process.destroy();
            awaitEnd();
        }
        chaincodes.forEach(ChaincodeProcess::close);
    }

    private void awaitEnd() {
        process.onExit().orTimeout(20, TimeUnit.SECONDS).join();
    }
}
