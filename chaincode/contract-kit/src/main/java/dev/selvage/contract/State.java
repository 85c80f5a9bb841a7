package dev.selvage.contract;

import dev.selvage.model.CanonicalJson;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.Keys;
import dev.selvage.model.Limits;
import dev.selvage.model.SelvageException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.hyperledger.fabric.shim.ChaincodeStub;
import org.hyperledger.fabric.shim.ledger.KeyModification;
import org.hyperledger.fabric.shim.ledger.KeyValue;
import org.hyperledger.fabric.shim.ledger.QueryResultsIterator;

/**
 * The ledger's state within one invocation. Each key is read once; writes are held back and sent in order of their keys at the end, so
 * nothing is written by an invocation that fails. Round trips to the peer and bytes read are counted and bounded (LEDGER.md, rule 6).
 */
public final class State {
    private static final Object ABSENT = new Object();

    private final ChaincodeStub stub;
    private final Map<String, Optional<byte[]>> reads = new HashMap<>();
    private final Map<String, Object> parsed = new HashMap<>();
    private final Map<String, Optional<byte[]>> writes = new TreeMap<>();
    private final Map<String, Object> written = new HashMap<>();
    private Function<List<String>, List<byte[]>> reader;
    private int roundTrips;
    private long bytesRead;

    State(ChaincodeStub stub) {
        this.stub = stub;
    }

    /** A key with its value. */
    public record Row(String key, byte[] value) {
        public <T> T as(Class<T> type) {
            return CanonicalJson.read(value, type);
        }
    }

    /** What stands under the key before this transaction; null when nothing does. */
    public byte[] bytes(String key) {
        var known = reads.get(key);
        if (known == null) {
            count(1);
            known = keep(key, stub.getState(key));
        }
        return known.orElse(null);
    }

    private Optional<byte[]> keep(String key, byte[] value) {
        Optional<byte[]> known = value == null || value.length == 0 ? Optional.empty() : Optional.of(value);
        known.ifPresent(bytes -> countBytes(bytes.length));
        reads.put(key, known);
        return known;
    }

    /** Reads several keys in one round trip, where the peer can. */
    void readBy(Function<List<String>, List<byte[]>> together) {
        reader = together;
    }

    /**
     * Reads what will be asked for, together where the peer can. It counts as if each key were read by itself, since peers that can and
     * peers that cannot must come to the same writes; so only what is read in any case may be named.
     */
    public void readAhead(Collection<String> keys) {
        List<String> wanted =
                keys.stream().distinct().filter(key -> !reads.containsKey(key)).toList();
        if (reader == null || wanted.size() < 2) {
            wanted.forEach(this::bytes);
            return;
        }
        count(wanted.size());
        var values = reader.apply(wanted);
        for (int i = 0; i < wanted.size(); i++) {
            keep(wanted.get(i), values.get(i));
        }
    }

    public boolean has(String key) {
        return bytes(key) != null;
    }

    /** The fact that stands under the key before this transaction; null when nothing does. */
    public <T> T get(String key, Class<T> type) {
        var known = parsed.get(key);
        if (known == null) {
            byte[] value = bytes(key);
            known = value == null ? ABSENT : CanonicalJson.read(value, type);
            parsed.put(key, known);
        }
        return known == ABSENT ? null : type.cast(known);
    }

    /** As {@link #get}, but what this transaction itself has written counts as well (rule 7). */
    public <T> T seen(String key, Class<T> type) {
        var own = written.get(key);
        return own == null ? get(key, type) : type.cast(own);
    }

    public void put(String key, Object fact) {
        putBytes(key, CanonicalJson.bytes(fact));
        written.put(key, fact);
    }

    /** Writes bytes; an empty value would be a delete in Fabric and is refused. */
    public void putBytes(String key, byte[] value) {
        if (value.length == 0) {
            throw new SelvageException(ErrorCode.REQUEST_INVALID, "Nothing empty goes on the ledger: " + key);
        }
        if (writes.put(key, Optional.of(value)) == null) {
            count(1);
        }
    }

    /** Deletes without reading, so nobody's write to the key can conflict. */
    public void delete(String key) {
        if (writes.put(key, Optional.empty()) == null) {
            count(1);
        }
    }

