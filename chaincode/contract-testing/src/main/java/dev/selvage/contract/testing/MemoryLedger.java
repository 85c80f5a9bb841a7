package dev.selvage.contract.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.model.CanonicalJson;
import dev.selvage.model.Digest;
import dev.selvage.model.Limits;
import dev.selvage.model.SelvageException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.hyperledger.fabric.shim.Chaincode;
import org.hyperledger.fabric.shim.ChaincodeBase;
import org.hyperledger.fabric.shim.ledger.KeyModification;

/**
 * A ledger in memory with Fabric's rules: a transaction is simulated by two endorsers, whose read and write sets, events and answers must
 * agree; a block is validated transaction by transaction against versions read (MVCC) and ranges read (phantoms).
 */
public final class MemoryLedger {
    /** A value with the number of the transaction that wrote it. */
    public record Entry(byte[] value, long version) {}

    /** Another chaincode on the channel, for pinned state. */
    public interface Other {
        Chaincode.Response invoke(Function<String, byte[]> state, List<String> words);
    }

    /** What validation says. */
    public enum Code {
        VALID,
        MVCC_READ_CONFLICT,
        PHANTOM_READ_CONFLICT
    }

    /** An endorsed transaction, not yet ordered. */
    public record Endorsed(String txid, Instant at, String function, Simulation simulation, String answer) {
        public <T> T answer(Class<T> type) {
            return CanonicalJson.read(answer, type);
        }

        public <T> List<T> answers(Class<T> type) {
            return CanonicalJson.readList(answer, type);
        }

        /** What the channel would be told; null when nothing. */
        public byte[] event() {
            return simulation.event;
        }

        /** What would be written, by key; null deletes. */
        public Map<String, byte[]> writes() {
            return simulation.set.writes;
        }

        /** Keys that were read one by one. */
        public Set<String> reads() {
            return simulation.set.reads.keySet();
        }

        public int roundTrips() {
            return simulation.roundTrips;
        }
    }

    /** What stands on the ledger; tests may put facts there. */
    public final TreeMap<String, Entry> state = new TreeMap<>();

    /** What happened to each key, oldest first. */
    public final Map<String, List<KeyModification>> history = new HashMap<>();
    /** Other chaincodes by name. */
    public final Map<String, Other> others = new HashMap<>();

    /** The payloads of committed events. */
    public final List<byte[]> events = new ArrayList<>();

    private final ChaincodeBase first;
    private final ChaincodeBase second;
    private final List<String> neverRead;
    private final List<String> neverRanged;
    private long transactions;
    private long nonce;
    private long now = 1_700_000_000_000L;

    /**
     * @param contract makes one for each endorser
     * @param neverRead prefixes of keys that no transaction that writes may read
     * @param neverRanged prefixes over which no transaction that writes may range
     */
    public MemoryLedger(Supplier<? extends ChaincodeBase> contract, List<String> neverRead, List<String> neverRanged) {
        this.first = contract.get();
        this.second = contract.get();
        this.neverRead = neverRead;
        this.neverRanged = neverRanged;
    }

    public void pass(long milliseconds) {
        now += milliseconds;
    }

    public long now() {
        return now;
    }

    /** Endorses by two peers. */
    public Endorsed endorse(Identity creator, String function, Object request) {
        return endorse(creator, List.of(function, CanonicalJson.text(request)));
    }

    public Endorsed endorse(Identity creator, List<String> words) {
        String txid = Digest.of((creator.name() + nonce++).getBytes(StandardCharsets.UTF_8))
                .hex();
        Instant at = Instant.ofEpochMilli(now++);
        var one = new Simulation(this, creator, txid, at, words);
        var other = new Simulation(this, creator, txid, at, words);
        var answer = first.invoke(one);
        var again = second.invoke(other);
        requireSame(words, one.set.image(), other.set.image());
        requireSame(
                words, answer.getMessage() + answer.getStringPayload(), again.getMessage() + again.getStringPayload());
        requireSame(words, java.util.Arrays.toString(one.event), java.util.Arrays.toString(other.event));
        requireBounds(one);
        if (answer.getStatusCode() != 200) {
            throw SelvageException.fromWire(answer.getMessage())
                    .orElseThrow(() -> new AssertionError("not a fault of ours: " + answer.getMessage()));
        }
        return new Endorsed(txid, at, words.get(0), one, answer.getStringPayload());
    }

