package dev.selvage.contract.testing;

import dev.selvage.model.Limits;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.hyperledger.fabric.protos.peer.ChaincodeEvent;
import org.hyperledger.fabric.protos.peer.SignedProposal;
import org.hyperledger.fabric.shim.Chaincode;
import org.hyperledger.fabric.shim.ChaincodeStub;
import org.hyperledger.fabric.shim.ledger.CompositeKey;
import org.hyperledger.fabric.shim.ledger.KeyModification;
import org.hyperledger.fabric.shim.ledger.KeyValue;
import org.hyperledger.fabric.shim.ledger.QueryResultsIterator;
import org.hyperledger.fabric.shim.ledger.QueryResultsIteratorWithMetadata;

/**
 * One simulation as a Fabric peer does it: reads see the state before the transaction and never its own writes; reads, ranges and
 * writes are recorded; round trips are counted as the Java shim makes them.
 */
public class Simulation implements ChaincodeStub {
    private final MemoryLedger ledger;
    private final Identity creator;
    private final String txid;
    private final Instant at;
    private final List<String> words;
    final ReadWriteSet set = new ReadWriteSet();
    byte[] event;
    int roundTrips;

    public Simulation(MemoryLedger ledger, Identity creator, String txid, Instant at, List<String> words) {
        this.ledger = ledger;
        this.creator = creator;
        this.txid = txid;
        this.at = at;
        this.words = words;
    }

    @Override
    public byte[] getState(String key) {
        roundTrips++;
        requireKey(key);
        return read(key);
    }

    private byte[] read(String key) {
        var entry = ledger.state.get(key);
        set.reads.put(key, entry == null ? 0 : entry.version());
        return entry == null ? null : entry.value().clone();
    }

    @Override
    public void putState(String key, byte[] value) {
        roundTrips++;
        requireKey(key);
        set.writes.put(key, value.length == 0 ? null : value.clone());
    }

    @Override
    public void delState(String key) {
        roundTrips++;
        requireKey(key);
        set.writes.put(key, null);
    }

    private static void requireKey(String key) {
        if (key.isEmpty()
                || key.charAt(0) == 0
                || !StandardCharsets.US_ASCII.newEncoder().canEncode(key)) {
            throw new IllegalArgumentException("not a key of this contract: " + key);
        }
    }

    @Override
    public QueryResultsIterator<KeyValue> getStateByRange(String start, String end) {
        requireKey(start);
        requireKey(end);
        roundTrips++;
        var range = new ReadWriteSet.Range(start, end);
        set.ranges.add(range);
        Iterator<Map.Entry<String, MemoryLedger.Entry>> rows =
                new TreeMap<>(ledger.state.subMap(start, end)).entrySet().iterator();
        return new Rows<>(new Iterator<>() {
            private int given;

            @Override
            public boolean hasNext() {
                if (!rows.hasNext()) {
                    range.exhausted = true;
                    return false;
                }
                return true;
            }

            @Override
            public KeyValue next() {
                if (given > 0 && given % Limits.RANGE_BATCH == 0) {
                    roundTrips++;
                }
                given++;
                var row = rows.next();
                range.seen.put(row.getKey(), row.getValue().version());
                return new Row(row.getKey(), row.getValue().value().clone());
            }
        });
    }

    @Override
    public QueryResultsIterator<KeyModification> getHistoryForKey(String key) {
        roundTrips++;
        List<KeyModification> changes = new ArrayList<>(ledger.history.getOrDefault(key, List.of()));
        java.util.Collections.reverse(changes);
        return new Rows<>(changes.iterator());
    }

    @Override
    public Chaincode.Response invokeChaincode(String name, List<byte[]> arguments, String channel) {
        roundTrips++;
        var other = ledger.others.get(name);
        if (other == null) {
            return new Chaincode.Response(500, "chaincode " + name + " not found", new byte[0]);
        }
        return other.invoke(
                key -> read(name + "\u0001" + key),
                arguments.stream()
                        .map(word -> new String(word, StandardCharsets.UTF_8))
                        .toList());
    }

    @Override
    public void setEvent(String name, byte[] payload) {
        event = payload.clone();
    }

    @Override
    public String getTxId() {
        return txid;
    }

    @Override
    public Instant getTxTimestamp() {
        return at;
    }

    @Override
    public byte[] getCreator() {
        return creator.creator();
    }

