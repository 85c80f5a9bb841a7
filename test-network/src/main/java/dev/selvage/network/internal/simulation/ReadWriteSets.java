package dev.selvage.network.internal.simulation;

import com.google.protobuf.ByteString;
import dev.selvage.network.internal.store.StateRow;
import dev.selvage.network.internal.store.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.hyperledger.fabric.protos.ledger.rwset.NsReadWriteSet;
import org.hyperledger.fabric.protos.ledger.rwset.TxReadWriteSet;
import org.hyperledger.fabric.protos.ledger.rwset.kvrwset.KVRWSet;
import org.hyperledger.fabric.protos.ledger.rwset.kvrwset.KVRead;
import org.hyperledger.fabric.protos.ledger.rwset.kvrwset.KVWrite;
import org.hyperledger.fabric.protos.ledger.rwset.kvrwset.QueryReads;
import org.hyperledger.fabric.protos.ledger.rwset.kvrwset.QueryReadsMerkleSummary;
import org.hyperledger.fabric.protos.ledger.rwset.kvrwset.RangeQueryInfo;

/** Collects what a simulation read and wrote, per namespace. */
final class ReadWriteSets {
    /** Beyond this many rows a range is recorded as one hash, so that a wide range keeps its transaction small. */
    static final int RAW_ROWS = 50;

    private final Map<String, Namespace> namespaces = new TreeMap<>(Utf8Order.COMPARATOR);

    private static final class Namespace {
        private final Map<String, KVRead> reads = new TreeMap<>(Utf8Order.COMPARATOR);
        private final List<RangeRead> ranges = new ArrayList<>();
        private final Map<String, KVWrite> writes = new TreeMap<>(Utf8Order.COMPARATOR);
    }

    void read(String namespace, String key, Optional<Version> version) {
        namespace(namespace).reads.putIfAbsent(key, kvRead(key, version));
    }

    void range(String namespace, RangeRead range) {
        namespace(namespace).ranges.add(range);
    }

    /** The last write of a key counts; an empty value deletes. */
    void write(String namespace, String key, ByteString value) {
        KVWrite.Builder write = KVWrite.newBuilder().setKey(key);
        namespace(namespace)
                .writes
                .put(key, (value.isEmpty() ? write.setIsDelete(true) : write.setValue(value)).build());
    }

    List<String> touched() {
        return List.copyOf(namespaces.keySet());
    }

    ByteString toBytes() {
        TxReadWriteSet.Builder all = TxReadWriteSet.newBuilder().setDataModel(TxReadWriteSet.DataModel.KV);
        namespaces.forEach((name, content) -> {
            KVRWSet.Builder set =
                    KVRWSet.newBuilder().addAllReads(content.reads.values()).addAllWrites(content.writes.values());
            content.ranges.forEach(range -> range.info().ifPresent(set::addRangeQueriesInfo));
            all.addNsRwset(NsReadWriteSet.newBuilder()
                    .setNamespace(name)
                    .setRwset(set.build().toByteString()));
        });
        return all.build().toByteString();
    }

    private Namespace namespace(String name) {
        return namespaces.computeIfAbsent(name, absent -> new Namespace());
    }

    static KVRead kvRead(String key, Optional<Version> version) {
        KVRead.Builder read = KVRead.newBuilder().setKey(key);
        version.ifPresent(v -> read.setVersion(org.hyperledger.fabric.protos.ledger.rwset.kvrwset.Version.newBuilder()
                .setBlockNum(v.block())
                .setTxNum(v.transaction())));
        return read.build();
    }

    static KVRead kvRead(StateRow row) {
        return kvRead(row.key(), Optional.of(row.version()));
    }

    /** Records the rows of a range: themselves, or one hash of them all. */
    static void rows(RangeQueryInfo.Builder info, QueryReads rows) {
        if (rows.getKvReadsCount() <= RAW_ROWS) {
            info.setRawReads(rows);
            return;
        }
        info.setReadsMerkleHashes(QueryReadsMerkleSummary.newBuilder()
                .setMaxDegree(rows.getKvReadsCount())
                .setMaxLevel(1)
                .addMaxLevelHashes(ByteString.copyFrom(
                        dev.selvage.network.internal.store.BlockHashes.sha256(rows.toByteArray()))));
    }
}
