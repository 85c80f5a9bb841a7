package dev.selvage.network.internal.wire;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import org.hyperledger.fabric.protos.common.Envelope;
import org.hyperledger.fabric.protos.orderer.AtomicBroadcastGrpc;
import org.hyperledger.fabric.protos.orderer.BroadcastResponse;
import org.hyperledger.fabric.protos.orderer.DeliverResponse;

/** orderer.AtomicBroadcast: takes envelopes one by one, and delivers blocks to any member of the channel. */
final class OrdererService extends AtomicBroadcastGrpc.AtomicBroadcastImplBase {
    private final PeerContext peer;

    OrdererService(PeerContext peer) {
        this.peer = peer;
    }

    @Override
    public StreamObserver<Envelope> broadcast(StreamObserver<BroadcastResponse> client) {
        return new StreamObserver<>() {
            @Override
            public void onNext(Envelope envelope) {
                client.onNext(peer.orderer().order(envelope));
            }

            @Override
            public void onError(Throwable failure) {
                // the client has gone; what it sent before stands
            }

            @Override
            public void onCompleted() {
                client.onCompleted();
            }
        };
    }

    @Override
    public StreamObserver<Envelope> deliver(StreamObserver<DeliverResponse> client) {
        return new DeliverSession<>(
                peer,
                peer.access()::mayReadChannel,
                (ServerCallStreamObserver<DeliverResponse>) client,
                status -> DeliverResponse.newBuilder().setStatus(status).build(),
                block -> DeliverResponse.newBuilder().setBlock(block).build());
    }
}
