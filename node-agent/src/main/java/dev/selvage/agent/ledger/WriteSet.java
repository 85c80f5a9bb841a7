package dev.selvage.agent.ledger;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.hyperledger.fabric.protos.common.Payload;
import org.hyperledger.fabric.protos.gateway.PreparedTransaction;
import org.hyperledger.fabric.protos.ledger.rwset.NsReadWriteSet;
import org.hyperledger.fabric.protos.ledger.rwset.TxReadWriteSet;
import org.hyperledger.fabric.protos.ledger.rwset.kvrwset.HashedRWSet;
import org.hyperledger.fabric.protos.ledger.rwset.kvrwset.KVRWSet;
import org.hyperledger.fabric.protos.ledger.rwset.kvrwset.KVWrite;
import org.hyperledger.fabric.protos.peer.ChaincodeAction;
import org.hyperledger.fabric.protos.peer.ChaincodeActionPayload;
import org.hyperledger.fabric.protos.peer.ProposalResponsePayload;
import org.hyperledger.fabric.protos.peer.Transaction;

/** What a transaction writes, as its endorsers signed it. */
final class WriteSet {
    private final Map<String, ByteString> values = new HashMap<>();
    private final SortedSet<String> outside = new TreeSet<>();

    private WriteSet() {}

    /**
     * Reads the answer that the endorsers signed.
     *
     * @param chaincode whose writes are wanted
     * @param payload a ProposalResponsePayload
     */
    static WriteSet of(String chaincode, ByteString payload) throws InvalidProtocolBufferException {
        var action = ChaincodeAction.parseFrom(
                ProposalResponsePayload.parseFrom(payload).getExtension());
        var set = new WriteSet();
        for (NsReadWriteSet namespace :
                TxReadWriteSet.parseFrom(action.getResults()).getNsRwsetList()) {
            KVRWSet rwset = KVRWSet.parseFrom(namespace.getRwset());
            if (namespace.getNamespace().equals(chaincode)) {
                for (KVWrite write : rwset.getWritesList()) {
                    set.values.put(write.getKey(), write.getValue());
                }
            } else if (writes(rwset, namespace)) {
                set.outside.add(namespace.getNamespace());
            }
        }
        return set;
    }

    /**
     * Reads a transaction that is endorsed and not sent yet.
     *
     * @param bytes a gateway's PreparedTransaction
     */
    static WriteSet ofPrepared(String chaincode, byte[] bytes) throws InvalidProtocolBufferException {
        var payload = Payload.parseFrom(
                PreparedTransaction.parseFrom(bytes).getEnvelope().getPayload());
        var transaction = Transaction.parseFrom(payload.getData());
        var action = ChaincodeActionPayload.parseFrom(transaction.getActions(0).getPayload());
        return of(chaincode, action.getAction().getProposalResponsePayload());
    }

    /**
     * Refuses a transaction that writes in another chaincode's namespace: one that the contract calls runs with this node's identity, and
     * nothing is signed that writes in its namespace (decision 0044).
     *
     * @param prepared a gateway's PreparedTransaction
     * @throws SelvageException FOREIGN_WRITE; LEDGER_REFUSED when it cannot be read
     */
    static void requireOwn(String chaincode, byte[] prepared, String function) {
        try {
            var outside = ofPrepared(chaincode, prepared).outside();
            if (!outside.isEmpty()) {
                throw new SelvageException(
                        ErrorCode.FOREIGN_WRITE,
                        function + " would write in the namespace of " + String.join(", ", outside)
                                + " with this node's identity; it is not signed.");
            }
        } catch (InvalidProtocolBufferException e) {
            throw new SelvageException(ErrorCode.LEDGER_REFUSED, "The peer's endorsement cannot be read.", e);
        }
    }

    private static boolean writes(KVRWSet rwset, NsReadWriteSet namespace) throws InvalidProtocolBufferException {
        if (rwset.getWritesCount() > 0 || rwset.getMetadataWritesCount() > 0) {
            return true;
        }
        for (var collection : namespace.getCollectionHashedRwsetList()) {
            HashedRWSet hashed = HashedRWSet.parseFrom(collection.getHashedRwset());
            if (hashed.getHashedWritesCount() > 0 || hashed.getMetadataWritesCount() > 0) {
                return true;
            }
        }
        return false;
    }

    /** What the chaincode writes under a key of its own. */
    Optional<byte[]> value(String key) {
        return Optional.ofNullable(values.get(key)).map(ByteString::toByteArray);
    }

    /** Names of other chaincodes in whose namespaces it writes, in order. */
    SortedSet<String> outside() {
        return outside;
    }
}