    /** All keys with a prefix: a closed range, guarded against phantoms. */
    public List<Row> range(String prefix) {
        return scan(prefix, Keys.endOf(prefix), Integer.MAX_VALUE);
    }

    /**
     * Keys with a prefix after another one; for queries only, since a range that was not read to its end is guarded only so far.
     *
     * @param after the last key of the page before; null to begin
     */
    public List<Row> rangeAfter(String prefix, String after, int limit) {
        if (after != null && !after.startsWith(prefix)) {
            throw new SelvageException(ErrorCode.REQUEST_INVALID, "The bookmark is not one of this list.");
        }
        // "!" comes before every character of a component and before "/"
        return scan(after == null ? prefix : after + "!", Keys.endOf(prefix), limit);
    }

    /** Keys with a prefix from one key on; for queries only. */
    public List<Row> rangeFrom(String prefix, String from, int limit) {
        return scan(from, Keys.endOf(prefix), limit);
    }

    private List<Row> scan(String from, String to, int limit) {
        List<Row> rows = new ArrayList<>();
        count(1);
        try (QueryResultsIterator<KeyValue> iterator = stub.getStateByRange(from, to)) {
            for (KeyValue row : iterator) {
                if (rows.size() == limit) {
                    break;
                }
                if (!rows.isEmpty() && rows.size() % Limits.RANGE_BATCH == 0) {
                    count(1);
                }
                countBytes(row.getValue().length);
                rows.add(new Row(row.getKey(), row.getValue()));
            }
        } catch (SelvageException e) {
            throw e;
        } catch (Exception e) {
            throw new SelvageException(ErrorCode.INTERNAL, "The peer did not answer a range read.", e);
        }
        return rows;
    }

    /** What happened to a key, newest first, at most the given number of changes. */
    public List<KeyModification> history(String key, int limit) {
        List<KeyModification> changes = new ArrayList<>();
        count(1);
        try (QueryResultsIterator<KeyModification> iterator = stub.getHistoryForKey(key)) {
            for (KeyModification change : iterator) {
                if (changes.size() == limit) {
                    break;
                }
                changes.add(change);
            }
        } catch (Exception e) {
            throw new SelvageException(ErrorCode.INTERNAL, "The peer did not answer a read of history.", e);
        }
        return changes;
    }

    /**
     * Calls another chaincode on the same channel; what it reads joins this transaction's reads.
     *
     * @throws SelvageException STATE_UNAVAILABLE
     */
    public byte[] call(String chaincode, List<String> functionAndArguments) {
        count(1);
        var arguments = functionAndArguments.stream()
                .map(text -> text.getBytes(StandardCharsets.UTF_8))
                .toList();
        var answer = stub.invokeChaincode(chaincode, arguments);
        if (answer.getStatusCode() != 200) {
            throw new SelvageException(
                    ErrorCode.STATE_UNAVAILABLE,
                    chaincode + " " + functionAndArguments.get(0) + ": " + answer.getMessage());
        }
        byte[] payload = answer.getPayload() == null ? new byte[0] : answer.getPayload();
        countBytes(payload.length);
        return payload;
    }

    /** How many more round trips this transaction may make. */
    public int left() {
        return Limits.ROUND_TRIPS - roundTrips;
    }

    public int roundTrips() {
        return roundTrips;
    }

    /** Sends the writes. */
    void flush() {
        writes.forEach(
                (key, value) -> value.ifPresentOrElse(bytes -> stub.putState(key, bytes), () -> stub.delState(key)));
    }

    private void count(int trips) {
        roundTrips += trips;
        if (roundTrips > Limits.ROUND_TRIPS) {
            throw new SelvageException(
                    ErrorCode.TRANSACTION_TOO_LARGE,
                    "One transaction reads and writes at most " + Limits.ROUND_TRIPS + " times.");
        }
    }

    private void countBytes(int bytes) {
        bytesRead += bytes;
        if (bytesRead > Limits.READ_BYTES) {
            throw new SelvageException(
                    ErrorCode.TRANSACTION_TOO_LARGE, "One transaction reads at most " + Limits.READ_BYTES + " bytes.");
        }
    }
}
