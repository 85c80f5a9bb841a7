package dev.selvage.agent.control;

import dev.selvage.agent.control.v1.SignedRequest;
import dev.selvage.agent.control.v1.Terms;
import dev.selvage.agent.peer.MemberCheck;
import dev.selvage.agent.peer.SeenNonces;
import dev.selvage.model.Digest;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.NodeId;
import dev.selvage.model.SelvageException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** Who asks, and whether they may: members of the node's organisation, and for changes its admins. Thread-safe. */
final class ControlCheck {
    private static final Duration WINDOW = Duration.ofMinutes(5);

    private final NodeId self;
    private final MemberCheck members;
    private final Clock clock;
    private final Instant began;
    private final SeenNonces seen = new SeenNonces();

    ControlCheck(NodeId self, MemberCheck members, Clock clock) {
        this.self = self;
        this.members = members;
        this.clock = clock;
        this.began = clock.instant();
    }

    /**
     * Passes a request on, or refuses it.
     *
     * @throws SelvageException REQUEST_INVALID, REQUEST_STALE, IDENTITY_INVALID, NOT_PERMITTED
     */
    Terms check(SignedRequest request) {
        Terms terms = ControlRequests.parse(request);
        if (!terms.getNode().equals(self.toString())) {
            throw new SelvageException(
                    ErrorCode.REQUEST_INVALID, "The request is addressed to another node than " + self + ".");
        }
        Instant now = clock.instant();
        Instant signed = Instant.ofEpochMilli(terms.getTimestampMs());
        if (signed.isBefore(began) || Duration.between(signed, now).abs().compareTo(WINDOW) > 0) {
            throw new SelvageException(
                    ErrorCode.REQUEST_STALE, "The request was signed at " + signed + ", and now is " + now + ".");
        }
        var member = members.member(terms.getAskerMsp(), terms.getCertificate().toByteArray(), now);
        if (!members.signed(
                member,
                ControlRequests.signed(request.getTerms()),
                request.getSignature().toByteArray())) {
            throw new SelvageException(
                    ErrorCode.IDENTITY_INVALID,
                    "The signature is not that of " + member.party() + " over this request.");
        }
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
        boolean first = seen.first(
                member.spki() + "/" + Digest.of(terms.getNonce().toByteArray()), now, now.plus(WINDOW.multipliedBy(2)));
        if (!first) {
            throw new SelvageException(ErrorCode.REQUEST_STALE, "The request was carried out before.");
        }
        return terms;
    }
}
