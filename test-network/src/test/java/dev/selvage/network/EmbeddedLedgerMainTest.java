package dev.selvage.network;

import static dev.selvage.network.contract.LedgerUnderTest.Deployment.ASSETS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.selvage.network.contract.LedgerUnderTest;
import dev.selvage.network.contract.TestClient;
import dev.selvage.network.internal.chaincode.FakeChaincode;
import dev.selvage.network.org.HostPort;
import dev.selvage.network.org.Organisations;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.hyperledger.fabric.client.GatewayException;
import org.hyperledger.fabric.client.SubmittedTransaction;
import org.hyperledger.fabric.protos.peer.TxValidationCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EmbeddedLedgerMainTest {
    private static final List<String> MSPS = List.of("EwrMSP", "JfkMSP", "LgaMSP");

    @TempDir
    private Path folder;

    @Test
    void the_command_line_is_read_and_what_it_does_not_know_is_refused() {
        EmbeddedLedgerConfig config = EmbeddedLedgerMain.config(
                "--data",
                "x",
                "--organisations",
                "2",
                "--ports",
                "1,2",
                "--orderer-port",
                "3",
                "--channel",
                "c",
                "--batch-timeout",
                "5",
                "--batch-size",
                "7");
        assertThat(config.data()).isEqualTo(Path.of("x/ledger"));
        assertThat(config.peerPorts()).containsExactly(1, 2);
        assertThat(config.ordererPort()).isEqualTo(3);
        assertThat(config.channel()).isEqualTo("c");
        assertThat(config.batchTimeout()).isEqualTo(Duration.ofMillis(5));
        assertThat(config.batchTransactions()).isEqualTo(7);
        assertThatThrownBy(() -> EmbeddedLedgerMain.config("--ports", "1")).hasMessageContaining("--data is missing");
        assertThatThrownBy(() -> EmbeddedLedgerMain.config("--data")).hasMessageContaining("lacks its value");
        assertThatThrownBy(() -> EmbeddedLedgerMain.config("--data", "x", "--color", "red"))
                .hasMessageContaining("unknown option --color");
        assertThatThrownBy(() -> EmbeddedLedgerMain.config("--data", "x", "--batch-size", "many"))
                .hasMessageContaining("\"many\" is not a number");
    }

    /** kill -9 at moments of no meaning, three times over; the seed of disorder is the machine's own timing. */
    @Test
    void whatever_was_reported_committed_under_load_survives_kill_9() throws Exception {
        List<String> ports = new ArrayList<>(List.of("--ports", "0,0,0", "--orderer-port", "0"));
        ConcurrentLinkedQueue<SubmittedTransaction> committed = new ConcurrentLinkedQueue<>();
        try (FakeChaincode chaincode = InProcessLedger.keyValues("assets")) {
            for (int round = 0; round < 3; round++) {
                LedgerProcess process = LedgerProcess.start(folder, ports.toArray(String[]::new));
                ports.set(1, process.ports(MSPS));
                Running ledger =
                        new Running(process, Organisations.open(folder.resolve("organizations"), Clock.systemUTC()));
                deploy(ledger, chaincode);
                int before = committed.size();
                load(ledger, committed, () -> committed.size() > before + 40);
                try (ledger;
                        TestClient client = restarted(ledger, ports)) {
                    for (SubmittedTransaction one : committed) {
                        assertThat(client.gateway()
                                        .newCommit(one.getBytes())
                                        .getStatus()
                                        .getCode())
                                .isEqualTo(TxValidationCode.VALID);
                    }
                    Awaitility.await()
                            .ignoreExceptions()
                            .atMost(Duration.ofSeconds(20))
                            .until(() -> client.evaluate("get", committed.peek().getTransactionId())
                                    .isEmpty());
                }
            }
        }
        assertThat(committed).hasSizeGreaterThan(120);
    }

    private TestClient restarted(Running ledger, List<String> ports) throws IOException {
        ledger.process = LedgerProcess.start(folder, ports.toArray(String[]::new));
        return TestClient.connect(ledger, "EwrMSP", "User1");
    }

    /** Submits from several threads, and kills the ledger in the middle of it once enough is committed. */
    private static void load(Running ledger, ConcurrentLinkedQueue<SubmittedTransaction> committed, Enough enough)
            throws Exception {
        AtomicBoolean killed = new AtomicBoolean();
        List<Thread> threads = new ArrayList<>();
        try (TestClient client = TestClient.connect(ledger, "EwrMSP", "User1")) {
            for (int i = 0; i < 8; i++) {
                String prefix = "thread" + i + "-" + System.nanoTime() + "-";
                Thread thread = new Thread(() -> {
                    for (int n = 0; !killed.get(); n++) {
                        try {
                            SubmittedTransaction sent = client.send(ASSETS, "create", prefix + n, "1");
                            if (sent.getStatus().isSuccessful()) {
                                committed.add(sent);
                            }
                        } catch (GatewayException unknown) {
                            return;
                        }
                    }
                });
                thread.start();
                threads.add(thread);
            }
            Awaitility.await().atMost(Duration.ofSeconds(60)).until(enough::is);
            ledger.process.kill();
            killed.set(true);
            client.channel().shutdownNow();
            for (Thread thread : threads) {
                thread.join();
            }
        }
    }

    private interface Enough {
        boolean is();
    }

    private static void deploy(Running ledger, FakeChaincode chaincode) {
        try (LedgerAdmin admin = LedgerAdmin.connect(
                ledger.gateway("EwrMSP"),
                ledger.organisations().get("EwrMSP").identity("peer0").tls().roots())) {
            admin.addChaincode(
                    "assets",
                    "1.0",
                    chaincode.address(),
                    ledger.organisations().channel().majority(),
                    ledger.organisations().get("EwrMSP").signer("Admin"));
            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> admin.status().chaincodes().stream().allMatch(LedgerStatus.Chaincode::connected));
        }
    }

    private static final class Running implements LedgerUnderTest {
        private LedgerProcess process;
        private final Organisations organisations;

        Running(LedgerProcess process, Organisations organisations) {
            this.process = process;
            this.organisations = organisations;
        }

        @Override
        public Organisations organisations() {
            return organisations;
        }

        @Override
        public HostPort gateway(String msp) {
            return process.peer(msp);
        }

        @Override
        public void restart() {
            throw new UncheckedIOException(new IOException("not here"));
        }

        @Override
        public void kill() {
            process.kill();
        }

        @Override
        public void close() {
            process.stop();
        }
    }
}
