package dev.selvage.network.internal.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.selvage.network.internal.access.AccessRules;
import dev.selvage.network.internal.chaincode.Failures;
import dev.selvage.network.internal.endorse.Endorsed;
import dev.selvage.network.internal.endorse.Endorsed.Failed;
import dev.selvage.network.internal.endorse.Endorsed.Simulated;
import dev.selvage.network.internal.endorse.UnpackedProposal;
import dev.selvage.network.internal.endorse.UnpackedProposal.Malformed;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.hyperledger.fabric.protos.common.Envelope;
import org.hyperledger.fabric.protos.common.Payload;
import org.hyperledger.fabric.protos.common.Status;
import org.hyperledger.fabric.protos.gateway.ChaincodeEventsRequest;
import org.hyperledger.fabric.protos.gateway.ChaincodeEventsResponse;
import org.hyperledger.fabric.protos.gateway.CommitStatusRequest;
import org.hyperledger.fabric.protos.gateway.CommitStatusResponse;
import org.hyperledger.fabric.protos.gateway.EndorseRequest;
import org.hyperledger.fabric.protos.gateway.EndorseResponse;
import org.hyperledger.fabric.protos.gateway.ErrorDetail;
import org.hyperledger.fabric.protos.gateway.EvaluateRequest;
import org.hyperledger.fabric.protos.gateway.EvaluateResponse;
import org.hyperledger.fabric.protos.gateway.GatewayGrpc;
import org.hyperledger.fabric.protos.gateway.SignedChaincodeEventsRequest;
import org.hyperledger.fabric.protos.gateway.SignedCommitStatusRequest;
import org.hyperledger.fabric.protos.gateway.SubmitRequest;
import org.hyperledger.fabric.protos.gateway.SubmitResponse;
import org.hyperledger.fabric.protos.orderer.BroadcastResponse;
import org.hyperledger.fabric.protos.orderer.SeekPosition;
import org.hyperledger.fabric.protos.peer.ChaincodeActionPayload;
import org.hyperledger.fabric.protos.peer.ChaincodeEndorsedAction;
import org.hyperledger.fabric.protos.peer.ChaincodeEvent;
import org.hyperledger.fabric.protos.peer.Endorsement;
import org.hyperledger.fabric.protos.peer.Response;
import org.hyperledger.fabric.protos.peer.Transaction;
import org.hyperledger.fabric.protos.peer.TransactionAction;

/** gateway.Gateway of one organisation's peer, with the codes and words of Fabric's. */
final class GatewayService extends GatewayGrpc.GatewayImplBase {
    private final PeerContext peer;
    private final String msp;

    GatewayService(PeerContext peer, String msp) {
        this.peer = peer;
        this.msp = msp;
    }

    @Override
    public void endorse(EndorseRequest request, StreamObserver<EndorseResponse> client) {
        UnpackedProposal proposal;
        try {
            if (request.getProposedTransaction().getProposalBytes().isEmpty()) {
                throw GatewayErrors.of(
                        Code.INVALID_ARGUMENT, "the proposed transaction must contain a signed proposal");
            }
            proposal = UnpackedProposal.of(request.getProposedTransaction());
            requireChannel(proposal.channel(), Code.FAILED_PRECONDITION);
            requireEndorsers(request.getEndorsingOrganizationsList());
            if (!peer.endorser().defined(proposal.chaincode())) {
                throw GatewayErrors.of(
                        Code.FAILED_PRECONDITION,
                        "no combination of peers can be derived which satisfy the endorsement policy: chaincode "
                                + proposal.chaincode() + " is not defined on channel " + proposal.channel());
            }
        } catch (Malformed e) {
            client.onError(GatewayErrors.of(Code.INVALID_ARGUMENT, e.getMessage()));
            return;
        } catch (StatusRuntimeException e) {
            client.onError(e);
            return;
        }
        boolean byPlan = request.getEndorsingOrganizationsCount() == 0;
        List<String> asked = byPlan ? List.of(msp) : List.copyOf(request.getEndorsingOrganizationsList());
        reply(client, peer.endorser().process(proposal).thenApply(endorsed -> {
            Simulated simulated = endorsed.fold(
                    good -> good,
                    failed -> {
                        throw notEndorsed(byPlan, details(asked, message(failed)));
                    },
                    refused -> {
                        throw notEndorsed(byPlan, details(asked, refused.message()));
                    });
            List<String> signers = byPlan ? plan(simulated) : asked;
            return EndorseResponse.newBuilder()
                    .setPreparedTransaction(prepare(simulated, signers))
                    .build();
        }));
    }

