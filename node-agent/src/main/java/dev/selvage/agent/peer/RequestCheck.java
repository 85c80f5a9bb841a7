package dev.selvage.agent.peer;

import dev.selvage.agent.peer.v1.FetchRequest;
import dev.selvage.agent.peer.v1.FetchTerms;
import dev.selvage.model.Digest;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.NodeId;
import dev.selvage.model.SelvageException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * Checks requests: addressed to this node, fresh, signed by a member of the channel, not seen before. A request signed before this check
 * began is refused, because what was seen before a restart is forgotten. Thread-safe.
 */
final class RequestCheck {
    private final NodeId self;
    private final MemberCheck members;
    private final Duration window;
    private final Clock clock;
    private final Instant began;
    private final SeenNonces seen;

    /** @param window how far the asker's clock and the way may put the timestamp off */
    RequestCheck(NodeId self, MemberCheck members, Duration window, Clock clock) {
        this.self = self;
        this.members = members;
        this.window = window;
        this.clock = clock;
        this.began = clock.instant();
        this.seen = new SeenNonces();
    }

    /** A request that may be answered, if the asker is entitled. */
    record Checked(Asker asker, Digest digest, long offset, Purpose purpose) {}

    /** @throws SelvageException REQUEST_INVALID, REQUEST_STALE, IDENTITY_INVALID */
    Checked check(FetchRequest request) {
        FetchTerms terms = FetchRequests.parse(request);
        var digest = new Digest(terms.getDigest());
        Purpose purpose = FetchRequests.purpose(terms);
        if (!terms.getHolder().equals(self.toString())) {
            throw new SelvageException(
                    ErrorCode.REQUEST_INVALID, "The request is addressed to another node than " + self + ".");
        }
        Instant now = clock.instant();
        requireFresh(Instant.ofEpochMilli(terms.getTimestampMs()), now);
        var member = members.member(terms.getAskerMsp(), terms.getCertificate().toByteArray(), now);
        if (!members.signed(
                member,
                FetchRequests.signed(request.getTerms()),
                request.getSignature().toByteArray())) {
            throw new SelvageException(
                    ErrorCode.IDENTITY_INVALID,
                    "The request's signature is not that of " + member.party() + " over this request.");
        }
        if (!seen.first(
                member.spki() + "/" + Digest.of(terms.getNonce().toByteArray()),
                now,
                now.plus(window.multipliedBy(2)))) {
            throw stale("was answered before");
        }
        var asker = new Asker(member.party(), member.spki(), FetchRequests.node(terms));
        return new Checked(asker, digest, terms.getOffset(), purpose);
    }

    private void requireFresh(Instant signed, Instant now) {
        if (signed.isBefore(began)) {
            throw stale("was signed before this node started");
        }
        if (Duration.between(signed, now).abs().compareTo(window) > 0) {
            throw stale("was signed at " + signed + ", and now is " + now);
        }
    }

    private static SelvageException stale(String why) {
        return new SelvageException(ErrorCode.REQUEST_STALE, "The request for content " + why + ".");
    }
}
