package dev.selvage.agent.peer;

import dev.selvage.agent.peer.v1.FetchRequest;
import dev.selvage.agent.peer.v1.FetchTerms;
import dev.selvage.model.Digest;
import dev.selvage.model.NodeId;
import dev.selvage.model.SelvageException;
import java.time.Clock;
import java.time.Duration;

/** Checks requests for content: well-formed, and what {@link SignedRequests} holds. Thread-safe. */
final class RequestCheck {
    private final SignedRequests requests;

    /** @param window how far the asker's clock and the way may put the timestamp off */
    RequestCheck(NodeId self, MemberCheck members, Duration window, Clock clock) {
        this.requests = new SignedRequests("The request for content", self, members, window, clock);
    }

    /** A request that may be answered, if the asker is entitled. */
    record Checked(Asker asker, Digest digest, long offset, Purpose purpose) {}

    /** @throws SelvageException REQUEST_INVALID, REQUEST_STALE, IDENTITY_INVALID */
    Checked check(FetchRequest request) {
        FetchTerms terms = FetchRequests.parse(request);
        var digest = new Digest(terms.getDigest());
        Purpose purpose = FetchRequests.purpose(terms);
        var claims = new SignedRequests.Claims(
                terms.getHolder(),
                terms.getTimestampMs(),
                terms.getAskerMsp(),
                terms.getCertificate().toByteArray(),
                terms.getNonce().toByteArray(),
                FetchRequests.signed(request.getTerms()),
                request.getSignature().toByteArray());
        var member = requests.signer(claims);
        requests.requireFirst(member, claims);
        var asker = new Asker(member.party(), member.spki(), FetchRequests.node(terms));
        return new Checked(asker, digest, terms.getOffset(), purpose);
    }
}
