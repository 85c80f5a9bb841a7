package dev.selvage.network.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.network.contract.LedgerUnderTest.Deployment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.hyperledger.fabric.client.ChaincodeEvent;
import org.hyperledger.fabric.client.CloseableIterator;
import org.hyperledger.fabric.client.Status;
import org.hyperledger.fabric.client.SubmittedTransaction;
import org.hyperledger.fabric.protos.common.Block;
import org.hyperledger.fabric.protos.common.BlockchainInfo;
import org.hyperledger.fabric.protos.peer.TxValidationCode;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** What was committed stays, over an orderly restart and over kill -9. */
interface DurabilityRules extends LedgerCase {
    @Test
    @Order(Integer.MAX_VALUE)
    default void a_restart_keeps_everything() throws Exception {
        try (TestClient client = connect("EwrMSP", "User1")) {
            surviving(client, () -> ledger().restart());
        }
    }

    @Test
    @Order(Integer.MAX_VALUE)
    default void a_kill_keeps_everything_that_was_reported_committed() throws Exception {
        try (TestClient client = connect("EwrMSP", "User1")) {
            surviving(client, () -> ledger().kill());
        }
    }

    private void surviving(TestClient first, Runnable interruption) throws Exception {
        String id = freshKey();
        List<String> txids = new ArrayList<>();
        long firstBlock = -1;
        for (int i = 0; i < 20; i++) {
            SubmittedTransaction sent = first.send(Deployment.ASSETS, "Emit", "E", "E", id + i);
            Status status = sent.getStatus();
            assertThat(status.getCode()).isEqualTo(TxValidationCode.VALID);
            firstBlock = firstBlock < 0 ? status.getBlockNumber() : firstBlock;
            txids.add(sent.getTransactionId());
        }
        SubmittedTransaction asset = first.send(Deployment.ASSETS, "CreateAsset", id, "ann", "1");
        assertThat(code(asset)).isEqualTo(TxValidationCode.VALID);
        BlockchainInfo before = Blocks.info(first);
        Block last = Blocks.byNumber(first, before.getHeight() - 1);

        interruption.run();

        try (TestClient client = connect("EwrMSP", "User1")) {
            Awaitility.await("the ledger answers again")
                    .atMost(Duration.ofSeconds(60))
                    .ignoreExceptions()
                    .until(() -> client.evaluate("AssetExists", id).equals("true"));
            assertThat(client.evaluate("ReadAsset", id)).isEqualTo("ann:1");
            assertThat(client.evaluate("GetHistory", id)).isEqualTo("ann:1@" + asset.getTransactionId());
            assertThat(Blocks.info(client).getHeight()).isGreaterThanOrEqualTo(before.getHeight());
            assertThat(Blocks.byNumber(client, before.getHeight() - 1)).isEqualTo(last);
            assertThat(client.gateway().newCommit(asset.getBytes()).getStatus().getCode())
                    .isEqualTo(TxValidationCode.VALID);
            assertThat(replay(client, firstBlock)).containsExactlyElementsOf(txids);
            Awaitility.await("a new transaction commits")
                    .atMost(Duration.ofSeconds(60))
                    .ignoreExceptions()
                    .until(() -> client.submit("UpdateAsset", id, "bob", "2").equals("bob:2"));
            assertThat(client.evaluate("ReadAsset", id)).isEqualTo("bob:2");
        }
    }

    private List<String> replay(TestClient client, long from) {
        List<String> txids = new ArrayList<>();
        try (CloseableIterator<ChaincodeEvent> events = client.network()
                .newChaincodeEventsRequest("assets")
                .startBlock(from)
                .build()
                .getEvents()) {
            while (txids.size() < 20) {
                ChaincodeEvent event = events.next();
                assertThat(new String(event.getPayload(), UTF_8)).endsWith(Integer.toString(txids.size()));
                txids.add(event.getTransactionId());
            }
        }
        return txids;
    }
}