    @Override
    public void evaluate(EvaluateRequest request, StreamObserver<EvaluateResponse> client) {
        UnpackedProposal proposal;
        try {
            if (request.getProposedTransaction().getProposalBytes().isEmpty()) {
                throw GatewayErrors.of(
                        Code.INVALID_ARGUMENT, "failed to unpack transaction proposal: a signed proposal is required");
            }
            proposal = UnpackedProposal.of(request.getProposedTransaction());
            requireChannel(proposal.channel(), Code.UNAVAILABLE);
            requireEndorsers(request.getTargetOrganizationsList());
            if (!peer.endorser().defined(proposal.chaincode())) {
                throw GatewayErrors.of(
                        Code.FAILED_PRECONDITION,
                        "no peers available to evaluate chaincode " + proposal.chaincode() + " in channel "
                                + proposal.channel());
            }
        } catch (Malformed e) {
            client.onError(GatewayErrors.of(
                    Code.INVALID_ARGUMENT, "failed to unpack transaction proposal: " + e.getMessage()));
            return;
        } catch (StatusRuntimeException e) {
            client.onError(e);
            return;
        }
        List<String> asked = request.getTargetOrganizationsCount() > 0
                ? request.getTargetOrganizationsList()
                : proposal.transientPresent() ? List.of(msp) : localFirst();
        reply(
                client,
                peer.endorser()
                        .process(proposal)
                        .thenApply(endorsed -> EvaluateResponse.newBuilder()
                                .setResult(evaluated(endorsed, asked))
                                .build()));
    }

    private Response evaluated(Endorsed endorsed, List<String> asked) {
        return endorsed.fold(
                good -> good.response(),
                failed -> {
                    if (failed.byChaincode()) {
                        throw GatewayErrors.of(
                                Code.UNKNOWN,
                                "evaluate call to endorser returned error: " + message(failed),
                                details(asked.subList(0, 1), message(failed)));
                    }
                    throw GatewayErrors.of(
                            Code.ABORTED,
                            "failed to evaluate transaction, see attached details for more info",
                            details(asked, message(failed)));
                },
                refused -> {
                    if (refused.atTheDoor()) {
                        throw GatewayErrors.of(
                                Code.UNAVAILABLE,
                                "failed to evaluate transaction, see attached details for more info",
                                details(asked, refused.message()));
                    }
                    throw GatewayErrors.of(
                            Code.FAILED_PRECONDITION,
                            "evaluate call to endorser returned error: " + refused.message(),
                            details(asked.subList(0, 1), refused.message()));
                });
    }

    @Override
    public void submit(SubmitRequest request, StreamObserver<SubmitResponse> client) {
        try {
            if (!request.hasPreparedTransaction()) {
                throw GatewayErrors.of(Code.INVALID_ARGUMENT, "a prepared transaction is required");
            }
            if (request.getPreparedTransaction().getSignature().isEmpty()) {
                throw GatewayErrors.of(Code.INVALID_ARGUMENT, "prepared transaction must be signed");
            }
            requireChannel(request.getChannelId(), Code.FAILED_PRECONDITION);
            BroadcastResponse ordered = peer.orderer().order(request.getPreparedTransaction());
            if (ordered.getStatus().getNumber() >= 400 && ordered.getStatus().getNumber() < 500) {
                throw GatewayErrors.of(
                        Code.ABORTED,
                        "received unsuccessful response from orderer: status=" + ordered.getStatus() + ", info="
                                + ordered.getInfo());
            }
            if (ordered.getStatus() != Status.SUCCESS) {
                throw GatewayErrors.of(Code.UNAVAILABLE, "no orderers could successfully process transaction");
            }
            client.onNext(SubmitResponse.getDefaultInstance());
            client.onCompleted();
        } catch (StatusRuntimeException e) {
            client.onError(e);
        }
    }

