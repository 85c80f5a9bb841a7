package dev.selvage.network.internal.wire;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.selvage.network.internal.chaincode.Failures;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.hyperledger.fabric.protos.common.Status;
import org.hyperledger.fabric.protos.gateway.ChaincodeEventsResponse;
import org.hyperledger.fabric.protos.gateway.CommitStatusRequest;
import org.hyperledger.fabric.protos.gateway.CommitStatusResponse;
import org.hyperledger.fabric.protos.gateway.EndorseRequest;
import org.hyperledger.fabric.protos.gateway.EndorseResponse;
import org.hyperledger.fabric.protos.gateway.EvaluateRequest;
import org.hyperledger.fabric.protos.gateway.EvaluateResponse;
import org.hyperledger.fabric.protos.gateway.GatewayGrpc;
import org.hyperledger.fabric.protos.gateway.SignedChaincodeEventsRequest;
import org.hyperledger.fabric.protos.gateway.SignedCommitStatusRequest;
import org.hyperledger.fabric.protos.gateway.SubmitRequest;
import org.hyperledger.fabric.protos.gateway.SubmitResponse;
import org.hyperledger.fabric.protos.orderer.BroadcastResponse;

/** gateway.Gateway of one organisation's peer, with the codes and words of Fabric's. */
final class GatewayService extends GatewayGrpc.GatewayImplBase {
    private final PeerContext peer;
    private final GatewayRules rules;
    private final EndorseCall endorse;
    private final EvaluateCall evaluate;
    private final EventsCall events;

    GatewayService(PeerContext peer, String msp) {
        this.peer = peer;
        this.rules = new GatewayRules(peer, msp);
        this.endorse = new EndorseCall(peer, rules, msp);
        this.evaluate = new EvaluateCall(peer, rules, msp);
        this.events = new EventsCall(peer, rules);
    }

    @Override
    public void endorse(EndorseRequest request, StreamObserver<EndorseResponse> client) {
        reply(client, endorse::run, request);
    }

    @Override
    public void evaluate(EvaluateRequest request, StreamObserver<EvaluateResponse> client) {
        reply(client, evaluate::run, request);
    }

    @Override
    public void submit(SubmitRequest request, StreamObserver<SubmitResponse> client) {
        reply(client, this::order, request);
    }

    private CompletableFuture<SubmitResponse> order(SubmitRequest request) {
        GatewayRules.require(
                request.hasPreparedTransaction(), Code.INVALID_ARGUMENT, "a prepared transaction is required");
        GatewayRules.require(
                !request.getPreparedTransaction().getSignature().isEmpty(),
                Code.INVALID_ARGUMENT,
                "prepared transaction must be signed");
        GatewayRules.require(
                rules.isOurs(request.getChannelId()),
                Code.FAILED_PRECONDITION,
                "failed to get config for channel [" + request.getChannelId() + "]");
        BroadcastResponse ordered = peer.orderer().order(request.getPreparedTransaction());
        int status = ordered.getStatus().getNumber();
        GatewayRules.require(
                status < 400 || status >= 500,
                Code.ABORTED,
                "received unsuccessful response from orderer: status=" + ordered.getStatus() + ", info="
                        + ordered.getInfo());
        GatewayRules.require(
                ordered.getStatus() == Status.SUCCESS,
                Code.UNAVAILABLE,
                "no orderers could successfully process transaction");
        return CompletableFuture.completedFuture(SubmitResponse.getDefaultInstance());
    }

    @Override
    public void commitStatus(SignedCommitStatusRequest signed, StreamObserver<CommitStatusResponse> client) {
        try {
            String txId = statusOf(signed);
            AtomicReference<Runnable> stop = new AtomicReference<>(() -> {});
            ((ServerCallStreamObserver<?>) client)
                    .setOnCancelHandler(() -> stop.get().run());
            stop.set(peer.feed().onTransaction(txId, peer.store()::place, place -> {
                client.onNext(CommitStatusResponse.newBuilder()
                        .setResult(place.code())
                        .setBlockNumber(place.block())
                        .build());
                client.onCompleted();
            }));
        } catch (StatusRuntimeException e) {
            client.onError(e);
        }
    }

    private String statusOf(SignedCommitStatusRequest signed) {
        GatewayRules.require(
                !signed.getRequest().isEmpty(), Code.INVALID_ARGUMENT, "a commit status request is required");
        CommitStatusRequest request;
        try {
            request = CommitStatusRequest.parseFrom(signed.getRequest());
        } catch (InvalidProtocolBufferException e) {
            throw GatewayErrors.of(Code.INVALID_ARGUMENT, "invalid status request: " + e.getMessage());
        }
        GatewayRules.require(!request.getIdentity().isEmpty(), Code.INVALID_ARGUMENT, "no identity provided");
        GatewayRules.require(!request.getChannelId().isEmpty(), Code.INVALID_ARGUMENT, "no channel ID provided");
        GatewayRules.require(
                !request.getTransactionId().isEmpty(), Code.INVALID_ARGUMENT, "transaction ID should not be empty");
        rules.requireReader(request.getChannelId(), request.getIdentity(), signed.getRequest(), signed.getSignature());
        return request.getTransactionId();
    }

    @Override
    public void chaincodeEvents(SignedChaincodeEventsRequest signed, StreamObserver<ChaincodeEventsResponse> client) {
        try {
            events.run(signed, (ServerCallStreamObserver<ChaincodeEventsResponse>) client);
        } catch (StatusRuntimeException e) {
            client.onError(e);
        }
    }

    private static <Q, A> void reply(StreamObserver<A> client, Function<Q, CompletableFuture<A>> function, Q request) {
        // a client that has gone by then is no error
        ((ServerCallStreamObserver<?>) client).setOnCancelHandler(() -> {});
        CompletableFuture<A> answer;
        try {
            answer = function.apply(request);
        } catch (StatusRuntimeException refused) {
            client.onError(refused);
            return;
        }
        Failures.whenDone(answer, (message, failure) -> {
            if (failure == null) {
                client.onNext(message);
                client.onCompleted();
            } else {
                Throwable cause = Failures.cause(failure);
                client.onError(
                        cause instanceof StatusRuntimeException
                                ? cause
                                : GatewayErrors.of(Code.ABORTED, String.valueOf(cause.getMessage())));
            }
        });
    }
}
