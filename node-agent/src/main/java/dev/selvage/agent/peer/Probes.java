package dev.selvage.agent.peer;

import dev.selvage.agent.peer.v1.HelloAnswer;
import dev.selvage.agent.peer.v1.HelloRequest;
import dev.selvage.agent.peer.v1.ProbeGrpc;
import dev.selvage.agent.peer.v1.Way;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.NodeId;
import dev.selvage.model.SelvageException;
import io.grpc.StatusRuntimeException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Tries the ways to other nodes. Thread-safe. */
public final class Probes {
    private static final Duration THERE = Duration.ofSeconds(5);
    private static final Duration AND_BACK = Duration.ofSeconds(15);

    private final NodeId self;
    private final Connections connections;
    private final Clock clock;

    Probes(NodeId self, Connections connections, Clock clock) {
        this.self = self;
        this.connections = connections;
        this.clock = clock;
    }

    /**
     * One way between two nodes.
     *
     * @param fault why it failed; empty when it did not
     * @param skew how far the clock at its end is ahead of the one at its beginning; uncertain by half the round trip
     */
    public record Tried(Optional<SelvageException> fault, Duration skew, Duration roundTrip) {
        static Tried failed(SelvageException fault) {
            return new Tried(Optional.of(fault), Duration.ZERO, Duration.ZERO);
        }
    }

    /** The way from this node to another. Blocks, for 10 seconds at most. */
    public Tried there(NodeId node) {
        try {
            hello(node, false, THERE); // the link is made, so that the second call measures no handshake
            long before = clock.millis();
            long theirs = hello(node, false, THERE).getTimeMs();
            long after = clock.millis();
            return new Tried(
                    Optional.empty(),
                    Duration.ofMillis(theirs - (before + after) / 2),
                    Duration.ofMillis(Math.max(0, after - before)));
        } catch (SelvageException e) {
            return Tried.failed(e);
        }
    }

    /** The way from another node to this one, tried and told by the other. Blocks, for 15 seconds at most. */
    public Tried back(NodeId node) {
        try {
            Way way = hello(node, true, AND_BACK).getBack();
            return new Tried(
                    SelvageException.fromWire(way.getFault()),
                    Duration.ofMillis(way.getSkewMs()),
                    Duration.ofMillis(way.getRoundTripMs()));
        } catch (SelvageException e) {
            return Tried.failed(e);
        }
    }

    private HelloAnswer hello(NodeId node, boolean back, Duration patience) {
        var request = HelloRequest.newBuilder()
                .setNode(node.toString())
                .setFrom(self.toString())
                .setBack(back)
                .build();
        try {
            return ProbeGrpc.newBlockingStub(connections.to(node))
                    .withDeadlineAfter(patience.toMillis(), TimeUnit.MILLISECONDS)
                    .hello(request);
        } catch (StatusRuntimeException e) {
            throw PeerStatus.fault(node.toString(), e);
        } catch (IllegalArgumentException e) {
            throw new SelvageException(
                    ErrorCode.PEER_UNREACHABLE, node + " has told the ledger an address that is none.", e);
        }
    }
}