    @Override
    public void commitStatus(SignedCommitStatusRequest signed, StreamObserver<CommitStatusResponse> client) {
        CommitStatusRequest request;
        try {
            if (signed.getRequest().isEmpty()) {
                throw GatewayErrors.of(Code.INVALID_ARGUMENT, "a commit status request is required");
            }
            request = CommitStatusRequest.parseFrom(signed.getRequest());
            if (request.getIdentity().isEmpty()) {
                throw GatewayErrors.of(Code.INVALID_ARGUMENT, "no identity provided");
            }
            if (request.getChannelId().isEmpty()) {
                throw GatewayErrors.of(Code.INVALID_ARGUMENT, "no channel ID provided");
            }
            if (request.getTransactionId().isEmpty()) {
                throw GatewayErrors.of(Code.INVALID_ARGUMENT, "transaction ID should not be empty");
            }
            requireChannel(request.getChannelId(), Code.PERMISSION_DENIED);
            requireReader(request.getIdentity(), signed.getRequest(), signed.getSignature());
        } catch (InvalidProtocolBufferException e) {
            client.onError(GatewayErrors.of(Code.INVALID_ARGUMENT, "invalid status request: " + e.getMessage()));
            return;
        } catch (StatusRuntimeException e) {
            client.onError(e);
            return;
        }
        AtomicReference<Runnable> stop = new AtomicReference<>(() -> {});
        ((ServerCallStreamObserver<?>) client)
                .setOnCancelHandler(() -> stop.get().run());
        stop.set(peer.feed().onTransaction(request.getTransactionId(), peer.store()::place, place -> {
            client.onNext(CommitStatusResponse.newBuilder()
                    .setResult(place.code())
                    .setBlockNumber(place.block())
                    .build());
            client.onCompleted();
        }));
    }

    @Override
    public void chaincodeEvents(SignedChaincodeEventsRequest signed, StreamObserver<ChaincodeEventsResponse> observer) {
        ServerCallStreamObserver<ChaincodeEventsResponse> client =
                (ServerCallStreamObserver<ChaincodeEventsResponse>) observer;
        ChaincodeEventsRequest request;
        long start;
        try {
            if (signed.getRequest().isEmpty()) {
                throw GatewayErrors.of(Code.INVALID_ARGUMENT, "a chaincode events request is required");
            }
            request = ChaincodeEventsRequest.parseFrom(signed.getRequest());
            requireChannel(request.getChannelId(), Code.PERMISSION_DENIED);
            requireReader(request.getIdentity(), signed.getRequest(), signed.getSignature());
            start = startOf(request);
        } catch (InvalidProtocolBufferException e) {
            client.onError(
                    GatewayErrors.of(Code.INVALID_ARGUMENT, "invalid chaincode events request: " + e.getMessage()));
            return;
        } catch (StatusRuntimeException e) {
            client.onError(e);
            return;
        }
        EventFilter filter = new EventFilter(request.getChaincodeId(), request.getAfterTransactionId());
        BlockFollower follower = new BlockFollower(peer.store(), peer.feed(), start, client, peer.executor(), block -> {
            List<ChaincodeEvent> events = filter.matching(EventBlocks.events(block));
            if (!events.isEmpty()) {
                client.onNext(ChaincodeEventsResponse.newBuilder()
                        .setBlockNumber(block.getHeader().getNumber())
                        .addAllEvents(events)
                        .build());
            }
            return true;
        });
        client.setOnCancelHandler(follower::close);
        client.setOnReadyHandler(follower::wake);
        follower.start();
    }

