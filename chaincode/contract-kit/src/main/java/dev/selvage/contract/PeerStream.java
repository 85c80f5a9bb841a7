package dev.selvage.contract;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.hyperledger.fabric.protos.peer.ChaincodeAdditionalParams;
import org.hyperledger.fabric.protos.peer.ChaincodeMessage;
import org.hyperledger.fabric.protos.peer.DelState;
import org.hyperledger.fabric.protos.peer.GetStateMultiple;
import org.hyperledger.fabric.protos.peer.GetStateMultipleResult;
import org.hyperledger.fabric.protos.peer.PutState;
import org.hyperledger.fabric.protos.peer.Response;
import org.hyperledger.fabric.protos.peer.WriteBatchState;
import org.hyperledger.fabric.protos.peer.WriteRecord;

/**
 * Stands between the shim and its peer and saves round trips where the peer can do with fewer, as Fabric 3.1's says when it is ready:
 * writes are kept and sent together before the invocation completes, several keys are read at once. What is read and written is the
 * same with any peer. Thread-safe.
 */
final class PeerStream {
    private static final Logger LOG = Logger.getLogger(PeerStream.class.getName());
    private static final long PATIENCE_SECONDS = 60;
    private static final int FAILED = 500;

    private final StreamObserver<ChaincodeMessage> toPeer;
    private final Map<String, List<WriteRecord>> writes = new ConcurrentHashMap<>();
    /** Who takes the peer's next answer in a transaction, where that is not the shim. */
    private final Map<String, Consumer<ChaincodeMessage>> answers = new ConcurrentHashMap<>();

    private volatile StreamObserver<ChaincodeMessage> toShim;
    private volatile ChaincodeAdditionalParams peer = ChaincodeAdditionalParams.getDefaultInstance();

    PeerStream(StreamObserver<ChaincodeMessage> toPeer) {
        this.toPeer = toPeer;
    }

    /** What the shim sends to. */
    StreamObserver<ChaincodeMessage> outgoing() {
        return new Passing(toPeer) {
            @Override
            public void onNext(ChaincodeMessage message) {
                switch (message.getType()) {
                    case PUT_STATE, DEL_STATE -> write(message);
                    case COMPLETED -> complete(message);
                    case ERROR -> {
                        writes.remove(key(message));
                        send(message);
                    }
                    default -> send(message);
                }
            }
        };
    }

    /** What the peer sends to, before the shim. */
    StreamObserver<ChaincodeMessage> incoming(StreamObserver<ChaincodeMessage> shim) {
        toShim = shim;
        return new Passing(shim) {
            @Override
            public void onNext(ChaincodeMessage message) {
                switch (message.getType()) {
                    case READY -> {
                        peer = params(message);
                        shim.onNext(message);
                    }
                    case RESPONSE, ERROR -> {
                        var taker = answers.remove(key(message));
                        if (taker == null) {
                            shim.onNext(message);
                        } else {
                            taker.accept(message);
                        }
                    }
                    default -> shim.onNext(message);
                }
            }
        };
    }

    private static String key(ChaincodeMessage message) {
        return message.getChannelId() + "/" + message.getTxid();
    }

    private void send(ChaincodeMessage message) {
        synchronized (toPeer) {
            toPeer.onNext(message);
        }
    }

    private static ChaincodeAdditionalParams params(ChaincodeMessage ready) {
        try {
            return ChaincodeAdditionalParams.parseFrom(ready.getPayload());
        } catch (InvalidProtocolBufferException e) {
            LOG.log(Level.FINE, "the peer says nothing that is understood of batches", e);
            return ChaincodeAdditionalParams.getDefaultInstance();
        }
    }

    // ---- writes ----

    /** Keeps the write and answers in the peer's place; a peer without batches gets it at once. */
    private void write(ChaincodeMessage message) {
        if (!peer.getUseWriteBatch() || peer.getMaxSizeWriteBatch() < 1) {
            send(message);
            return;
        }
        try {
            writes.computeIfAbsent(key(message), tx -> new ArrayList<>()).add(record(message));
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("the shim wrote what cannot be read", e);
        }
        toShim.onNext(ChaincodeMessage.newBuilder()
                .setType(ChaincodeMessage.Type.RESPONSE)
                .setChannelId(message.getChannelId())
                .setTxid(message.getTxid())
                .build());
    }

