package dev.selvage.cli.internal.client;

import com.google.protobuf.ByteString;
import dev.selvage.formats.config.HostPort;
import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import org.hyperledger.fabric.protos.common.ChannelHeader;
import org.hyperledger.fabric.protos.common.Envelope;
import org.hyperledger.fabric.protos.common.Header;
import org.hyperledger.fabric.protos.common.Payload;
import org.hyperledger.fabric.protos.gateway.CommitStatusRequest;
import org.hyperledger.fabric.protos.gateway.CommitStatusResponse;
import org.hyperledger.fabric.protos.gateway.EndorseRequest;
import org.hyperledger.fabric.protos.gateway.EndorseResponse;
import org.hyperledger.fabric.protos.gateway.EvaluateRequest;
import org.hyperledger.fabric.protos.gateway.EvaluateResponse;
import org.hyperledger.fabric.protos.gateway.GatewayGrpc;
import org.hyperledger.fabric.protos.gateway.SignedCommitStatusRequest;
import org.hyperledger.fabric.protos.gateway.SubmitRequest;
import org.hyperledger.fabric.protos.gateway.SubmitResponse;
import org.hyperledger.fabric.protos.peer.ChaincodeAction;
import org.hyperledger.fabric.protos.peer.ChaincodeActionPayload;
import org.hyperledger.fabric.protos.peer.ChaincodeEndorsedAction;
import org.hyperledger.fabric.protos.peer.ProposalResponsePayload;
import org.hyperledger.fabric.protos.peer.Response;
import org.hyperledger.fabric.protos.peer.Transaction;
import org.hyperledger.fabric.protos.peer.TransactionAction;
import org.hyperledger.fabric.protos.peer.TxValidationCode;

/** A gateway that answers as it is told: what no real one can be made to do on the spot. It endorses everything with the answer "done". */
public final class ScriptedPeer extends GatewayGrpc.GatewayImplBase implements AutoCloseable {
    static final String ANSWER = "done";

    /** What each submit is answered, in turn; afterwards all is well. */
    final Queue<Status> submits = new ConcurrentLinkedQueue<>();
    /** What each question for the status is answered, in turn; afterwards there is no answer. */
    final Queue<TxValidationCode> statuses = new ConcurrentLinkedQueue<>();
    /** How many submits there must be before a question for the status is answered. */
    volatile int answersStatusAfter;
    /** What an endorse is answered. */
    public volatile Status endorse = Status.OK;
    /** What an evaluate is answered. */
    volatile Status evaluate = Status.OK;

    final List<String> submitted = new CopyOnWriteArrayList<>();
    final List<String> asked = new CopyOnWriteArrayList<>();
    private final Server server;

    public ScriptedPeer() {
        try {
            server = Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
                    .addService(this)
                    .build()
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public HostPort address() {
        return new HostPort("127.0.0.1", server.getPort());
    }

    @Override
    public void evaluate(EvaluateRequest request, StreamObserver<EvaluateResponse> client) {
        if (evaluate.isOk()) {
            client.onNext(EvaluateResponse.newBuilder().setResult(answer()).build());
            client.onCompleted();
        } else {
            client.onError(evaluate.asRuntimeException());
        }
    }

    private static Response answer() {
        return Response.newBuilder()
                .setStatus(200)
                .setPayload(ByteString.copyFromUtf8(ANSWER))
                .build();
    }

    @Override
    public void endorse(EndorseRequest request, StreamObserver<EndorseResponse> client) {
        if (!endorse.isOk()) {
            client.onError(endorse.asRuntimeException());
            return;
        }
        var action = ChaincodeActionPayload.newBuilder()
                .setAction(ChaincodeEndorsedAction.newBuilder()
                        .setProposalResponsePayload(ProposalResponsePayload.newBuilder()
                                .setExtension(ChaincodeAction.newBuilder()
                                        .setResponse(answer())
                                        .build()
                                        .toByteString())
                                .build()
                                .toByteString()));
        var payload = Payload.newBuilder()
                .setHeader(Header.newBuilder()
                        .setChannelHeader(ChannelHeader.newBuilder()
                                .setChannelId(request.getChannelId())
                                .setTxId(request.getTransactionId())
                                .build()
                                .toByteString()))
                .setData(Transaction.newBuilder()
                        .addActions(TransactionAction.newBuilder()
                                .setPayload(action.build().toByteString()))
                        .build()
                        .toByteString());
        client.onNext(EndorseResponse.newBuilder()
                .setPreparedTransaction(
                        Envelope.newBuilder().setPayload(payload.build().toByteString()))
                .build());
        client.onCompleted();
    }

    @Override
    public void submit(SubmitRequest request, StreamObserver<SubmitResponse> client) {
        submitted.add(request.getTransactionId());
        var status = submits.poll();
        if (status == null || status.isOk()) {
            client.onNext(SubmitResponse.getDefaultInstance());
            client.onCompleted();
        } else {
            client.onError(status.asRuntimeException());
        }
    }

    @Override
    public void commitStatus(SignedCommitStatusRequest request, StreamObserver<CommitStatusResponse> client) {
        try {
            asked.add(CommitStatusRequest.parseFrom(request.getRequest()).getTransactionId());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var code = submitted.size() < answersStatusAfter ? null : statuses.poll();
        if (code != null) {
            client.onNext(CommitStatusResponse.newBuilder()
                    .setResult(code)
                    .setBlockNumber(1)
                    .build());
            client.onCompleted();
        }
    }

    @Override
    public void close() {
        server.shutdownNow();
    }
}
