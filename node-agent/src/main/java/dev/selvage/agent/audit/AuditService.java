package dev.selvage.agent.audit;

import dev.selvage.agent.audit.v1.AuditGrpc;
import dev.selvage.agent.audit.v1.Piece;
import dev.selvage.agent.audit.v1.StepRequest;
import dev.selvage.agent.peer.PeerStatus;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes the steps that auditing nodes ask for, a few at a time of each organisation. */
final class AuditService extends AuditGrpc.AuditImplBase {
    private static final Logger LOG = LoggerFactory.getLogger(AuditService.class);
    private final StepRequests requests;
    private final Prover prover;
    private final AskerPlaces places = new AskerPlaces();

    AuditService(StepRequests requests, Prover prover) {
        this.requests = requests;
        this.prover = prover;
    }

    @Override
    public void take(StepRequest request, StreamObserver<Piece> responses) {
        try {
            var checked = requests.check(request);
            try (var place = places.take(checked.asker().party().msp());
                    var out = new PieceOutput((ServerCallStreamObserver<Piece>) responses)) {
                LOG.debug("a step of an audit for {} at {}", checked.asker(), place);
                step(checked, out);
                out.flush();
            }
            responses.onCompleted();
        } catch (SelvageException e) {
            LOG.info("a step of an audit was refused: {}", e.getMessage());
            responses.onError(PeerStatus.of(e));
        } catch (IOException | RuntimeException e) {
            LOG.warn("a step of an audit failed", e);
            responses.onError(PeerStatus.of(
                    new SelvageException(ErrorCode.INTERNAL, "The node failed at a step of the audit.", e)));
        }
    }

    private void step(StepRequests.Checked checked, PieceOutput out) throws IOException {
        var terms = checked.terms();
        switch (terms.getStepCase()) {
            case ANSWER -> prover.answer(checked.asker(), terms.getAnswer().getChallenge());
            case PROVE -> prover.prove(checked.asker(), terms.getProve().getChallenge(), out);
            case OPEN -> prover.open(checked.asker(), terms.getOpen().getAnchor(), out);
            case STEP_NOT_SET ->
                throw new SelvageException(ErrorCode.REQUEST_INVALID, "The request names no step of an audit.");
        }
    }
}
