package dev.selvage.network.internal.simulation;

import com.google.protobuf.ByteString;
import dev.selvage.network.internal.store.BlockContent.Modification;
import dev.selvage.network.internal.store.LedgerStore;
import dev.selvage.network.internal.store.Snapshot;
import dev.selvage.network.internal.store.StateRow;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.hyperledger.fabric.protos.ledger.queryresult.KV;
import org.hyperledger.fabric.protos.ledger.queryresult.KeyModification;
import org.hyperledger.fabric.protos.peer.QueryMetadata;

/**
 * One transaction being simulated, over all chaincodes that it calls. Reads come from one snapshot and never show the
 * transaction's own writes. Thread-safe, as a late message of a chaincode may meet the end of the transaction.
 */
public final class Simulation {
    private final String txId;
    private final LedgerStore store;
    private final Snapshot snapshot;
    private final ReadWriteSets sets = new ReadWriteSets();
    private boolean wrote;
    private boolean paged;
    private int iterators;

    public Simulation(String txId, LedgerStore store) {
        this.txId = txId;
        this.store = store;
        this.snapshot = store.snapshot();
    }

    public synchronized ByteString get(String namespace, String key) {
        Optional<StateRow> row = snapshot.get(namespace, key);
        sets.read(namespace, key, row.map(StateRow::version));
        return row.map(StateRow::value).orElse(ByteString.EMPTY);
    }

    /** Records a write; an empty value deletes, as in Fabric. */
    public synchronized void put(String namespace, String key, ByteString value) {
        if (paged) {
            throw new RefusedByLedger("txid [" + txId
                    + "]: a transaction that has made a paginated query is read-only: writes are not allowed");
        }
        wrote = true;
        sets.write(namespace, key, value);
    }

    /** Opens a range; a page is asked for by a size or a bookmark. */
    synchronized RowPages range(String namespace, String start, String end, QueryMetadata page) {
        boolean pages = page.getPageSize() != 0 || !page.getBookmark().isEmpty();
        if (pages && wrote) {
            throw new RefusedByLedger(
                    "txid [" + txId + "]: paginated queries are supported only in a read-only transaction");
        }
        paged |= pages;
        String from = page.getBookmark().isEmpty() ? start : page.getBookmark();
        RangeRead range = new RangeRead(snapshot.range(namespace, from, end), from, end);
        sets.range(namespace, range);
        Supplier<Optional<ByteString>> rows = () -> range.next()
                .map(row -> KV.newBuilder()
                        .setNamespace(namespace)
                        .setKey(row.key())
                        .setValue(row.value())
                        .build()
                        .toByteString());
        return new RowPages(
                nextIterator(), rows, page.getPageSize(), pages ? Optional.of(range::peekKey) : Optional.empty());
    }

    /** What was committed to a key, the newest first; no part of the read set, as in Fabric. */
    synchronized RowPages history(String namespace, String key) {
        Iterator<Modification> history = store.history(namespace, key);
        Supplier<Optional<ByteString>> rows = () ->
                history.hasNext() ? Optional.of(keyModification(history.next()).toByteString()) : Optional.empty();
        return new RowPages(nextIterator(), rows, 0, Optional.empty());
    }

    /** The namespaces read or written so far, in order. */
    public synchronized List<String> namespaces() {
        return sets.touched();
    }

    /** The read and write set as it goes into the transaction. */
    public synchronized ByteString results() {
        return sets.toBytes();
    }

    private String nextIterator() {
        return Integer.toString(++iterators);
    }

    private static KeyModification keyModification(Modification modification) {
        return KeyModification.newBuilder()
                .setTxId(modification.txId())
                .setTimestamp(modification.timestamp())
                .setValue(modification.write().value())
                .setIsDelete(modification.write().isDelete())
                .build();
    }
}
