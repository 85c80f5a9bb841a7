package dev.selvage.agent.control;

import dev.selvage.agent.control.v1.SignedRequest;
import dev.selvage.agent.control.v1.Terms;
import dev.selvage.agent.peer.MemberCheck;
import dev.selvage.agent.peer.SignedRequests;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.NodeId;
import dev.selvage.model.SelvageException;
import java.time.Clock;
import java.time.Duration;

/** Who asks, and whether they may: members of the node's organisation, and for changes its admins. Thread-safe. */
final class ControlCheck {
    private static final Duration WINDOW = Duration.ofMinutes(5);

    private final NodeId self;
    private final SignedRequests requests;

    ControlCheck(NodeId self, MemberCheck members, Clock clock) {
        this.self = self;
        this.requests = new SignedRequests("The request", self, members, WINDOW, clock);
    }

    /**
     * Passes a request on, or refuses it.
     *
     * @throws SelvageException REQUEST_INVALID, REQUEST_STALE, IDENTITY_INVALID, NOT_PERMITTED
     */
    Terms check(SignedRequest request) {
        Terms terms = ControlRequests.parse(request);
        var claims = new SignedRequests.Claims(
                terms.getNode(),
                terms.getTimestampMs(),
                terms.getAskerMsp(),
                terms.getCertificate().toByteArray(),
                terms.getNonce().toByteArray(),
                ControlRequests.signed(request.getTerms()),
                request.getSignature().toByteArray());
        var member = requests.signer(claims);
        if (!member.party().msp().equals(self.msp())) {
            throw new SelvageException(
                    ErrorCode.NOT_PERMITTED,
                    member.party() + " may not ask " + self + ": it answers to " + self.msp() + ".");
        }
        if (ControlService.changes(terms.getFunction()) && !member.unit().equals("admin")) {
            throw new SelvageException(
                    ErrorCode.NOT_PERMITTED,
                    member.party() + " is no admin of " + self.msp() + ": " + terms.getFunction()
                            + " is for the node's owner.");
        }
        requests.requireFirst(member, claims);
        return terms;
    }
}
