package dev.selvage.network.internal.wire;

import io.grpc.Status.Code;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import org.hyperledger.fabric.protos.common.Envelope;
import org.hyperledger.fabric.protos.peer.DeliverGrpc;
import org.hyperledger.fabric.protos.peer.DeliverResponse;

/** protos.Deliver: whole and filtered blocks from any position on. */
final class DeliverService extends DeliverGrpc.DeliverImplBase {
    private final PeerContext peer;

    DeliverService(PeerContext peer) {
        this.peer = peer;
    }

    @Override
    public StreamObserver<Envelope> deliver(StreamObserver<DeliverResponse> client) {
        return new DeliverSession<>(
                peer,
                peer.access()::mayRead,
                (ServerCallStreamObserver<DeliverResponse>) client,
                status -> DeliverResponse.newBuilder().setStatus(status).build(),
                block -> DeliverResponse.newBuilder().setBlock(block).build());
    }

    @Override
    public StreamObserver<Envelope> deliverFiltered(StreamObserver<DeliverResponse> client) {
        return new DeliverSession<>(
                peer,
                peer.access()::mayRead,
                (ServerCallStreamObserver<DeliverResponse>) client,
                status -> DeliverResponse.newBuilder().setStatus(status).build(),
                block -> DeliverResponse.newBuilder()
                        .setFilteredBlock(FilteredBlocks.of(peer.channel(), block))
                        .build());
    }

    @Override
    public StreamObserver<Envelope> deliverWithPrivateData(StreamObserver<DeliverResponse> client) {
        client.onError(GatewayErrors.of(
                Code.UNIMPLEMENTED, "the embedded ledger has no private data: use Deliver for whole blocks"));
        return new StreamObserver<>() {
            @Override
            public void onNext(Envelope ignored) {}

            @Override
            public void onError(Throwable ignored) {}

            @Override
            public void onCompleted() {}
        };
    }
}
