package dev.selvage.agent.peer;

import dev.selvage.agent.peer.v1.HelloAnswer;
import dev.selvage.agent.peer.v1.HelloRequest;
import dev.selvage.agent.peer.v1.ProbeGrpc;
import dev.selvage.agent.peer.v1.Way;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.NodeId;
import dev.selvage.model.SelvageException;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.StreamObserver;
import java.time.Clock;
import java.util.concurrent.Semaphore;

/** Tells other nodes the time, and whether they are reached from here. Callers need a TLS certificate of an organisation of the channel. */
public final class ProbeService extends ProbeGrpc.ProbeImplBase {
    private static final int WAYS_BACK = 2;

    private final NodeId self;
    private final Probes probes;
    private final Clock clock;
    private final Semaphore waysBack = new Semaphore(WAYS_BACK);

    /** @param self as which this node is asked */
    public ProbeService(NodeId self, Probes probes, Clock clock) {
        this.self = self;
        this.probes = probes;
        this.clock = clock;
    }

    /** The service as it is to be served. */
    public ServerServiceDefinition forNodes() {
        return ServerInterceptors.intercept(this, new CertificateNeeded());
    }

    @Override
    public void hello(HelloRequest request, StreamObserver<HelloAnswer> responses) {
        try {
            if (!request.getNode().equals(self.toString())) {
                throw new SelvageException(
                        ErrorCode.REQUEST_INVALID, "This is " + self + ", and another node was asked for.");
            }
            var answer = HelloAnswer.newBuilder();
            if (request.getBack()) {
                answer.setBack(back(NodeId.parse(request.getFrom())));
            }
            responses.onNext(answer.setTimeMs(clock.millis()).build());
            responses.onCompleted();
        } catch (SelvageException e) {
            responses.onError(PeerStatus.of(e));
        }
    }

    private Way back(NodeId asker) {
        if (!waysBack.tryAcquire()) {
            throw new SelvageException(ErrorCode.TOO_MANY_REQUESTS, "This node tries enough ways back: repeat later.");
        }
        try {
            var tried = probes.there(asker);
            return Way.newBuilder()
                    .setFault(tried.fault().map(SelvageException::toWire).orElse(""))
                    .setSkewMs(tried.skew().toMillis())
                    .setRoundTripMs(tried.roundTrip().toMillis())
                    .build();
        } finally {
            waysBack.release();
        }
    }
}