    private static void requireSame(List<String> words, String one, String other) {
        if (!one.equals(other)) {
            throw new AssertionError("two endorsers differ on " + words.get(0) + ":\n" + one + "\n" + other);
        }
    }

    /** What holds of every transaction of this contract, whatever it does (LEDGER.md, keys and rules 5, 6 and 14). */
    private void requireBounds(Simulation simulation) {
        assertThat(simulation.roundTrips).isLessThanOrEqualTo(Limits.ROUND_TRIPS);
        if (simulation.event != null) {
            assertThat(simulation.event.length).isLessThanOrEqualTo(Limits.EVENT);
        }
        if (simulation.set.writes.isEmpty()) {
            return;
        }
        assertThat(simulation.set.reads.keySet())
                .as("keys that change too often to be read in a transaction that writes")
                .noneMatch(key -> neverRead.stream().anyMatch(key::startsWith));
        assertThat(simulation.set.ranges)
                .as("ranges over what others still add to")
                .noneMatch(range -> neverRanged.stream().anyMatch(range.start::startsWith));
        assertThat(simulation.set.ranges).as("ranges not read to their end").allMatch(range -> range.exhausted);
    }

    /** Commits a block. */
    public List<Code> commit(List<Endorsed> block) {
        return block.stream().map(this::apply).toList();
    }

    private Code apply(Endorsed transaction) {
        var set = transaction.simulation().set;
        Code code = validate(set);
        if (code != Code.VALID) {
            return code;
        }
        transactions++;
        set.writes.forEach((key, value) -> {
            if (value == null) {
                state.remove(key);
            } else {
                state.put(key, new Entry(value, transactions));
            }
            history.computeIfAbsent(key, k -> new ArrayList<>())
                    .add(new Modification(transaction.txid(), value, transaction.at(), value == null));
        });
        if (transaction.event() != null) {
            events.add(transaction.event());
        }
        return code;
    }

    private Code validate(ReadWriteSet set) {
        for (var read : set.reads.entrySet()) {
            var entry = state.get(read.getKey());
            if ((entry == null ? 0 : entry.version()) != read.getValue()) {
                return Code.MVCC_READ_CONFLICT;
            }
        }
        for (var range : set.ranges) {
            Map<String, Long> there = new TreeMap<>();
            String end = range.exhausted || range.seen.isEmpty()
                    ? range.end
                    : ((TreeMap<String, Long>) range.seen).lastKey() + "!";
            state.subMap(range.start, end).forEach((key, entry) -> there.put(key, entry.version()));
            if (!there.equals(range.seen)) {
                return Code.PHANTOM_READ_CONFLICT;
            }
        }
        return Code.VALID;
    }

    /** Endorses and commits at once, which must succeed. */
    public Endorsed submit(Identity creator, String function, Object request) {
        var transaction = endorse(creator, function, request);
        var codes = commit(List.of(transaction));
        if (codes.get(0) != Code.VALID) {
            throw new AssertionError(function + ": " + codes);
        }
        return transaction;
    }

    /** Evaluates: nothing is committed. */
    public <T> T evaluate(Identity creator, String function, Object request, Class<T> answer) {
        return endorse(creator, function, request).answer(answer);
    }

    private record Modification(String txid, byte[] bytes, Instant at, boolean deleted) implements KeyModification {
        @Override
        public String getTxId() {
            return txid;
        }

        @Override
        public byte[] getValue() {
            return bytes;
        }

        @Override
        public String getStringValue() {
            return new String(bytes, StandardCharsets.UTF_8);
        }

        @Override
        public Instant getTimestamp() {
            return at;
        }

        @Override
        public boolean isDeleted() {
            return deleted;
        }
    }
}
