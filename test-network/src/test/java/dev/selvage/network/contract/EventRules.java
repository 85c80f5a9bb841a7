package dev.selvage.network.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.network.contract.LedgerUnderTest.Deployment;
import java.util.ArrayList;
import java.util.List;
import org.hyperledger.fabric.client.ChaincodeEvent;
import org.hyperledger.fabric.client.CloseableIterator;
import org.hyperledger.fabric.client.InMemoryCheckpointer;
import org.hyperledger.fabric.client.Status;
import org.hyperledger.fabric.client.SubmittedTransaction;
import org.hyperledger.fabric.client.Transaction;
import org.hyperledger.fabric.protos.common.Block;
import org.hyperledger.fabric.protos.common.HeaderType;
import org.hyperledger.fabric.protos.peer.FilteredBlock;
import org.hyperledger.fabric.protos.peer.FilteredTransaction;
import org.hyperledger.fabric.protos.peer.TxValidationCode;
import org.junit.jupiter.api.Test;

/** Streams of chaincode events, blocks and filtered blocks, from now, from a block and from a checkpoint. */
interface EventRules extends LedgerCase {
    @Test
    default void an_event_names_chaincode_transaction_and_block() throws Exception {
        String id = freshKey();
        ewr().submit("CreateAsset", id, "ann", "7");
        SubmittedTransaction sent = ewr().send(Deployment.ASSETS, "TransferAsset", id, "bob");
        Status status = sent.getStatus();
        ChaincodeEvent event = eventsFrom(status.getBlockNumber(), 1).get(0);
        assertThat(event.getChaincodeName()).isEqualTo("assets");
        assertThat(event.getTransactionId()).isEqualTo(sent.getTransactionId());
        assertThat(event.getBlockNumber()).isEqualTo(status.getBlockNumber());
        assertThat(event.getEventName()).isEqualTo("Transferred");
        assertThat(new String(event.getPayload(), UTF_8)).isEqualTo(id + ">bob");
    }

    @Test
    default void an_open_stream_gets_what_is_committed_afterwards() throws Exception {
        long next = Blocks.info(ewr()).getHeight();
        try (CloseableIterator<ChaincodeEvent> events = ewr().network()
                .newChaincodeEventsRequest("assets")
                .startBlock(next)
                .build()
                .getEvents()) {
            String payload = freshKey();
            ewr().submit("Emit", "A", "B", payload);
            assertThat(new String(events.next().getPayload(), UTF_8)).isEqualTo(payload);
        }
    }

    @Test
    default void the_last_event_of_a_transaction_holds() throws Exception {
        long block = emit("First", "Last", freshKey()).getBlockNumber();
        assertThat(eventsFrom(block, 1).get(0).getEventName()).isEqualTo("Last");
    }

    @Test
    default void only_the_outer_chaincodes_event_survives_a_call() throws Exception {
        String id = freshKey();
        SubmittedTransaction created = ewr().send(Deployment.OPEN, "CreateAsset", id, "ann", "1");
        assertThat(code(created)).isEqualTo(TxValidationCode.VALID);
        SubmittedTransaction called = ewr().contract(Deployment.ASSETS)
                .newProposal("CallOther")
                .addArguments("open", "", "PutAsset", id, "bob")
                .build()
                .endorse()
                .submitAsync();
        Status status = called.getStatus();
        assertThat(status.getCode()).isEqualTo(TxValidationCode.VALID);
        ChaincodeEvent event = eventsFrom(status.getBlockNumber(), 1).get(0);
        assertThat(event.getEventName()).isEqualTo("Called");
        assertThat(event.getTransactionId()).isEqualTo(called.getTransactionId());
    }

    @Test
    default void an_invalid_transaction_sends_no_event() throws Exception {
        String id = freshKey();
        ewr().submit("CreateAsset", id, "ann", "1");
        Transaction late =
                ewr().proposal(Deployment.ASSETS, "TransferAsset", id, "late").endorse();
        SubmittedTransaction first = ewr().send(Deployment.ASSETS, "TransferAsset", id, "first");
        long from = first.getStatus().getBlockNumber();
        assertThat(code(late.submitAsync())).isEqualTo(TxValidationCode.MVCC_READ_CONFLICT);
        String after = freshKey();
        emit("After", "After", after);
        List<ChaincodeEvent> events = eventsFrom(from, 2);
        assertThat(new String(events.get(0).getPayload(), UTF_8)).isEqualTo(id + ">first");
        assertThat(new String(events.get(1).getPayload(), UTF_8)).isEqualTo(after);
    }

