package dev.selvage.network.internal.commit;

import static dev.selvage.network.internal.store.SampleBlocks.CHAINCODE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hyperledger.fabric.protos.peer.TxValidationCode.DUPLICATE_TXID;
import static org.hyperledger.fabric.protos.peer.TxValidationCode.ENDORSEMENT_POLICY_FAILURE;
import static org.hyperledger.fabric.protos.peer.TxValidationCode.ILLEGAL_WRITESET;
import static org.hyperledger.fabric.protos.peer.TxValidationCode.INVALID_CHAINCODE;
import static org.hyperledger.fabric.protos.peer.TxValidationCode.MVCC_READ_CONFLICT;
import static org.hyperledger.fabric.protos.peer.TxValidationCode.PHANTOM_READ_CONFLICT;
import static org.hyperledger.fabric.protos.peer.TxValidationCode.VALID;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.selvage.network.internal.simulation.Simulation;
import dev.selvage.network.internal.simulation.StateRequests;
import dev.selvage.network.internal.store.CommittedTransaction;
import dev.selvage.network.internal.store.LedgerStore;
import dev.selvage.network.internal.store.SampleBlocks;
import dev.selvage.network.org.Member;
import dev.selvage.network.org.SignaturePolicy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.hyperledger.fabric.protos.common.SignaturePolicy.NOutOf;
import org.hyperledger.fabric.protos.common.SignaturePolicyEnvelope;
import org.hyperledger.fabric.protos.ledger.rwset.NsReadWriteSet;
import org.hyperledger.fabric.protos.ledger.rwset.TxReadWriteSet;
import org.hyperledger.fabric.protos.ledger.rwset.kvrwset.KVRWSet;
import org.hyperledger.fabric.protos.peer.ChaincodeMessage;
import org.hyperledger.fabric.protos.peer.GetStateByRange;
import org.hyperledger.fabric.protos.peer.QueryResponse;
import org.hyperledger.fabric.protos.peer.QueryStateNext;
import org.hyperledger.fabric.protos.peer.TxValidationCode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BlockValidatorTest {
    /** Satisfied by nobody's signature at all, so that these tests need no keys. */
    private static final SignaturePolicy ANYBODY = SignaturePolicy.fromProto(SignaturePolicyEnvelope.newBuilder()
            .setRule(org.hyperledger.fabric.protos.common.SignaturePolicy.newBuilder()
                    .setNOutOf(NOutOf.getDefaultInstance()))
            .build()
            .toByteString());

    private static final SignaturePolicy EWR = SignaturePolicy.parse("OR('EwrMSP.peer')");

    @TempDir
    private Path folder;

    private LedgerStore store;
    private final Map<String, Deployed> chaincodes = new HashMap<>();

    @BeforeEach
    void open() throws IOException {
        store = LedgerStore.open(folder, SampleBlocks::genesis);
        chaincodes.put(CHAINCODE, new Deployed(CHAINCODE, "1.0", ANYBODY));
        SampleBlocks.append(store, "before", Map.of("a", "1", "r1", "x", "r3", "x"));
    }

    @AfterEach
    void close() throws IOException {
        store.close();
    }

    @Test
    void of_two_that_read_and_write_a_key_the_first_in_the_block_wins() {
        Simulated one = simulate("t1").get("a").put("a", "2");
        Simulated other = simulate("t2").get("a").put("a", "3");
        assertThat(validate(one, other)).containsExactly(VALID, MVCC_READ_CONFLICT);
        assertThat(validate(other, one)).containsExactly(VALID, MVCC_READ_CONFLICT);
    }

    @Test
    void a_read_that_is_no_longer_true_is_a_conflict() throws IOException {
        Simulated read = simulate("t1").get("a").put("b", "2");
        Simulated absent = simulate("t2").get("new").put("c", "2");
        SampleBlocks.append(store, "between", Map.of("a", "2", "new", "1"));
        assertThat(validate(read, absent)).containsExactly(MVCC_READ_CONFLICT, MVCC_READ_CONFLICT);
    }

    @Test
    void the_same_value_written_again_is_a_new_version() throws IOException {
        Simulated read = simulate("t1").get("a").put("b", "2");
        SampleBlocks.append(store, "between", Map.of("a", "1"));
        assertThat(validate(read)).containsExactly(MVCC_READ_CONFLICT);
    }

    @Test
    void blind_writes_never_conflict() {
        assertThat(validate(
                        simulate("t1").put("a", "2"),
                        simulate("t2").put("a", "3"),
                        simulate("t3").put("a", "")))
                .containsExactly(VALID, VALID, VALID);
    }

    @Test
    void an_invalid_transactions_writes_are_no_conflict_for_those_after_it() {
        Simulated one = simulate("t1").get("a").put("a", "2");
        Simulated two = simulate("t2").get("a").put("b", "2");
        Simulated three = simulate("t3").get("b").put("c", "2");
        assertThat(validate(one, two, three)).containsExactly(VALID, MVCC_READ_CONFLICT, VALID);
    }

    @Test
    void a_row_that_comes_into_a_range_is_a_phantom() throws IOException {
        Simulated counts = simulate("t1").range("r", "s").put("n", "2");
        SampleBlocks.append(store, "between", Map.of("r2", "x"));
        assertThat(validate(counts)).containsExactly(PHANTOM_READ_CONFLICT);
    }

    @Test
    void a_row_that_leaves_a_range_or_changes_is_a_phantom() throws IOException {
        Simulated counts = simulate("t1").range("r", "s").put("n", "2");
        SampleBlocks.append(store, "between", Map.of("r3", ""));
        assertThat(validate(counts)).containsExactly(PHANTOM_READ_CONFLICT);
        Simulated again = simulate("t2").range("r", "s").put("n", "2");
        SampleBlocks.append(store, "later", Map.of("r1", "y"));
        assertThat(validate(again)).containsExactly(PHANTOM_READ_CONFLICT);
    }

    @Test
    void rows_beside_a_range_are_none() throws IOException {
        Simulated counts = simulate("t1").range("r", "s").put("n", "2");
        SampleBlocks.append(store, "between", Map.of("s", "x", "q", "x"));
        assertThat(validate(counts)).containsExactly(VALID);
    }

    @Test
    void phantoms_within_one_block_are_seen() {
        Simulated inserts = simulate("t1").put("r2", "x");
        Simulated deletes = simulate("t2").put("r3", "");
        Simulated deletesNothing = simulate("t3").put("r9", "");
        Simulated comesAndGoes = simulate("t4").put("r5", "x");
        Simulated gone = simulate("t5").put("r5", "");
        Simulated counts = simulate("t6").range("r", "s").put("n", "2");
        assertThat(validate(inserts, counts)).containsExactly(VALID, PHANTOM_READ_CONFLICT);
        assertThat(validate(deletes, counts)).containsExactly(VALID, PHANTOM_READ_CONFLICT);
        assertThat(validate(deletesNothing, counts)).containsExactly(VALID, VALID);
        assertThat(validate(comesAndGoes, gone, counts)).containsExactly(VALID, VALID, VALID);
    }

    @Test
    void an_insert_behind_what_was_read_is_no_phantom_and_one_before_it_is() throws IOException {
        Map<String, String> many = new HashMap<>();
        for (int i = 0; i < 250; i++) {
            many.put("w%03d".formatted(i), "x");
        }
        SampleBlocks.append(store, "many", many);
        Simulated early = simulate("t1").firstBatch("w", "x").put("n", "2");
        SampleBlocks.append(store, "behind", Map.of("w200a", "x"));
        assertThat(validate(early)).containsExactly(VALID);
        SampleBlocks.append(store, "inside", Map.of("w050a", "x"));
        assertThat(validate(early)).containsExactly(PHANTOM_READ_CONFLICT);
    }

    @Test
    void a_wide_range_is_checked_by_its_hash() throws IOException {
        Map<String, String> many = new HashMap<>();
        for (int i = 0; i < 150; i++) {
            many.put("w%03d".formatted(i), "x");
        }
        SampleBlocks.append(store, "many", many);
        Simulated counts = simulate("t1").range("w", "x").put("n", "2");
        assertThat(validate(counts)).containsExactly(VALID);
        SampleBlocks.append(store, "between", Map.of("w149", "y"));
        assertThat(validate(counts)).containsExactly(PHANTOM_READ_CONFLICT);
    }

    @Test
    void a_repeated_id_is_refused_even_if_the_first_was_invalid() throws IOException {
        Simulated first = simulate("t1").get("a").put("a", "2");
        SampleBlocks.append(store, "between", Map.of("a", "9"));
        List<CommittedTransaction> verdicts = new BlockValidator(store, lookup()).validate(List.of(first.checked()));
        assertThat(verdicts.get(0).code()).isEqualTo(MVCC_READ_CONFLICT);
        store.append(
                BlockAssembly.after(store.last(), List.of(SampleBlocks.transaction("t1", Map.of())), verdicts),
                verdicts);
        assertThat(validate(simulate("t1").put("b", "1"))).containsExactly(DUPLICATE_TXID);
        assertThat(validate(simulate("t2").put("b", "1"), simulate("t2").put("b", "1")))
                .containsExactly(VALID, DUPLICATE_TXID);
    }

    @Test
    void every_namespace_written_needs_its_own_policy_fulfilled() {
        chaincodes.put("strict", new Deployed("strict", "1.0", EWR));
        assertThat(validate(simulate("t1").put("a", "1").in("strict").get("a")))
                .as("only read there")
                .containsExactly(VALID);
        assertThat(validate(simulate("t2").put("a", "1").in("strict").put("a", "1")))
                .containsExactly(ENDORSEMENT_POLICY_FAILURE);
        assertThat(validate(simulate("t3").in("nothing").put("a", "1"))).containsExactly(ILLEGAL_WRITESET);
        chaincodes.remove(CHAINCODE);
        assertThat(validate(simulate("t4").put("a", "1"))).containsExactly(INVALID_CHAINCODE);
    }

    private Deployed.Lookup lookup() {
        return name -> Optional.ofNullable(chaincodes.get(name));
    }

    private List<TxValidationCode> validate(Simulated... transactions) {
        List<CheckedTransaction> block =
                Arrays.stream(transactions).map(Simulated::checked).toList();
        return new BlockValidator(store, lookup())
                .validate(block).stream().map(CommittedTransaction::code).toList();
    }

    private Simulated simulate(String txId) {
        return new Simulated(txId, new Simulation(txId, store), CHAINCODE);
    }

    /** A transaction made step by step, against the state when it began. */
    private record Simulated(String txId, Simulation simulation, String namespace) {
        Simulated in(String other) {
            return new Simulated(txId, simulation, other);
        }

        Simulated get(String key) {
            simulation.get(namespace, key);
            return this;
        }

        Simulated put(String key, String value) {
            simulation.put(namespace, key, ByteString.copyFromUtf8(value));
            return this;
        }

        Simulated range(String start, String end) {
            return walk(start, end, true);
        }

        Simulated firstBatch(String start, String end) {
            return walk(start, end, false);
        }

        private Simulated walk(String start, String end, boolean toTheEnd) {
            try {
                StateRequests requests = new StateRequests(namespace, simulation);
                QueryResponse batch = QueryResponse.parseFrom(requests.answer(ChaincodeMessage.newBuilder()
                        .setType(ChaincodeMessage.Type.GET_STATE_BY_RANGE)
                        .setPayload(GetStateByRange.newBuilder()
                                .setStartKey(start)
                                .setEndKey(end)
                                .build()
                                .toByteString())
                        .build()));
                while (toTheEnd && batch.getHasMore()) {
                    batch = QueryResponse.parseFrom(requests.answer(ChaincodeMessage.newBuilder()
                            .setType(ChaincodeMessage.Type.QUERY_STATE_NEXT)
                            .setPayload(QueryStateNext.newBuilder()
                                    .setId(batch.getId())
                                    .build()
                                    .toByteString())
                            .build()));
                }
                return this;
            } catch (InvalidProtocolBufferException e) {
                throw new IllegalStateException(e);
            }
        }

        CheckedTransaction checked() {
            try {
                Map<String, KVRWSet> sets = new HashMap<>();
                for (NsReadWriteSet set :
                        TxReadWriteSet.parseFrom(simulation.results()).getNsRwsetList()) {
                    sets.put(set.getNamespace(), KVRWSet.parseFrom(set.getRwset()));
                }
                return new CheckedTransaction(
                        ByteString.EMPTY, txId, VALID, Optional.empty(), CHAINCODE, List.<Member>of(), sets);
            } catch (InvalidProtocolBufferException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
