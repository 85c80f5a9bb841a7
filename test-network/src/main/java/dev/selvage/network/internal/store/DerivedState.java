package dev.selvage.network.internal.store;

import java.io.Closeable;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.h2.mvstore.Cursor;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.type.ByteArrayDataType;
import org.hyperledger.fabric.protos.peer.TxValidationCode;

/**
 * All that can be rebuilt from the blocks: state, history, and where blocks and transactions lie. Saved now and then as a whole
 * together with the height that it stands for; what a crash loses is applied again from the block file. One writer thread.
 */
final class DerivedState implements Closeable {
    private static final byte[] HEIGHT = {'h'};
    private static final byte[] END = {'e'};
    private static final long SAVE_EVERY_NANOS = 2_000_000_000L;
    private static final int CACHE_MIB = 64;
    /** Pages that a running simulation may still read are kept at least this long. */
    private static final int RETENTION_MILLIS = 600_000;

    private static final int COMPACT_EVERY = 15;
    private static final int FILL_PERCENT = 60;
    private static final int COMPACT_BYTES = 4 * 1024 * 1024;

    private final MVStore store;
    private final MVMap<byte[], byte[]> state;
    private final MVMap<byte[], byte[]> history;
    private final MVMap<byte[], byte[]> transactions;
    private final MVMap<byte[], byte[]> offsets;
    private final MVMap<byte[], byte[]> hashes;
    private final MVMap<byte[], byte[]> marks;
    private long saves;
    private long savedAt = System.nanoTime();
    private volatile Snapshot snapshot;

    private DerivedState(MVStore store) {
        this.store = store;
        store.setRetentionTime(RETENTION_MILLIS);
        this.state = open("state");
        this.history = open("history");
        this.transactions = open("transactions");
        this.offsets = open("offsets");
        this.hashes = open("hashes");
        this.marks = open("marks");
        this.snapshot = new Snapshot(state, height());
    }

    static DerivedState open(Path file) {
        return new DerivedState(new MVStore.Builder()
                .fileName(file.toString())
                .autoCommitDisabled()
                .cacheSize(CACHE_MIB)
                .open());
    }

    private MVMap<byte[], byte[]> open(String name) {
        return store.openMap(
                name,
                new MVMap.Builder<byte[], byte[]>()
                        .keyType(ByteArrayDataType.INSTANCE)
                        .valueType(ByteArrayDataType.INSTANCE));
    }

    /** How many blocks have been applied. */
    long height() {
        return mark(HEIGHT, 0);
    }

    /** Where the block file went on after the last applied block. */
    long endOffset() {
        return mark(END, BlockFile.first());
    }

    Snapshot snapshot() {
        return snapshot;
    }

    Optional<Long> offsetOf(long block) {
        return Optional.ofNullable(offsets.get(StoreKeys.number(block))).map(DerivedState::toLong);
    }

    Optional<Long> numberOf(byte[] blockHash) {
        return Optional.ofNullable(hashes.get(blockHash)).map(DerivedState::toLong);
    }

    Optional<TransactionPlace> place(String txId) {
        byte[] stored = transactions.get(StoreKeys.utf8(txId));
        if (stored == null) {
            return Optional.empty();
        }
        ByteBuffer buffer = ByteBuffer.wrap(stored);
        return Optional.of(new TransactionPlace(
                buffer.getLong(), buffer.getInt(), TxValidationCode.forNumber(buffer.get() & 0xff)));
    }

    /** Versions of the transactions that wrote the key, the newest first. */
    List<Version> writersOf(String namespace, String key) {
        byte[] prefix = StoreKeys.historyPrefix(namespace, key);
        byte[] from = Arrays.copyOf(prefix, prefix.length + StoreKeys.POSITION);
        byte[] to = from.clone();
        Arrays.fill(to, prefix.length, to.length, (byte) 0xff);
        List<Version> versions = new ArrayList<>();
        Cursor<byte[], byte[]> cursor = history.cursor(to, from, true);
        while (cursor.hasNext()) {
            byte[] entry = cursor.next();
            if (entry.length == to.length) {
                ByteBuffer position = ByteBuffer.wrap(entry, prefix.length, StoreKeys.POSITION);
                versions.add(new Version(position.getLong(), position.getInt()));
            }
        }
        return versions;
    }

    /** Applies a block that is on the disk already, and makes it visible to new snapshots. */
    void apply(long number, byte[] hash, long offset, long end, List<CommittedTransaction> content) {
        for (int index = 0; index < content.size(); index++) {
            CommittedTransaction transaction = content.get(index);
            if (!transaction.txId().isEmpty()) {
                transactions.putIfAbsent(
                        StoreKeys.utf8(transaction.txId()),
                        ByteBuffer.allocate(StoreKeys.POSITION + 1)
                                .putLong(number)
                                .putInt(index)
                                .put((byte) transaction.code().getNumber())
                                .array());
            }
            Version version = new Version(number, index);
            for (KeyWrite write : transaction.writes()) {
                byte[] key = StoreKeys.state(write.namespace(), write.key());
                if (write.isDelete()) {
                    state.remove(key);
                } else {
                    state.put(key, Snapshot.encode(version, write.value()));
                }
                history.put(StoreKeys.history(write.namespace(), write.key(), number, index), new byte[0]);
            }
        }
        offsets.put(StoreKeys.number(number), StoreKeys.number(offset));
        hashes.put(hash, StoreKeys.number(number));
        marks.put(HEIGHT, StoreKeys.number(number + 1));
        marks.put(END, StoreKeys.number(end));
        snapshot = new Snapshot(state, number + 1);
        if (System.nanoTime() - savedAt > SAVE_EVERY_NANOS) {
            save();
        }
    }

    @Override
    public void close() {
        save();
        store.close();
    }

    /** Leaves the file as a crash would: what was not saved is lost. */
    void abandon() {
        store.closeImmediately();
    }

    private void save() {
        store.commit();
        if (++saves % COMPACT_EVERY == 0) {
            store.compact(FILL_PERCENT, COMPACT_BYTES);
        }
        // compacting has moved pages: what snapshots look at from now on must not be those that go
        snapshot = new Snapshot(state, height());
        savedAt = System.nanoTime();
    }

    private long mark(byte[] name, long absent) {
        byte[] stored = marks.get(name);
        return stored == null ? absent : toLong(stored);
    }

    private static long toLong(byte[] bytes) {
        return ByteBuffer.wrap(bytes).getLong();
    }
}