    @Override
    public String getMspId() {
        return "PeerMSP";
    }

    @Override
    public List<String> getStringArgs() {
        return words;
    }

    @Override
    public List<byte[]> getArgs() {
        return words.stream().map(word -> word.getBytes(StandardCharsets.UTF_8)).toList();
    }

    @Override
    public String getFunction() {
        return words.get(0);
    }

    @Override
    public List<String> getParameters() {
        return words.subList(1, words.size());
    }

    @Override
    public String getChannelId() {
        return "selvage";
    }

    private record Row(String key, byte[] bytes) implements KeyValue {
        @Override
        public String getKey() {
            return key;
        }

        @Override
        public byte[] getValue() {
            return bytes;
        }

        @Override
        public String getStringValue() {
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }

    private record Rows<T>(Iterator<T> iterator) implements QueryResultsIterator<T> {
        @Override
        public void close() {
            // nothing is held
        }
    }

    // What the contract must not use, or has no use for.

    private static UnsupportedOperationException unused() {
        return new UnsupportedOperationException("not a function that this contract may use");
    }

    @Override
    public QueryResultsIteratorWithMetadata<KeyValue> getStateByRangeWithPagination(
            String start, String end, int size, String bookmark) {
        throw unused();
    }

    @Override
    public byte[] getStateValidationParameter(String key) {
        throw unused();
    }

    @Override
    public void setStateValidationParameter(String key, byte[] value) {
        throw unused();
    }

    @Override
    public QueryResultsIterator<KeyValue> getStateByPartialCompositeKey(String key) {
        throw unused();
    }

    @Override
    public QueryResultsIterator<KeyValue> getStateByPartialCompositeKey(String type, String... attributes) {
        throw unused();
    }

    @Override
    public QueryResultsIterator<KeyValue> getStateByPartialCompositeKey(CompositeKey key) {
        throw unused();
    }

    @Override
    public QueryResultsIteratorWithMetadata<KeyValue> getStateByPartialCompositeKeyWithPagination(
            CompositeKey key, int size, String bookmark) {
        throw unused();
    }

    @Override
    public CompositeKey createCompositeKey(String type, String... attributes) {
        throw unused();
    }

    @Override
    public CompositeKey splitCompositeKey(String key) {
        throw unused();
    }

    @Override
    public QueryResultsIterator<KeyValue> getQueryResult(String query) {
        throw unused();
    }

    @Override
    public QueryResultsIteratorWithMetadata<KeyValue> getQueryResultWithPagination(
            String query, int size, String bookmark) {
        throw unused();
    }

    @Override
    public byte[] getPrivateData(String collection, String key) {
        throw unused();
    }

    @Override
    public byte[] getPrivateDataHash(String collection, String key) {
        throw unused();
    }

    @Override
    public byte[] getPrivateDataValidationParameter(String collection, String key) {
        throw unused();
    }

    @Override
    public void putPrivateData(String collection, String key, byte[] value) {
        throw unused();
    }

    @Override
    public void setPrivateDataValidationParameter(String collection, String key, byte[] value) {
        throw unused();
    }

    @Override
    public void delPrivateData(String collection, String key) {
        throw unused();
    }

    @Override
    public void purgePrivateData(String collection, String key) {
        throw unused();
    }

    @Override
    public QueryResultsIterator<KeyValue> getPrivateDataByRange(String collection, String start, String end) {
        throw unused();
    }

    @Override
    public QueryResultsIterator<KeyValue> getPrivateDataByPartialCompositeKey(String collection, String key) {
        throw unused();
    }

    @Override
    public QueryResultsIterator<KeyValue> getPrivateDataByPartialCompositeKey(String collection, CompositeKey key) {
        throw unused();
    }

    @Override
    public QueryResultsIterator<KeyValue> getPrivateDataByPartialCompositeKey(
            String collection, String type, String... attributes) {
        throw unused();
    }

    @Override
    public QueryResultsIterator<KeyValue> getPrivateDataQueryResult(String collection, String query) {
        throw unused();
    }

    @Override
    public ChaincodeEvent getEvent() {
        throw unused();
    }

    @Override
    public SignedProposal getSignedProposal() {
        throw unused();
    }

    @Override
    public Map<String, byte[]> getTransient() {
        throw unused();
    }

    @Override
    public byte[] getBinding() {
        throw unused();
    }
}
