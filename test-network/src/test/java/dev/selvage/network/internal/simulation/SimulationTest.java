package dev.selvage.network.internal.simulation;

import static dev.selvage.network.internal.store.SampleBlocks.CHAINCODE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.selvage.network.internal.store.LedgerStore;
import dev.selvage.network.internal.store.SampleBlocks;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.hyperledger.fabric.protos.ledger.queryresult.KV;
import org.hyperledger.fabric.protos.ledger.rwset.TxReadWriteSet;
import org.hyperledger.fabric.protos.ledger.rwset.kvrwset.KVRWSet;
import org.hyperledger.fabric.protos.ledger.rwset.kvrwset.RangeQueryInfo;
import org.hyperledger.fabric.protos.peer.ChaincodeMessage;
import org.hyperledger.fabric.protos.peer.DelState;
import org.hyperledger.fabric.protos.peer.GetState;
import org.hyperledger.fabric.protos.peer.GetStateByRange;
import org.hyperledger.fabric.protos.peer.PutState;
import org.hyperledger.fabric.protos.peer.QueryMetadata;
import org.hyperledger.fabric.protos.peer.QueryResponse;
import org.hyperledger.fabric.protos.peer.QueryResponseMetadata;
import org.hyperledger.fabric.protos.peer.QueryResultBytes;
import org.hyperledger.fabric.protos.peer.QueryStateNext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SimulationTest {
    @TempDir
    private Path folder;

    private LedgerStore store;
    private StateRequests requests;

    @BeforeEach
    void open() throws IOException {
        store = LedgerStore.open(folder, SampleBlocks::genesis);
    }

    @AfterEach
    void close() throws IOException {
        store.close();
    }

    @Test
    void reads_never_show_the_transactions_own_writes_and_the_last_write_counts() throws Exception {
        SampleBlocks.append(store, "t1", Map.of("a", "old"));
        begin();
        put("a", "first");
        put("a", "second");
        put("b", "new");
        assertThat(get("a")).isEqualTo("old");
        assertThat(get("b")).isEmpty();
        assertThat(keys(range("", "", 0, ""))).containsExactly("a");
        KVRWSet set = set();
        assertThat(set.getWritesList())
                .extracting(w -> w.getKey() + "=" + w.getValue().toStringUtf8())
                .containsExactly("a=second", "b=new");
        assertThat(set.getReadsList()).hasSize(2);
        assertThat(set.getReads(0).getVersion().getBlockNum()).isEqualTo(1);
        assertThat(set.getReads(1).hasVersion()).isFalse();
    }

    @Test
    void an_empty_value_and_a_delete_are_the_same() throws Exception {
        begin();
        put("a", "");
        answer(
                ChaincodeMessage.Type.DEL_STATE,
                DelState.newBuilder().setKey("b").build().toByteString());
        assertThat(set().getWritesList())
                .allMatch(write -> write.getIsDelete() && write.getValue().isEmpty());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 99, 100, 101, 200, 201})
    void batches_say_that_more_follow_only_when_a_further_row_is_there(int rows) throws Exception {
        fill(rows);
        begin();
        List<Integer> sizes = new ArrayList<>();
        QueryResponse batch = range("", "", 0, "");
        sizes.add(batch.getResultsCount());
        while (batch.getHasMore()) {
            batch = next(batch.getId());
            assertThat(batch.getResultsCount()).isPositive();
            sizes.add(batch.getResultsCount());
        }
        assertThat(sizes.stream().mapToInt(Integer::intValue).sum()).isEqualTo(rows);
        assertThat(sizes).hasSize(Math.max(1, (rows + 99) / 100));
        RangeQueryInfo info = set().getRangeQueriesInfo(0);
        assertThat(info.getItrExhausted()).isTrue();
        assertThat(info.hasReadsMerkleHashes()).isEqualTo(rows > 50);
    }

    @Test
    void a_range_left_early_is_recorded_only_as_far_as_it_was_read() throws Exception {
        fill(250);
        begin();
        QueryResponse first = range("k000", "", 0, "");
        assertThat(first.getHasMore()).isTrue();
        RangeQueryInfo info = set().getRangeQueriesInfo(0);
        assertThat(info.getItrExhausted()).isFalse();
        assertThat(info.getEndKey()).isEqualTo("k100");
    }

    @Test
    void pages_go_on_at_their_bookmark() throws Exception {
        fill(5);
        begin();
        List<String> seen = new ArrayList<>();
        String bookmark = "";
        int pages = 0;
        do {
            QueryResponse page = range("", "", 2, bookmark);
            QueryResponseMetadata metadata = QueryResponseMetadata.parseFrom(page.getMetadata());
            assertThat(metadata.getFetchedRecordsCount()).isEqualTo(page.getResultsCount());
            assertThat(page.getHasMore()).isFalse();
            seen.addAll(keys(page));
            bookmark = metadata.getBookmark();
            pages++;
        } while (!bookmark.isEmpty());
        assertThat(pages).isEqualTo(3);
        assertThat(seen).containsExactly("k000", "k001", "k002", "k003", "k004");
    }

    @Test
    void who_pages_may_not_write_and_who_writes_may_not_page() throws Exception {
        fill(3);
        begin();
        range("", "", 2, "");
        assertThatThrownBy(() -> put("a", "1"))
                .isInstanceOf(RefusedByLedger.class)
                .hasMessageContaining("paginated");
        begin();
        put("a", "1");
        assertThatThrownBy(() -> range("", "", 2, ""))
                .isInstanceOf(RefusedByLedger.class)
                .hasMessageContaining("read-only");
    }

    @ParameterizedTest
    @EnumSource(
            value = ChaincodeMessage.Type.class,
            names = {"GET_QUERY_RESULT", "PUT_STATE_METADATA", "GET_PRIVATE_DATA_HASH", "PURGE_PRIVATE_DATA"})
    void what_it_does_not_have_is_refused_in_words(ChaincodeMessage.Type type) {
        begin();
        assertThatThrownBy(() -> answer(type, ByteString.EMPTY))
                .isInstanceOf(RefusedByLedger.class)
                .hasMessageContaining("embedded ledger");
    }

    @Test
    void private_data_is_refused_in_words() {
        begin();
        GetState request =
                GetState.newBuilder().setCollection("secrets").setKey("a").build();
        assertThatThrownBy(() -> answer(ChaincodeMessage.Type.GET_STATE, request.toByteString()))
                .isInstanceOf(RefusedByLedger.class)
                .hasMessageContaining("private data");
    }

    @Test
    void an_iterator_that_is_not_open_is_refused() {
        begin();
        assertThatThrownBy(() -> next("7")).isInstanceOf(RefusedByLedger.class).hasMessageContaining("not found");
    }

    private void begin() {
        requests = new StateRequests(CHAINCODE, new Simulation("tx", store));
    }

    private void fill(int rows) throws IOException {
        Map<String, String> writes = new HashMap<>();
        for (int i = 0; i < rows; i++) {
            writes.put("k%03d".formatted(i), "v");
        }
        SampleBlocks.append(store, "fill", writes);
    }

    private ByteString answer(ChaincodeMessage.Type type, ByteString payload) throws InvalidProtocolBufferException {
        return requests.answer(
                ChaincodeMessage.newBuilder().setType(type).setPayload(payload).build());
    }

    private String get(String key) throws InvalidProtocolBufferException {
        return answer(
                        ChaincodeMessage.Type.GET_STATE,
                        GetState.newBuilder().setKey(key).build().toByteString())
                .toStringUtf8();
    }

    private void put(String key, String value) throws InvalidProtocolBufferException {
        PutState request = PutState.newBuilder()
                .setKey(key)
                .setValue(ByteString.copyFromUtf8(value))
                .build();
        assertThat(answer(ChaincodeMessage.Type.PUT_STATE, request.toByteString()))
                .isEmpty();
    }

    private QueryResponse range(String start, String end, int pageSize, String bookmark)
            throws InvalidProtocolBufferException {
        GetStateByRange request = GetStateByRange.newBuilder()
                .setStartKey(start)
                .setEndKey(end)
                .setMetadata(QueryMetadata.newBuilder()
                        .setPageSize(pageSize)
                        .setBookmark(bookmark)
                        .build()
                        .toByteString())
                .build();
        return QueryResponse.parseFrom(answer(ChaincodeMessage.Type.GET_STATE_BY_RANGE, request.toByteString()));
    }

    private QueryResponse next(String id) throws InvalidProtocolBufferException {
        return QueryResponse.parseFrom(answer(
                ChaincodeMessage.Type.QUERY_STATE_NEXT,
                QueryStateNext.newBuilder().setId(id).build().toByteString()));
    }

    private static List<String> keys(QueryResponse response) throws InvalidProtocolBufferException {
        List<String> keys = new ArrayList<>();
        for (QueryResultBytes row : response.getResultsList()) {
            keys.add(KV.parseFrom(row.getResultBytes()).getKey());
        }
        return keys;
    }

    private KVRWSet set() throws InvalidProtocolBufferException {
        return KVRWSet.parseFrom(TxReadWriteSet.parseFrom(requests.simulation().results())
                .getNsRwset(0)
                .getRwset());
    }
}
