package dev.selvage.network.internal.wire;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.selvage.network.internal.access.TimeWindow;
import dev.selvage.network.org.Member;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.function.Function;
import java.util.function.Predicate;
import org.hyperledger.fabric.protos.common.Block;
import org.hyperledger.fabric.protos.common.ChannelHeader;
import org.hyperledger.fabric.protos.common.Envelope;
import org.hyperledger.fabric.protos.common.Payload;
import org.hyperledger.fabric.protos.common.SignatureHeader;
import org.hyperledger.fabric.protos.common.Status;
import org.hyperledger.fabric.protos.orderer.SeekInfo;
import org.hyperledger.fabric.protos.orderer.SeekPosition;

/**
 * One Deliver stream. A client may seek again on it once a range has ended with SUCCESS; any other status ends the stream.
 *
 * @param <T> the service's response type
 */
final class DeliverSession<T> implements StreamObserver<Envelope> {
    private final PeerContext peer;
    private final Predicate<Member> allowed;
    private final ServerCallStreamObserver<T> client;
    private final Function<Status, T> statusMessage;
    private final Function<Block, T> blockMessage;
    private BlockFollower follower;
    private boolean clientDone;

    DeliverSession(
            PeerContext peer,
            Predicate<Member> allowed,
            ServerCallStreamObserver<T> client,
            Function<Status, T> statusMessage,
            Function<Block, T> blockMessage) {
        this.peer = peer;
        this.allowed = allowed;
        this.client = client;
        this.statusMessage = statusMessage;
        this.blockMessage = blockMessage;
        // one seek at a time: the next is read when the one before has ended
        client.disableAutoRequest();
        client.request(1);
        client.setOnReadyHandler(this::wake);
        client.setOnCancelHandler(this::stop);
    }

    @Override
    public void onNext(Envelope envelope) {
        Status refusal = seek(envelope);
        if (refusal != Status.SUCCESS) {
            finish(refusal);
        }
    }

    @Override
    public void onError(Throwable failure) {
        stop();
    }

    @Override
    public synchronized void onCompleted() {
        clientDone = true;
        if (follower == null) {
            client.onCompleted();
        }
    }

    /** Starts a range; SUCCESS, or why it is refused. */
    private Status seek(Envelope envelope) {
        SeekInfo seek;
        try {
            Payload payload = Payload.parseFrom(envelope.getPayload());
            ChannelHeader header = ChannelHeader.parseFrom(payload.getHeader().getChannelHeader());
            if (!TimeWindow.contains(header.getTimestamp(), peer.clock().instant())) {
                return Status.BAD_REQUEST;
            }
            if (!header.getChannelId().equals(peer.channel())) {
                return Status.NOT_FOUND;
            }
            seek = SeekInfo.parseFrom(payload.getData());
            if (!allowed(envelope, payload)) {
                return Status.FORBIDDEN;
            }
        } catch (InvalidProtocolBufferException malformed) {
            return Status.BAD_REQUEST;
        }
        if (!seek.hasStart() || !seek.hasStop()) {
            return Status.BAD_REQUEST;
        }
        long height = peer.store().height();
        long start = position(seek.getStart(), height);
        // with newest as start and stop exactly one block is wanted, whatever is committed meanwhile
        long stop = seek.getStop().equals(seek.getStart()) || seek.getStop().hasOldest()
                ? start
                : position(seek.getStop(), height);
        if (seek.getStop().hasSpecified() && Long.compareUnsigned(stop, start) < 0) {
            return Status.BAD_REQUEST;
        }
        boolean mustBeReady = seek.getBehavior() == SeekInfo.SeekBehavior.FAIL_IF_NOT_READY;
        if (mustBeReady && Long.compareUnsigned(start, height) >= 0) {
            return Status.NOT_FOUND;
        }
        follow(start, stop, mustBeReady);
        return Status.SUCCESS;
    }

    private boolean allowed(Envelope envelope, Payload payload) throws InvalidProtocolBufferException {
        SignatureHeader signer = SignatureHeader.parseFrom(payload.getHeader().getSignatureHeader());
        return peer.access()
                .signer(signer.getCreator(), envelope.getPayload(), envelope.getSignature())
                .filter(allowed)
                .isPresent();
    }

    private static long position(SeekPosition position, long height) {
        return switch (position.getTypeCase()) {
            case NEWEST -> height - 1;
            case NEXT_COMMIT -> height;
            case SPECIFIED -> position.getSpecified().getNumber();
            case OLDEST, TYPE_NOT_SET -> 0;
        };
    }

    private void follow(long start, long stop, boolean mustBeReady) {
        BlockFollower started = new BlockFollower(peer.store(), peer.feed(), start, client, peer.executor(), block -> {
            client.onNext(blockMessage.apply(block));
            long number = block.getHeader().getNumber();
            if (number == stop) {
                finish(Status.SUCCESS);
                return false;
            }
            if (mustBeReady && number + 1 >= peer.store().height()) {
                finish(Status.NOT_FOUND);
                return false;
            }
            return true;
        });
        synchronized (this) {
            follower = started;
        }
        started.start();
    }

    private synchronized void finish(Status status) {
        follower = null;
        client.onNext(statusMessage.apply(status));
        if (status != Status.SUCCESS || clientDone) {
            client.onCompleted();
        } else {
            client.request(1);
        }
    }

    private void wake() {
        BlockFollower at;
        synchronized (this) {
            at = follower;
        }
        if (at != null) {
            at.wake();
        }
    }

    private void stop() {
        BlockFollower at;
        synchronized (this) {
            at = follower;
        }
        if (at != null) {
            at.close();
        }
    }
}
