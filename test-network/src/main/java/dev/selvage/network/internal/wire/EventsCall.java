package dev.selvage.network.internal.wire;

import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.Status.Code;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.List;
import org.hyperledger.fabric.protos.gateway.ChaincodeEventsRequest;
import org.hyperledger.fabric.protos.gateway.ChaincodeEventsResponse;
import org.hyperledger.fabric.protos.gateway.SignedChaincodeEventsRequest;
import org.hyperledger.fabric.protos.orderer.SeekPosition;
import org.hyperledger.fabric.protos.peer.ChaincodeEvent;

/** Gateway.ChaincodeEvents: one chaincode's events, block by block, from any place on. */
final class EventsCall {
    private final PeerContext peer;
    private final GatewayRules rules;

    EventsCall(PeerContext peer, GatewayRules rules) {
        this.peer = peer;
        this.rules = rules;
    }

    void run(SignedChaincodeEventsRequest signed, ServerCallStreamObserver<ChaincodeEventsResponse> client) {
        ChaincodeEventsRequest request = parse(signed);
        rules.requireReader(request.getChannelId(), request.getIdentity(), signed.getRequest(), signed.getSignature());
        EventFilter filter = new EventFilter(request.getChaincodeId(), request.getAfterTransactionId());
        BlockFollower follower =
                new BlockFollower(peer.store(), peer.feed(), start(request), client, peer.executor(), block -> {
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

    private static ChaincodeEventsRequest parse(SignedChaincodeEventsRequest signed) {
        GatewayRules.require(
                !signed.getRequest().isEmpty(), Code.INVALID_ARGUMENT, "a chaincode events request is required");
        try {
            return ChaincodeEventsRequest.parseFrom(signed.getRequest());
        } catch (InvalidProtocolBufferException e) {
            throw GatewayErrors.of(Code.INVALID_ARGUMENT, "invalid chaincode events request: " + e.getMessage());
        }
    }

    private long start(ChaincodeEventsRequest request) {
        String after = request.getAfterTransactionId();
        if (!after.isEmpty()) {
            var place = peer.store().place(after);
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
}
