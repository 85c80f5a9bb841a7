package dev.selvage.network.internal.store;

import static dev.selvage.network.internal.store.SampleBlocks.CHAINCODE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.selvage.network.internal.store.BlockContent.Modification;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.hyperledger.fabric.protos.common.Block;
import org.hyperledger.fabric.protos.peer.TxValidationCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LedgerStoreTest {
    @TempDir
    private Path folder;

    private LedgerStore open() throws IOException {
        return LedgerStore.open(folder.resolve("ledger"), SampleBlocks::genesis);
    }

    @Test
    void an_orderly_end_keeps_blocks_state_and_history() throws IOException {
        Block last;
        try (LedgerStore store = open()) {
            SampleBlocks.append(store, "t1", Map.of("a", "1", "b", "1"));
            SampleBlocks.append(store, "t2", Map.of("a", "2", "b", ""));
            last = store.last();
        }
        try (LedgerStore store = open()) {
            assertThat(store.height()).isEqualTo(3);
            assertThat(store.last()).isEqualTo(last);
            assertThat(value(store.snapshot(), "a")).isEqualTo("2");
            assertThat(value(store.snapshot(), "b")).isNull();
            assertThat(history(store, "a")).containsExactly("t2=2", "t1=1");
            assertThat(history(store, "b")).containsExactly("t2=", "t1=1");
            assertThat(store.blockByHash(BlockHashes.header(last.getHeader()))).contains(last);
        }
    }

    @Test
    void a_crash_at_any_byte_of_the_last_block_loses_at_most_that_block() throws IOException {
        Path crashed = folder.resolve("crashed");
        byte[] blocks;
        long whole;
        try (LedgerStore store = open()) {
            SampleBlocks.append(store, "t1", Map.of("a", "1"));
            whole = Files.size(folder.resolve("ledger/blocks"));
            SampleBlocks.append(store, "t2", Map.of("a", "2"));
            // nothing of the state has been saved yet: as after kill -9
            blocks = Files.readAllBytes(folder.resolve("ledger/blocks"));
        }
        for (int cut = (int) whole; cut <= blocks.length; cut += 7) {
            Files.createDirectories(crashed);
            Files.write(crashed.resolve("blocks"), Arrays.copyOf(blocks, cut));
            Files.deleteIfExists(crashed.resolve("state.mv"));
            try (LedgerStore store = LedgerStore.open(crashed, SampleBlocks::genesis)) {
                boolean lost = cut < blocks.length;
                assertThat(store.height()).as("cut at %d", cut).isEqualTo(lost ? 2 : 3);
                assertThat(value(store.snapshot(), "a")).isEqualTo(lost ? "1" : "2");
                SampleBlocks.append(store, "t3", Map.of("a", "3"));
                assertThat(value(store.snapshot(), "a")).isEqualTo("3");
            }
        }
    }

    @Test
    void blocks_that_the_state_had_not_saved_are_applied_when_it_opens() throws IOException {
        try (LedgerStore store = open()) {
            SampleBlocks.append(store, "t1", Map.of("a", "1"));
        }
        byte[] savedState = Files.readAllBytes(folder.resolve("ledger/state.mv"));
        try (LedgerStore store = open()) {
            SampleBlocks.append(store, "t2", Map.of("a", "2"));
            SampleBlocks.append(store, "t3", Map.of("b", "3"));
        }
        Files.write(folder.resolve("ledger/state.mv"), savedState);
        try (LedgerStore store = open()) {
            assertThat(store.height()).isEqualTo(4);
            assertThat(value(store.snapshot(), "a")).isEqualTo("2");
            assertThat(value(store.snapshot(), "b")).isEqualTo("3");
            assertThat(store.place("t2")).contains(new TransactionPlace(2, 0, TxValidationCode.VALID));
        }
    }

    @Test
    void a_state_that_is_lost_damaged_or_ahead_is_built_again() throws IOException {
        byte[] oneBlock;
        try (LedgerStore store = open()) {
            oneBlock = Files.readAllBytes(folder.resolve("ledger/blocks"));
            SampleBlocks.append(store, "t1", Map.of("a", "1"));
        }
        Path state = folder.resolve("ledger/state.mv");
        Files.delete(state);
        assertValueOfA("1");
        Files.writeString(state, "not a store ".repeat(2_000), UTF_8);
        assertValueOfA("1");
        Files.write(folder.resolve("ledger/blocks"), oneBlock);
        assertValueOfA(null);
    }

    private void assertValueOfA(String expected) throws IOException {
        try (LedgerStore store = open()) {
            assertThat(value(store.snapshot(), "a")).isEqualTo(expected);
        }
    }

    @Test
    void a_snapshot_never_shows_later_blocks() throws IOException {
        try (LedgerStore store = open()) {
            SampleBlocks.append(store, "t1", Map.of("a", "1"));
            Snapshot before = store.snapshot();
            Iterator<StateRow> range = before.range(CHAINCODE, "", "");
            for (int i = 0; i < 2_000; i++) {
                SampleBlocks.append(store, "n" + i, Map.of("a", "2", "key" + i, "x"));
            }
            assertThat(value(before, "a")).isEqualTo("1");
            assertThat(before.height()).isEqualTo(2);
            assertThat(keys(range)).containsExactly("a");
        }
    }

    @Test
    void ranges_are_in_the_order_of_utf8_bytes_and_end_before_their_end() throws IOException {
        String beyondBasicPlane = "\ud83d\ude00";
        String privateUse = "\uf000";
        try (LedgerStore store = open()) {
            SampleBlocks.append(
                    store, "t1", Map.of("a", "1", "ab", "1", "b", "1", beyondBasicPlane, "1", privateUse, "1"));
            Snapshot snapshot = store.snapshot();
            assertThat(keys(snapshot.range(CHAINCODE, "", "")))
                    .containsExactly("a", "ab", "b", privateUse, beyondBasicPlane);
            assertThat(keys(snapshot.range(CHAINCODE, "a", "b"))).containsExactly("a", "ab");
            assertThat(keys(snapshot.range(CHAINCODE, "b", "a"))).isEmpty();
            assertThat(keys(snapshot.range("c", "", ""))).isEmpty();
        }
    }

    @Test
    void a_key_that_begins_like_another_has_its_own_history() throws IOException {
        String composite = "\u0000color\u0000red\u0000";
        try (LedgerStore store = open()) {
            SampleBlocks.append(store, "t1", Map.of("a", "1", "a\u0000b", "2", composite, "3"));
            SampleBlocks.append(store, "t2", Map.of("a\u0000b", "4"));
            assertThat(history(store, "a")).containsExactly("t1=1");
            assertThat(history(store, "a\u0000b")).containsExactly("t2=4", "t1=2");
            assertThat(history(store, composite)).containsExactly("t1=3");
        }
    }

    @Test
    void the_first_code_of_a_transaction_counts() throws IOException {
        try (LedgerStore store = open()) {
            commit(store, "t1", TxValidationCode.MVCC_READ_CONFLICT);
            commit(store, "t1", TxValidationCode.DUPLICATE_TXID);
            assertThat(store.place("t1")).contains(new TransactionPlace(1, 0, TxValidationCode.MVCC_READ_CONFLICT));
            assertThat(value(store.snapshot(), "a")).isNull();
        }
    }

    private static void commit(LedgerStore store, String txId, TxValidationCode code) throws IOException {
        Block block = SampleBlocks.block(
                store.last(), List.of(SampleBlocks.transaction(txId, Map.of("a", "1"))), List.of(code));
        store.append(block, BlockContent.transactions(block));
    }

    @Test
    void a_folder_in_use_is_refused() throws IOException {
        LedgerStore held = open();
        try {
            assertThatThrownBy(this::open).hasMessageContaining("DATA_DIRECTORY_LOCKED");
        } finally {
            held.close();
        }
    }

    private static String value(Snapshot snapshot, String key) {
        return snapshot.get(CHAINCODE, key)
                .map(row -> row.value().toStringUtf8())
                .orElse(null);
    }

    private static List<String> keys(Iterator<StateRow> rows) {
        List<String> keys = new ArrayList<>();
        rows.forEachRemaining(row -> keys.add(row.key()));
        return keys;
    }

    private static List<String> history(LedgerStore store, String key) {
        List<String> entries = new ArrayList<>();
        Iterator<Modification> history = store.history(CHAINCODE, key);
        history.forEachRemaining(
                one -> entries.add(one.txId() + "=" + one.write().value().toStringUtf8()));
        return entries;
    }
}
