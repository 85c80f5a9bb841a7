package dev.selvage.agent.audit;

import dev.selvage.agent.audit.v1.Answer;
import dev.selvage.agent.audit.v1.AuditGrpc;
import dev.selvage.agent.audit.v1.Open;
import dev.selvage.agent.audit.v1.Piece;
import dev.selvage.agent.audit.v1.Prove;
import dev.selvage.agent.audit.v1.StepTerms;
import dev.selvage.agent.peer.PeerLinks;
import dev.selvage.agent.peer.PeerStatus;
import dev.selvage.agent.peer.RequestSigner;
import dev.selvage.integrity.audit.MalformedProofException;
import dev.selvage.model.Digest;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.NodeId;
import dev.selvage.model.SelvageException;
import io.grpc.Context;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;

/** Asks other nodes for the steps of an audit. Thread-safe; calls block. */
final class AuditLinks implements AuditSteps {
    private static final Duration ANSWER = Duration.ofSeconds(60);

    private final NodeId self;
    private final RequestSigner signer;
    private final PeerLinks links;
    private final Clock clock;

    AuditLinks(NodeId self, RequestSigner signer, PeerLinks links, Clock clock) {
        this.self = self;
        this.signer = signer;
        this.links = links;
        this.clock = clock;
    }

    @Override
    public void answer(NodeId holder, String audit) {
        var step = StepTerms.newBuilder().setAnswer(Answer.newBuilder().setChallenge(audit));
        try {
            call(holder, step, ANSWER, InputStream::read);
        } catch (MalformedProofException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public <T> T prove(NodeId holder, String audit, Duration patience, Reading<T> reading)
            throws MalformedProofException {
        return call(holder, StepTerms.newBuilder().setProve(Prove.newBuilder().setChallenge(audit)), patience, reading);
    }

    /** Asks for what compares the whole file. */
    <T> T open(NodeId holder, Digest anchor, Duration patience, Reading<T> reading) throws MalformedProofException {
        return call(
                holder, StepTerms.newBuilder().setOpen(Open.newBuilder().setAnchor(anchor.hex())), patience, reading);
    }

    private <T> T call(NodeId holder, StepTerms.Builder step, Duration patience, Reading<T> reading)
            throws MalformedProofException {
        var request = StepRequests.sign(step, self, signer, holder, clock);
        // the call ends with this scope, whatever ends it: a holder that sends what it should not is cut
        try (Context.CancellableContext call = Context.current().withCancellation()) {
            Context before = call.attach();
            try {
                Iterator<Piece> pieces = AuditGrpc.newBlockingStub(links.to(holder))
                        .withDeadlineAfter(patience.toMillis(), TimeUnit.MILLISECONDS)
                        .take(request);
                return reading.from(new PieceInput(pieces));
            } catch (StatusRuntimeException e) {
                throw PeerStatus.fault(holder.toString(), e);
            } catch (IOException e) {
                throw new SelvageException(ErrorCode.PEER_UNREACHABLE, holder + " was cut off.", e);
            } finally {
                call.detach(before);
            }
        }
    }
}
