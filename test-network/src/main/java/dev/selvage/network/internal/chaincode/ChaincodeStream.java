package dev.selvage.network.internal.chaincode;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.selvage.network.internal.simulation.RefusedByLedger;
import dev.selvage.network.internal.simulation.StateRequests;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.hyperledger.fabric.protos.peer.ChaincodeAdditionalParams;
import org.hyperledger.fabric.protos.peer.ChaincodeID;
import org.hyperledger.fabric.protos.peer.ChaincodeMessage;
import org.hyperledger.fabric.protos.peer.ChaincodeSpec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One stream to one chaincode process, from its REGISTER to its end. Invocations are told apart by their transaction id alone, so one
 * chaincode runs a transaction at most once at a time. Thread-safe.
 */
final class ChaincodeStream implements StreamObserver<ChaincodeMessage> {
    private static final Logger LOG = LoggerFactory.getLogger(ChaincodeStream.class);

    /** What a peer since 3.1 takes and gives together, with its usual limits. */
    private static final ChaincodeAdditionalParams TOGETHER = ChaincodeAdditionalParams.newBuilder()
            .setUseWriteBatch(true)
            .setMaxSizeWriteBatch(1000)
            .setUseGetMultipleKeys(true)
            .setMaxSizeGetMultipleKeys(1000)
            .build();

    private final String chaincode;
    private final Duration executeTimeout;
    private final Invocation.Runner callees;
    private final Runnable onEnd;
    private final CompletableFuture<ChaincodeStream> ready = new CompletableFuture<>();
    private final Map<String, Running> running = new ConcurrentHashMap<>();
    private final Object sending = new Object();
    private StreamObserver<ChaincodeMessage> outbound;
    private volatile boolean ended;

    private record Running(Invocation invocation, StateRequests state, CompletableFuture<ChaincodeMessage> result) {}

    /**
     * @param callees runs the chaincodes that this one calls
     * @param onEnd told once when the stream is over
     */
    ChaincodeStream(String chaincode, Duration executeTimeout, Invocation.Runner callees, Runnable onEnd) {
        this.chaincode = chaincode;
        this.executeTimeout = executeTimeout;
        this.callees = callees;
        this.onEnd = onEnd;
    }

    /** The sending side, before anything arrives. */
    void bind(StreamObserver<ChaincodeMessage> requests) {
        synchronized (sending) {
            outbound = requests;
        }
    }

    /** Completes when the chaincode has registered; exceptionally when the stream ends before. */
    CompletableFuture<ChaincodeStream> ready() {
        return ready;
    }

    boolean usable() {
        return !ended && ready.isDone() && !ready.isCompletedExceptionally();
    }