    private long startOf(ChaincodeEventsRequest request) {
        if (!request.getAfterTransactionId().isEmpty()) {
            var place = peer.store().place(request.getAfterTransactionId());
            if (place.isPresent()) {
                return place.get().block();
            }
        }
        SeekPosition position = request.getStartPosition();
        return switch (position.getTypeCase()) {
            case SPECIFIED -> position.getSpecified().getNumber();
            case NEXT_COMMIT, TYPE_NOT_SET -> peer.store().height();
            default ->
                throw GatewayErrors.of(Code.INVALID_ARGUMENT, "invalid start position type: " + position.getTypeCase());
        };
    }

    private List<String> plan(Simulated simulated) {
        return peer.plan()
                .choose(simulated.namespaces(), msp)
                .orElseThrow(() -> GatewayErrors.of(
                        Code.FAILED_PRECONDITION,
                        "no combination of peers can be derived which satisfy the endorsement policy"));
    }

    private Envelope prepare(Simulated simulated, Collection<String> signers) {
        UnpackedProposal proposal = simulated.proposal();
        List<Endorsement> endorsements = new ArrayList<>();
        for (String signer : signers) {
            endorsements.add(peer.plan().sign(signer, simulated.payload()));
        }
        ChaincodeActionPayload action = ChaincodeActionPayload.newBuilder()
                .setChaincodeProposalPayload(proposal.payloadWithoutTransient())
                .setAction(ChaincodeEndorsedAction.newBuilder()
                        .setProposalResponsePayload(simulated.payload())
                        .addAllEndorsements(endorsements))
                .build();
        Transaction transaction = Transaction.newBuilder()
                .addActions(TransactionAction.newBuilder()
                        .setHeader(proposal.header().getSignatureHeader())
                        .setPayload(action.toByteString()))
                .build();
        Payload payload = Payload.newBuilder()
                .setHeader(proposal.header())
                .setData(transaction.toByteString())
                .build();
        return Envelope.newBuilder().setPayload(payload.toByteString()).build();
    }

    /** Fabric's gateway answers for an unknown channel with another code in each of its calls. */
    private void requireChannel(String channel, Code whenUnknown) {
        if (channel.isEmpty()) {
            throw GatewayErrors.of(Code.INVALID_ARGUMENT, "no channel id provided");
        }
        if (!channel.equals(peer.channel())) {
            throw GatewayErrors.of(whenUnknown, "channel " + channel + " not found");
        }
    }

    private void requireEndorsers(List<String> msps) {
        List<String> missing = new ArrayList<>(msps);
        missing.removeAll(peer.plan().msps());
        if (!missing.isEmpty()) {
            throw GatewayErrors.of(
                    Code.UNAVAILABLE, "failed to find any endorsing peers for org(s): " + String.join(", ", missing));
        }
    }

    private void requireReader(ByteString identity, ByteString request, ByteString signature) {
        if (peer.access()
                .signer(identity, request, signature)
                .filter(peer.access()::mayRead)
                .isEmpty()) {
            throw GatewayErrors.of(Code.PERMISSION_DENIED, AccessRules.unsatisfied("Readers"));
        }
    }

    private List<String> localFirst() {
        List<String> msps = new ArrayList<>(peer.plan().msps());
        msps.remove(msp);
        msps.add(0, msp);
        return msps;
    }

    private List<ErrorDetail> details(List<String> msps, String message) {
        return msps.stream()
                .map(one -> ErrorDetail.newBuilder()
                        .setAddress(peer.addresses().get(one))
                        .setMspId(one)
                        .setMessage(message)
                        .build())
                .toList();
    }

    private static String message(Failed failed) {
        return failed.byChaincode()
                ? "chaincode response " + failed.response().getStatus() + ", "
                        + failed.response().getMessage()
                : failed.response().getMessage();
    }

    private static StatusRuntimeException notEndorsed(boolean byPlan, List<ErrorDetail> details) {
        return GatewayErrors.of(
                Code.ABORTED,
                byPlan
                        ? "failed to endorse transaction, see attached details for more info"
                        : "failed to collect enough transaction endorsements, see attached details for more info",
                details);
    }

    private static <T> void reply(StreamObserver<T> client, CompletableFuture<T> answer) {
        // a client that has gone by then is no error
        ((ServerCallStreamObserver<?>) client).setOnCancelHandler(() -> {});
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
