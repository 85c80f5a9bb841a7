package dev.selvage.network.internal.commit;

import com.google.protobuf.ByteString;
import dev.selvage.network.internal.store.BlockHashes;
import dev.selvage.network.internal.store.CommittedTransaction;
import dev.selvage.network.internal.store.KeyWrite;
import dev.selvage.network.internal.store.LedgerStore;
import dev.selvage.network.internal.store.Snapshot;
import dev.selvage.network.internal.store.StateRow;
import dev.selvage.network.internal.store.Version;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.hyperledger.fabric.protos.ledger.rwset.kvrwset.KVRWSet;
import org.hyperledger.fabric.protos.ledger.rwset.kvrwset.KVRead;
import org.hyperledger.fabric.protos.ledger.rwset.kvrwset.KVWrite;
import org.hyperledger.fabric.protos.ledger.rwset.kvrwset.QueryReads;
import org.hyperledger.fabric.protos.ledger.rwset.kvrwset.RangeQueryInfo;
import org.hyperledger.fabric.protos.peer.TxValidationCode;

/**
 * Decides the fate of each transaction of a block against the state before it and the valid ones ahead of it: repeated id,
 * endorsement policies of all namespaces written, reads that are no longer true, and rows that came into or left a range.
 */
final class BlockValidator {
    private final LedgerStore store;
    private final Deployed.Lookup chaincodes;

    BlockValidator(LedgerStore store, Deployed.Lookup chaincodes) {
        this.store = store;
        this.chaincodes = chaincodes;
    }

    List<CommittedTransaction> validate(List<CheckedTransaction> block) {
        Pass pass = new Pass(store.snapshot());
        List<CommittedTransaction> verdicts = new ArrayList<>(block.size());
        for (CheckedTransaction transaction : block) {
            TxValidationCode code = pass.judge(transaction);
            verdicts.add(new CommittedTransaction(
                    transaction.txId(), code, code == TxValidationCode.VALID ? pass.apply(transaction) : List.of()));
        }
        return verdicts;
    }

    private final class Pass {
        private final Snapshot before;
        private final Set<String> seen = new HashSet<>();
        /** Keys written in this block, by namespace, in key order; true where the key is there afterwards. */
        private final Map<String, NavigableMap<byte[], Boolean>> written = new HashMap<>();

        Pass(Snapshot before) {
            this.before = before;
        }

        TxValidationCode judge(CheckedTransaction transaction) {
            if (transaction.verdict() != TxValidationCode.VALID) {
                return transaction.verdict();
            }
            if (store.place(transaction.txId()).isPresent() || !seen.add(transaction.txId())) {
                return TxValidationCode.DUPLICATE_TXID;
            }
            TxValidationCode policy = judgePolicies(transaction);
            if (policy != TxValidationCode.VALID) {
                return policy;
            }
            return judgeReads(transaction);
        }

        private TxValidationCode judgePolicies(CheckedTransaction transaction) {
            Set<String> namespaces = new TreeSet<>();
            namespaces.add(transaction.chaincode());
            transaction.sets().forEach((namespace, set) -> {
                if (set.getWritesCount() > 0) {
                    namespaces.add(namespace);
                }
            });
            for (String namespace : namespaces) {
                Optional<Deployed> deployed = chaincodes.find(namespace);
                if (deployed.isEmpty()) {
                    return namespace.equals(transaction.chaincode())
                            ? TxValidationCode.INVALID_CHAINCODE
                            : TxValidationCode.ILLEGAL_WRITESET;
                }
                if (!deployed.get().policy().satisfiedBy(transaction.endorsers())) {
                    return TxValidationCode.ENDORSEMENT_POLICY_FAILURE;
                }
            }
            return TxValidationCode.VALID;
        }

        private TxValidationCode judgeReads(CheckedTransaction transaction) {
            for (Map.Entry<String, KVRWSet> set : transaction.sets().entrySet()) {
                for (KVRead read : set.getValue().getReadsList()) {
                    if (!stillTrue(set.getKey(), read)) {
                        return TxValidationCode.MVCC_READ_CONFLICT;
                    }
                }
            }
            for (Map.Entry<String, KVRWSet> set : transaction.sets().entrySet()) {
                for (RangeQueryInfo range : set.getValue().getRangeQueriesInfoList()) {
                    if (!stillTrue(set.getKey(), range)) {
                        return TxValidationCode.PHANTOM_READ_CONFLICT;
                    }
                }
            }
            return TxValidationCode.VALID;
        }

        private boolean stillTrue(String namespace, KVRead read) {
            if (writtenIn(namespace).containsKey(utf8(read.getKey()))) {
                return false;
            }
            Optional<Version> now = before.get(namespace, read.getKey()).map(StateRow::version);
            Optional<Version> then = read.hasVersion()
                    ? Optional.of(new Version(
                            read.getVersion().getBlockNum(), read.getVersion().getTxNum()))
                    : Optional.empty();
            return now.equals(then);
        }

        private boolean stillTrue(String namespace, RangeQueryInfo range) {
            if (changedInBlock(namespace, range)) {
                return false;
            }
            QueryReads.Builder now = QueryReads.newBuilder();
            Iterator<StateRow> rows = before.range(namespace, range.getStartKey(), endOf(range));
            while (rows.hasNext()) {
                StateRow row = rows.next();
                now.addKvReads(KVRead.newBuilder()
                        .setKey(row.key())
                        .setVersion(org.hyperledger.fabric.protos.ledger.rwset.kvrwset.Version.newBuilder()
                                .setBlockNum(row.version().block())
                                .setTxNum(row.version().transaction())));
            }
            if (range.hasReadsMerkleHashes()) {
                ByteString hash =
                        ByteString.copyFrom(BlockHashes.sha256(now.build().toByteArray()));
                return range.getReadsMerkleHashes().getMaxLevelHashesList().equals(List.of(hash));
            }
            return now.build().equals(range.getRawReads());
        }

        /** A put into the range always changes it; a delete does where the row was there. */
        private boolean changedInBlock(String namespace, RangeQueryInfo range) {
            byte[] end = utf8(endOf(range));
            return writtenIn(namespace).tailMap(utf8(range.getStartKey()), true).entrySet().stream()
                    .takeWhile(entry -> end.length == 0 || Arrays.compareUnsigned(entry.getKey(), end) < 0)
                    .anyMatch(entry -> entry.getValue()
                            || before.get(namespace, new String(entry.getKey(), StandardCharsets.UTF_8))
                                    .isPresent());
        }

        List<KeyWrite> apply(CheckedTransaction transaction) {
            List<KeyWrite> writes = new ArrayList<>();
            transaction.sets().forEach((namespace, set) -> {
                for (KVWrite write : set.getWritesList()) {
                    KeyWrite applied = new KeyWrite(
                            namespace, write.getKey(), write.getIsDelete() ? ByteString.EMPTY : write.getValue());
                    writes.add(applied);
                    writtenIn(namespace).put(utf8(write.getKey()), !applied.isDelete());
                }
            });
            return writes;
        }

        private NavigableMap<byte[], Boolean> writtenIn(String namespace) {
            return written.computeIfAbsent(namespace, absent -> new TreeMap<>(Arrays::compareUnsigned));
        }
    }

    /** The exclusive end: the last row read belongs to the range when the reader had not come to its end. */
    private static String endOf(RangeQueryInfo range) {
        return range.getItrExhausted() ? range.getEndKey() : range.getEndKey() + '\0';
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