    CompletableFuture<ChaincodeMessage> execute(Invocation invocation) {
        CompletableFuture<ChaincodeMessage> result = new CompletableFuture<>();
        StateRequests state = new StateRequests(chaincode, invocation.simulation());
        if (running.putIfAbsent(invocation.txId(), new Running(invocation, state, result)) != null) {
            return CompletableFuture.failedFuture(
                    new ExecutionFailed("txid: " + invocation.txId() + "(" + invocation.channel() + ") exists"));
        }
        if (ended) {
            end("chaincode stream terminated");
        } else {
            send(invocation.toMessage());
        }
        return result.orTimeout(executeTimeout.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((message, failure) -> running.remove(invocation.txId()))
                .exceptionallyCompose(failure -> CompletableFuture.failedFuture(
                        Failures.cause(failure) instanceof TimeoutException
                                ? new ExecutionFailed("error sending: timeout expired while executing transaction")
                                : failure));
    }

    @Override
    public void onNext(ChaincodeMessage message) {
        switch (message.getType()) {
            case REGISTER -> register(message);
            case COMPLETED, ERROR -> complete(message);
            case KEEPALIVE -> LOG.trace("{} is alive", chaincode);
            case INVOKE_CHAINCODE -> call(message);
            default -> answer(message);
        }
    }

    @Override
    public void onError(Throwable failure) {
        end("chaincode stream terminated");
    }

    @Override
    public void onCompleted() {
        end("chaincode stream terminated");
    }

    /** Ends the stream; what runs on it fails with the reason. */
    void end(String reason) {
        boolean first = !ended;
        ended = true;
        ready.completeExceptionally(new ExecutionFailed(reason));
        running.values()
                .forEach(one -> one.result().completeExceptionally(new ExecutionFailed("error sending: " + reason)));
        if (first) {
            synchronized (sending) {
                try {
                    if (outbound != null) { // null when nobody listened, so that the call ended within its start
                        outbound.onCompleted();
                    }
                } catch (IllegalStateException alreadyOver) {
                    LOG.trace("{}: the call is over already", chaincode);
                }
            }
            onEnd.run();
        }
    }

    private void register(ChaincodeMessage message) {
        try {
            LOG.info(
                    "chaincode {} registered as {}",
                    chaincode,
                    ChaincodeID.parseFrom(message.getPayload()).getName());
        } catch (InvalidProtocolBufferException e) {
            end("chaincode " + chaincode + " registered with a message that does not parse");
            return;
        }
        send(ChaincodeMessage.newBuilder()
                .setType(ChaincodeMessage.Type.REGISTERED)
                .build());
        send(ChaincodeMessage.newBuilder()
                .setType(ChaincodeMessage.Type.READY)
                .setPayload(TOGETHER.toByteString())
                .build());
        ready.complete(this);
    }

    private void complete(ChaincodeMessage message) {
        Running one = running.get(message.getTxid());
        if (one != null) {
            one.result().complete(message);
        }
    }

    private void answer(ChaincodeMessage message) {
        Running one = running.get(message.getTxid());
        if (one == null) {
            // too late: without an answer the shim would keep its thread for ever
            refuse(message, "no ledger context");
            return;
        }
        try {
            respond(message, one.state().answer(message));
        } catch (RefusedByLedger refused) {
            refuse(message, refused.getMessage());
        } catch (InvalidProtocolBufferException malformed) {
            refuse(message, "unmarshal failed");
        } catch (RuntimeException broken) {
            LOG.error("cannot answer {} of chaincode {}", message.getType(), chaincode, broken);
            refuse(message, "the ledger could not answer: " + broken);
        }
    }

    private void call(ChaincodeMessage message) {
        Running one = running.get(message.getTxid());
        if (one == null) {
            refuse(message, "could not get valid transaction");
            return;
        }
        ChaincodeSpec spec;
        try {
            spec = ChaincodeSpec.parseFrom(message.getPayload());
        } catch (InvalidProtocolBufferException malformed) {
            refuse(message, "unmarshal failed");
            return;
        }
        CallTarget target = CallTarget.parse(spec.getChaincodeId().getName());
        String channel = one.invocation().channel();
        if (!target.channelOr(channel).equals(channel)) {
            refuse(message, "failed to find ledger for channel: " + target.channelOr(channel));
            return;
        }
        Invocation callee = one.invocation().calling(target.chaincode(), spec.getInput());
        Failures.whenDone(callees.run(callee), (reply, failure) -> {
            if (failure == null) {
                respond(message, reply.toByteString());
            } else {
                refuse(message, "execute failed: " + Failures.message(failure));
            }
        });
    }

    private void respond(ChaincodeMessage to, ByteString payload) {
        send(reply(to, ChaincodeMessage.Type.RESPONSE, payload));
    }

    private void refuse(ChaincodeMessage to, String reason) {
        String text = to.getType() + " failed: transaction ID: " + to.getTxid() + ": " + reason;
        send(reply(to, ChaincodeMessage.Type.ERROR, ByteString.copyFromUtf8(text)));
    }

    private static ChaincodeMessage reply(ChaincodeMessage to, ChaincodeMessage.Type type, ByteString payload) {
        return ChaincodeMessage.newBuilder()
                .setType(type)
                .setTxid(to.getTxid())
                .setChannelId(to.getChannelId())
                .setPayload(payload)
                .build();
    }

    private void send(ChaincodeMessage message) {
        synchronized (sending) {
            if (!ended) {
                outbound.onNext(message);
            }
        }
    }
}
