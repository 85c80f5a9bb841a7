package dev.selvage.agent.ledger;

import com.google.protobuf.ByteString;
import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.hyperledger.fabric.protos.common.Block;
import org.hyperledger.fabric.protos.common.BlockHeader;
import org.hyperledger.fabric.protos.common.Envelope;
import org.hyperledger.fabric.protos.common.Status;
import org.hyperledger.fabric.protos.gateway.EvaluateRequest;
import org.hyperledger.fabric.protos.gateway.EvaluateResponse;
import org.hyperledger.fabric.protos.gateway.GatewayGrpc;
import org.hyperledger.fabric.protos.peer.DeliverGrpc;
import org.hyperledger.fabric.protos.peer.DeliverResponse;
import org.hyperledger.fabric.protos.peer.Response;

/** A peer that answers, refuses or hangs as it is told, with blocks that are empty. */
final class ScriptedPeer implements AutoCloseable {
    /** Why an evaluate is refused; OK when it is answered. */
    volatile io.grpc.Status refusal = io.grpc.Status.OK;
    /** How it ends a stream of blocks at once; SUCCESS when it follows. */
    volatile Status ending = Status.SUCCESS;
    /** Whether it takes everything and says nothing. */
    volatile boolean hangs;

    final AtomicInteger evaluated = new AtomicInteger();
    private final Set<StreamObserver<DeliverResponse>> followers = ConcurrentHashMap.newKeySet();
    private final Server server;

    ScriptedPeer() {
        try {
            server = Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
                    .addService(new Evaluating())
                    .addService(new Delivering())
                    .build()
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return server.getPort();
    }

    /** How many follow its blocks. */
    int followers() {
        return followers.size();
    }

    /** Gives a block to whoever follows. */
    void give(long number) {
        if (!hangs) {
            followers.forEach(follower -> follower.onNext(block(number)));
        }
    }

    private static DeliverResponse block(long number) {
        return DeliverResponse.newBuilder()
                .setBlock(Block.newBuilder().setHeader(BlockHeader.newBuilder().setNumber(number)))
                .build();
    }

    private final class Evaluating extends GatewayGrpc.GatewayImplBase {
        @Override
        public void evaluate(EvaluateRequest request, StreamObserver<EvaluateResponse> client) {
            evaluated.incrementAndGet();
            if (hangs) {
                return;
            }
            if (!refusal.isOk()) {
                client.onError(refusal.asRuntimeException());
                return;
            }
            client.onNext(EvaluateResponse.newBuilder()
                    .setResult(Response.newBuilder().setStatus(200).setPayload(ByteString.copyFromUtf8("well")))
                    .build());
            client.onCompleted();
        }
    }

    private final class Delivering extends DeliverGrpc.DeliverImplBase {
        @Override
        public StreamObserver<Envelope> deliver(StreamObserver<DeliverResponse> client) {
            return new StreamObserver<>() {
                @Override
                public void onNext(Envelope request) {
                    if (ending != Status.SUCCESS) {
                        client.onNext(
                                DeliverResponse.newBuilder().setStatus(ending).build());
                        client.onCompleted();
                    } else {
                        followers.add(client);
                    }
                }

                @Override
                public void onError(Throwable gone) {
                    followers.remove(client);
                }

                @Override
                public void onCompleted() {
                    // the client sends one request and half-closes
                }
            };
        }
    }

    @Override
    public void close() {
        server.shutdownNow();
    }
}