    private static WriteRecord record(ChaincodeMessage message) throws InvalidProtocolBufferException {
        if (message.getType() == ChaincodeMessage.Type.PUT_STATE) {
            var put = PutState.parseFrom(message.getPayload());
            return WriteRecord.newBuilder()
                    .setType(WriteRecord.Type.PUT_STATE)
                    .setKey(put.getKey())
                    .setValue(put.getValue())
                    .setCollection(put.getCollection())
                    .build();
        }
        var delete = DelState.parseFrom(message.getPayload());
        return WriteRecord.newBuilder()
                .setType(WriteRecord.Type.DEL_STATE)
                .setKey(delete.getKey())
                .setCollection(delete.getCollection())
                .build();
    }

    /** The invocation is over: what it wrote goes first. */
    private void complete(ChaincodeMessage completed) {
        var kept = writes.remove(key(completed));
        if (kept == null) {
            send(completed);
        } else {
            sendWrites(completed, kept, 0);
        }
    }

    private void sendWrites(ChaincodeMessage completed, List<WriteRecord> kept, int from) {
        if (from >= kept.size()) {
            send(completed);
            return;
        }
        int to = Math.min(kept.size(), from + peer.getMaxSizeWriteBatch());
        var batch = WriteBatchState.newBuilder().addAllRec(kept.subList(from, to));
        answers.put(key(completed), answer -> {
            if (answer.getType() == ChaincodeMessage.Type.ERROR) {
                send(refused(completed, answer));
            } else {
                sendWrites(completed, kept, to);
            }
        });
        send(message(
                ChaincodeMessage.Type.WRITE_BATCH_STATE,
                completed.getChannelId(),
                completed.getTxid(),
                batch.build().toByteString()));
    }

    /** The peer takes no such write: the invocation fails as if the shim had heard it. */
    private static ChaincodeMessage refused(ChaincodeMessage completed, ChaincodeMessage answer) {
        var response = Response.newBuilder()
                .setStatus(FAILED)
                .setMessage("The peer refused a write: " + answer.getPayload().toStringUtf8());
        return completed.toBuilder()
                .clearChaincodeEvent()
                .setPayload(response.build().toByteString())
                .build();
    }

    // ---- reads ----

    /** Whether several keys can be read at once. */
    boolean readsTogether() {
        return peer.getUseGetMultipleKeys() && peer.getMaxSizeGetMultipleKeys() > 0;
    }

    /**
     * The values of the keys in their order; empty for a key that is not there. Blocks.
     *
     * @throws IllegalStateException when the peer refuses or does not answer
     */
    List<byte[]> read(String channel, String txid, List<String> keys) {
        List<byte[]> values = new ArrayList<>();
        int most = peer.getMaxSizeGetMultipleKeys();
        for (int from = 0; from < keys.size(); from += most) {
            readSome(channel, txid, keys.subList(from, Math.min(keys.size(), from + most)), values);
        }
        return values;
    }

    private void readSome(String channel, String txid, List<String> keys, List<byte[]> values) {
        var answer = new CompletableFuture<ChaincodeMessage>();
        String key = channel + "/" + txid;
        answers.put(key, answer::complete);
        send(message(
                ChaincodeMessage.Type.GET_STATE_MULTIPLE,
                channel,
                txid,
                GetStateMultiple.newBuilder().addAllKeys(keys).build().toByteString()));
        try {
            var message = answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (message.getType() != ChaincodeMessage.Type.RESPONSE) {
                throw new IllegalStateException(
                        "The peer refused a read: " + message.getPayload().toStringUtf8());
            }
            var found = GetStateMultipleResult.parseFrom(message.getPayload());
            if (found.getValuesCount() != keys.size()) {
                throw new IllegalStateException("The peer answered with another number of values.");
            }
            found.getValuesList().forEach(value -> values.add(value.toByteArray()));
        } catch (TimeoutException | ExecutionException | InvalidProtocolBufferException e) {
            throw new IllegalStateException("The peer did not answer a read.", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("The chaincode stops.", e);
        } finally {
            answers.remove(key);
        }
    }

    private static ChaincodeMessage message(
            ChaincodeMessage.Type type, String channel, String txid, ByteString payload) {
        return ChaincodeMessage.newBuilder()
                .setType(type)
                .setChannelId(channel)
                .setTxid(txid)
                .setPayload(payload)
                .build();
    }

    /** Hands on how a stream ends. */
    private abstract static class Passing implements StreamObserver<ChaincodeMessage> {
        private final StreamObserver<ChaincodeMessage> next;

        Passing(StreamObserver<ChaincodeMessage> next) {
            this.next = next;
        }

        @Override
        public void onError(Throwable fault) {
            next.onError(fault);
        }

        @Override
        public void onCompleted() {
            next.onCompleted();
        }
    }
}
