package dev.selvage.agent.peer;

import dev.selvage.agent.content.ContentRef;
import dev.selvage.agent.content.Hold;
import dev.selvage.agent.content.Incoming;
import dev.selvage.agent.content.Salt;
import dev.selvage.agent.content.Stored;
import dev.selvage.agent.peer.v1.Chunk;
import dev.selvage.agent.peer.v1.Head;
import dev.selvage.agent.peer.v1.PeerGrpc;
import dev.selvage.model.Digest;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.NodeId;
import dev.selvage.model.SelvageException;
import io.grpc.Channel;
import io.grpc.Context;
import io.grpc.StatusRuntimeException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** One try to get content, or the rest of it, from one holder. */
final class Transfer {
    /** What a holder may take for anything at all. */
    private static final Duration GRACE = Duration.ofSeconds(20);
    /** A slower holder is given up for another. */
    private static final long SLOWEST_BYTES_PER_SECOND = 256 * 1024;

    private final NodeId self;
    private final RequestSigner signer;
    private final Clock clock;

    Transfer(NodeId self, RequestSigner signer, Clock clock) {
        this.self = self;
        this.signer = signer;
        this.clock = clock;
    }

    Stored run(
            Channel channel,
            NodeId holder,
            ContentRef ref,
            Purpose purpose,
            Hold hold,
            Instant deadline,
            Incoming incoming) {
        var request = FetchRequests.ofNode(self, signer, holder, ref.digest(), incoming.offset(), purpose, clock);
        // the call ends with this scope, whatever ends it: a holder that sends what it should not is cut
        try (Context.CancellableContext call = Context.current().withCancellation()) {
            Context before = call.attach();
            try {
                Iterator<Chunk> chunks = PeerGrpc.newBlockingStub(channel)
                        .withDeadlineAfter(patience(ref.size() - incoming.offset(), deadline), TimeUnit.MILLISECONDS)
                        .fetch(request);
                Optional<Salt> salt = head(holder, ref, chunks, incoming.offset());
                while (chunks.hasNext()) {
                    Chunk chunk = chunks.next();
                    if (chunk.getPartCase() != Chunk.PartCase.DATA
                            || chunk.getData().isEmpty()) {
                        throw rubbish(holder, "something other than data");
                    }
                    incoming.append(chunk.getData().asReadOnlyByteBuffer());
                }
                if (incoming.offset() < ref.size()) {
                    throw rubbish(holder, "an end before the end");
                }
                return incoming.complete(salt, hold);
            } catch (StatusRuntimeException e) {
                throw PeerStatus.fault(holder.toString(), e);
            } finally {
                call.detach(before);
            }
        }
    }

    private static Optional<Salt> head(NodeId holder, ContentRef ref, Iterator<Chunk> chunks, long offset) {
        if (!chunks.hasNext()) {
            throw rubbish(holder, "nothing");
        }
        Chunk first = chunks.next();
        if (first.getPartCase() != Chunk.PartCase.HEAD) {
            throw rubbish(holder, "data before the head");
        }
        Head head = first.getHead();
        if (head.getSize() != ref.size() || head.getOffset() != offset) {
            throw new SelvageException(
                    ErrorCode.DIGEST_MISMATCH,
                    holder + " offers " + head.getSize() + " bytes from " + head.getOffset() + " on, not " + ref.size()
                            + " from " + offset + " on.");
        }
        int salt = head.getSalt().size();
        if (salt != (ref.salted() ? Digest.SALT_BYTES : 0)) {
            throw new SelvageException(
                    ErrorCode.DIGEST_MISMATCH, holder + " sent a salt of " + salt + " bytes with the content.");
        }
        return ref.salted() ? Optional.of(Salt.of(head.getSalt().toByteArray())) : Optional.empty();
    }

    private long patience(long bytes, Instant deadline) {
        long left = Duration.between(clock.instant(), deadline).toMillis();
        long fair = GRACE.toMillis() + bytes * 1000 / SLOWEST_BYTES_PER_SECOND;
        return Math.max(1, Math.min(left, fair));
    }

    private static SelvageException rubbish(NodeId holder, String what) {
        return new SelvageException(ErrorCode.PEER_UNREACHABLE, holder + " sent " + what + ".");
    }
}
