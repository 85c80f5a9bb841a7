package dev.selvage.network.internal.simulation;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.util.HashMap;
import java.util.Map;
import org.hyperledger.fabric.protos.peer.ChaincodeMessage;
import org.hyperledger.fabric.protos.peer.DelState;
import org.hyperledger.fabric.protos.peer.GetHistoryForKey;
import org.hyperledger.fabric.protos.peer.GetState;
import org.hyperledger.fabric.protos.peer.GetStateByRange;
import org.hyperledger.fabric.protos.peer.GetStateMetadata;
import org.hyperledger.fabric.protos.peer.GetStateMultiple;
import org.hyperledger.fabric.protos.peer.GetStateMultipleResult;
import org.hyperledger.fabric.protos.peer.PutState;
import org.hyperledger.fabric.protos.peer.QueryMetadata;
import org.hyperledger.fabric.protos.peer.QueryResponse;
import org.hyperledger.fabric.protos.peer.QueryStateClose;
import org.hyperledger.fabric.protos.peer.QueryStateNext;
import org.hyperledger.fabric.protos.peer.StateMetadataResult;
import org.hyperledger.fabric.protos.peer.WriteBatchState;
import org.hyperledger.fabric.protos.peer.WriteRecord;

/**
 * Answers what one chaincode asks during one invocation, in its own namespace. One message at a time, as a chaincode sends them.
 */
public final class StateRequests {
    private static final int MOST_ITERATORS = 1_000;

    private final String namespace;
    private final Simulation simulation;
    private final Map<String, RowPages> open = new HashMap<>();

    public StateRequests(String namespace, Simulation simulation) {
        this.namespace = namespace;
        this.simulation = simulation;
    }

    public Simulation simulation() {
        return simulation;
    }

    /**
     * The payload of the answer.
     *
     * @throws RefusedByLedger with the reason, for the chaincode
     */
    public synchronized ByteString answer(ChaincodeMessage message) throws InvalidProtocolBufferException {
        ByteString payload = message.getPayload();
        return switch (message.getType()) {
            case GET_STATE -> get(GetState.parseFrom(payload));
            case PUT_STATE -> put(PutState.parseFrom(payload));
            case DEL_STATE -> delete(DelState.parseFrom(payload));
            case GET_STATE_MULTIPLE -> getAll(GetStateMultiple.parseFrom(payload));
            case WRITE_BATCH_STATE -> write(WriteBatchState.parseFrom(payload));
            case GET_STATE_BY_RANGE -> range(GetStateByRange.parseFrom(payload));
            case GET_HISTORY_FOR_KEY ->
                open(simulation.history(
                        namespace, GetHistoryForKey.parseFrom(payload).getKey()));
            case QUERY_STATE_NEXT -> next(QueryStateNext.parseFrom(payload).getId());
            case QUERY_STATE_CLOSE -> close(QueryStateClose.parseFrom(payload).getId());
            case GET_STATE_METADATA -> metadata(GetStateMetadata.parseFrom(payload));
            case GET_QUERY_RESULT ->
                throw new RefusedByLedger(
                        "rich queries need a document database, which the embedded ledger does not have; use a range");
            case PUT_STATE_METADATA -> throw noKeyPolicies();
            case GET_PRIVATE_DATA_HASH, PURGE_PRIVATE_DATA -> throw noPrivateData();
            default -> throw new RefusedByLedger(message.getType() + " is not supported by the embedded ledger");
        };
    }

    private ByteString get(GetState request) {
        requirePublic(request.getCollection());
        return simulation.get(namespace, request.getKey());
    }

    private ByteString put(PutState request) {
        requirePublic(request.getCollection());
        simulation.put(namespace, request.getKey(), request.getValue());
        return ByteString.EMPTY;
    }

    private ByteString delete(DelState request) {
        requirePublic(request.getCollection());
        simulation.put(namespace, request.getKey(), ByteString.EMPTY);
        return ByteString.EMPTY;
    }

    /** The values in the order of the keys; empty for a key that is not there. */
    private ByteString getAll(GetStateMultiple request) {
        requirePublic(request.getCollection());
        var values = GetStateMultipleResult.newBuilder();
        request.getKeysList().forEach(key -> values.addValues(simulation.get(namespace, key)));
        return values.build().toByteString();
    }

    /** As if each write came by itself, in this order. */
    private ByteString write(WriteBatchState batch) {
        for (WriteRecord one : batch.getRecList()) {
            requirePublic(one.getCollection());
            switch (one.getType()) {
                case PUT_STATE -> simulation.put(namespace, one.getKey(), one.getValue());
                case DEL_STATE -> simulation.put(namespace, one.getKey(), ByteString.EMPTY);
                case PURGE_PRIVATE_DATA -> throw noPrivateData();
                case PUT_STATE_METADATA -> throw noKeyPolicies();
                default -> throw new RefusedByLedger("unknown operation type");
            }
        }
        return ByteString.EMPTY;
    }

    private ByteString range(GetStateByRange request) throws InvalidProtocolBufferException {
        requirePublic(request.getCollection());
        return open(simulation.range(
                namespace, request.getStartKey(), request.getEndKey(), QueryMetadata.parseFrom(request.getMetadata())));
    }

    private ByteString metadata(GetStateMetadata request) {
        requirePublic(request.getCollection());
        simulation.get(namespace, request.getKey());
        return StateMetadataResult.getDefaultInstance().toByteString();
    }

    private ByteString open(RowPages pages) {
        QueryResponse first = pages.nextBatch();
        if (!pages.done()) {
            if (open.size() >= MOST_ITERATORS) {
                throw new RefusedByLedger("more than " + MOST_ITERATORS + " iterators are open: close them");
            }
            open.put(first.getId(), pages);
        }
        return first.toByteString();
    }

    private ByteString next(String id) {
        RowPages pages = open.get(id);
        if (pages == null) {
            throw new RefusedByLedger("query iterator not found");
        }
        QueryResponse batch = pages.nextBatch();
        if (pages.done()) {
            open.remove(id);
        }
        return batch.toByteString();
    }

    private ByteString close(String id) {
        open.remove(id);
        return QueryResponse.newBuilder().setId(id).build().toByteString();
    }

    private static void requirePublic(String collection) {
        if (!collection.isEmpty()) {
            throw noPrivateData();
        }
    }

    private static RefusedByLedger noKeyPolicies() {
        return new RefusedByLedger("endorsement policies of single keys are not supported by the embedded ledger");
    }

    private static RefusedByLedger noPrivateData() {
        return new RefusedByLedger("private data collections are not supported by the embedded ledger");
    }
}