    @Test
    default void events_replay_from_a_block_in_order_and_without_gap() throws Exception {
        long from = emit("E", "E", "0").getBlockNumber();
        for (int i = 1; i < 5; i++) {
            emit("E", "E", Integer.toString(i));
        }
        assertThat(eventsFrom(from, 5))
                .extracting(e -> new String(e.getPayload(), UTF_8))
                .containsExactly("0", "1", "2", "3", "4");
    }

    @Test
    default void a_checkpoint_goes_on_after_the_event_it_names() throws Exception {
        long from = emit("E", "E", "first").getBlockNumber();
        emit("E", "E", "second");
        emit("E", "E", "third");
        InMemoryCheckpointer checkpoint = new InMemoryCheckpointer();
        checkpoint.checkpointChaincodeEvent(eventsFrom(from, 1).get(0));
        try (CloseableIterator<ChaincodeEvent> events = ewr().network()
                .newChaincodeEventsRequest("assets")
                .checkpoint(checkpoint)
                .build()
                .getEvents()) {
            assertThat(new String(events.next().getPayload(), UTF_8)).isEqualTo("second");
            assertThat(new String(events.next().getPayload(), UTF_8)).isEqualTo("third");
        }
    }

    @Test
    default void a_checkpoint_inside_a_block_goes_on_with_the_rest_of_that_block() throws Exception {
        List<SubmittedTransaction> sent = new ArrayList<>();
        List<Transaction> endorsed = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            endorsed.add(ewr().proposal(Deployment.OPEN, "Emit", "E", "E", Integer.toString(i))
                    .endorse());
        }
        for (Transaction transaction : endorsed) {
            sent.add(transaction.submitAsync());
        }
        long first = Long.MAX_VALUE;
        for (SubmittedTransaction transaction : sent) {
            first = Math.min(first, transaction.getStatus().getBlockNumber());
        }
        InMemoryCheckpointer checkpoint = new InMemoryCheckpointer();
        List<String> payloads = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            try (CloseableIterator<ChaincodeEvent> events = ewr().network()
                    .newChaincodeEventsRequest("open")
                    .startBlock(first)
                    .checkpoint(checkpoint)
                    .build()
                    .getEvents()) {
                ChaincodeEvent event = events.next();
                payloads.add(new String(event.getPayload(), UTF_8));
                checkpoint.checkpointChaincodeEvent(event);
            }
        }
        assertThat(payloads).containsExactly("0", "1", "2", "3", "4", "5");
    }

    @Test
    default void blocks_replay_from_any_block_and_go_on_live() throws Exception {
        long from = emit("E", "E", "x").getBlockNumber();
        try (CloseableIterator<Block> blocks =
                ewr().network().newBlockEventsRequest().startBlock(from).build().getEvents()) {
            assertThat(blocks.next()).isEqualTo(Blocks.byNumber(ewr(), from));
            long live = emit("E", "E", "y").getBlockNumber();
            Block block = blocks.next();
            while (block.getHeader().getNumber() < live) {
                block = blocks.next();
            }
            assertThat(block.getHeader().getNumber()).isEqualTo(live);
        }
        try (CloseableIterator<Block> blocks =
                ewr().network().newBlockEventsRequest().startBlock(0).build().getEvents()) {
            for (long number = 0; number <= from; number++) {
                assertThat(blocks.next().getHeader().getNumber()).isEqualTo(number);
            }
        }
    }

    @Test
    default void a_block_stream_without_a_start_begins_with_what_comes_next() throws Exception {
        long height = Blocks.info(ewr()).getHeight();
        try (CloseableIterator<Block> blocks = ewr().network().getBlockEvents()) {
            emit("E", "E", "x");
            assertThat(blocks.next().getHeader().getNumber()).isGreaterThanOrEqualTo(height - 1);
        }
    }

    @Test
    default void a_block_checkpoint_goes_on_with_the_next_block() throws Exception {
        long from = emit("E", "E", "x").getBlockNumber();
        emit("E", "E", "y");
        InMemoryCheckpointer checkpoint = new InMemoryCheckpointer();
        checkpoint.checkpointBlock(from);
        try (CloseableIterator<Block> blocks = ewr().network()
                .newBlockEventsRequest()
                .startBlock(0)
                .checkpoint(checkpoint)
                .build()
                .getEvents()) {
            assertThat(blocks.next().getHeader().getNumber()).isEqualTo(from + 1);
        }
    }

    @Test
    default void filtered_blocks_carry_ids_types_codes_and_events_without_payload() throws Exception {
        String id = freshKey();
        ewr().submit("CreateAsset", id, "ann", "1");
        Transaction late =
                ewr().proposal(Deployment.ASSETS, "TransferAsset", id, "late").endorse();
        SubmittedTransaction first = ewr().send(Deployment.ASSETS, "TransferAsset", id, "first");
        long from = first.getStatus().getBlockNumber();
        SubmittedTransaction second = late.submitAsync();
        long to = second.getStatus().getBlockNumber();
        List<FilteredTransaction> seen = new ArrayList<>();
        try (CloseableIterator<FilteredBlock> blocks = ewr().network()
                .newFilteredBlockEventsRequest()
                .startBlock(from)
                .build()
                .getEvents()) {
            for (long number = from; number <= to; number++) {
                FilteredBlock block = blocks.next();
                assertThat(block.getChannelId()).isEqualTo(LedgerUnderTest.CHANNEL);
                assertThat(block.getNumber()).isEqualTo(number);
                seen.addAll(block.getFilteredTransactionsList());
            }
        }
        FilteredTransaction valid = find(seen, first.getTransactionId());
        assertThat(valid.getType()).isEqualTo(HeaderType.ENDORSER_TRANSACTION);
        assertThat(valid.getTxValidationCode()).isEqualTo(TxValidationCode.VALID);
        var event = valid.getTransactionActions().getChaincodeActions(0).getChaincodeEvent();
        assertThat(event.getEventName()).isEqualTo("Transferred");
        assertThat(event.getPayload().isEmpty()).isTrue();
        assertThat(find(seen, second.getTransactionId()).getTxValidationCode())
                .isEqualTo(TxValidationCode.MVCC_READ_CONFLICT);
    }

    @Test
    default void the_status_of_a_committed_transaction_can_be_asked_again_by_its_bytes() throws Exception {
        SubmittedTransaction sent = ewr().send(Deployment.ASSETS, "PutAsset", freshKey(), "ann", "1");
        Status status = sent.getStatus();
        try (TestClient again = connect("EwrMSP", "User1")) {
            Status repeated = again.gateway().newCommit(sent.getBytes()).getStatus();
            assertThat(repeated.getCode()).isEqualTo(TxValidationCode.VALID);
            assertThat(repeated.getBlockNumber()).isEqualTo(status.getBlockNumber());
        }
    }

    private FilteredTransaction find(List<FilteredTransaction> transactions, String txid) {
        return transactions.stream()
                .filter(t -> t.getTxid().equals(txid))
                .findFirst()
                .orElseThrow();
    }

    private Status emit(String first, String last, String payload) throws Exception {
        Status status =
                ewr().send(Deployment.ASSETS, "Emit", first, last, payload).getStatus();
        assertThat(status.getCode()).isEqualTo(TxValidationCode.VALID);
        return status;
    }

    private List<ChaincodeEvent> eventsFrom(long block, int count) {
        try (CloseableIterator<ChaincodeEvent> stream = ewr().network()
                .newChaincodeEventsRequest("assets")
                .startBlock(block)
                .build()
                .getEvents()) {
            List<ChaincodeEvent> events = new ArrayList<>();
            while (events.size() < count) {
                events.add(stream.next());
            }
            return events;
        }
    }
}
