package dev.selvage.network.internal.store;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.h2.mvstore.Cursor;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.RootReference;

/** The whole state as it was after one block; later blocks never show in it. Thread-safe; its iterators are not. */
public final class Snapshot {
    private final MVMap<byte[], byte[]> map;
    private final RootReference<byte[], byte[]> root;
    private final long height;

    Snapshot(MVMap<byte[], byte[]> map, long height) {
        this.map = map;
        this.root = map.flushAndGetRoot();
        this.height = height;
    }

    /** How many blocks the state comes from. */
    public long height() {
        return height;
    }

    public Optional<StateRow> get(String namespace, String key) {
        byte[] stored = map.get(root.root, StoreKeys.state(namespace, key));
        return stored == null ? Optional.empty() : Optional.of(decode(key, stored));
    }

    /**
     * Rows from start (inclusive) to end (exclusive) in the order of UTF-8 bytes; an empty start or end means the namespace's own.
     */
    public Iterator<StateRow> range(String namespace, String start, String end) {
        byte[] from = StoreKeys.state(namespace, start);
        byte[] to = end.isEmpty() ? StoreKeys.endOf(namespace) : StoreKeys.state(namespace, end);
        Cursor<byte[], byte[]> cursor = map.cursor(root, from, to, false);
        return new Iterator<>() {
            private StateRow next = advance();

            private StateRow advance() {
                if (!cursor.hasNext()) {
                    return null;
                }
                byte[] key = cursor.next();
                // the cursor's end is inclusive
                return java.util.Arrays.compareUnsigned(key, to) < 0
                        ? decode(StoreKeys.keyOf(namespace, key), cursor.getValue())
                        : null;
            }

            @Override
            public boolean hasNext() {
                return next != null;
            }

            @Override
            public StateRow next() {
                if (next == null) {
                    throw new NoSuchElementException();
                }
                StateRow row = next;
                next = advance();
                return row;
            }
        };
    }

    static byte[] encode(Version version, ByteString value) {
        ByteBuffer buffer = ByteBuffer.allocate(StoreKeys.POSITION + value.size());
        buffer.putLong(version.block()).putInt((int) version.transaction());
        value.copyTo(buffer);
        return buffer.array();
    }

    private static StateRow decode(String key, byte[] stored) {
        ByteBuffer buffer = ByteBuffer.wrap(stored);
        Version version = new Version(buffer.getLong(), buffer.getInt());
        return new StateRow(
                key,
                version,
                UnsafeByteOperations.unsafeWrap(stored, StoreKeys.POSITION, stored.length - StoreKeys.POSITION));
    }
}
