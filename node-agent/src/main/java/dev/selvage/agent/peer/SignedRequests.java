package dev.selvage.agent.peer;

import dev.selvage.model.Digest;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.NodeId;
import dev.selvage.model.SelvageException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * What every signed request to this node has to pass, whatever it asks for: addressed to this node, fresh, signed by a member of the channel, not
 * seen before. A request signed before this check began is refused, because what was seen before a restart is forgotten. Thread-safe.
 */
public final class SignedRequests {
    private final String what;
    private final NodeId self;
    private final MemberCheck members;
    private final Duration window;
    private final Clock clock;
    private final Instant began;
    private final SeenNonces seen = new SeenNonces();

    /**
     * @param what begins the sentences about a request, such as "The request for content"
     * @param window how far the asker's clock and the way may put the timestamp off
     */
    public SignedRequests(String what, NodeId self, MemberCheck members, Duration window, Clock clock) {
        this.what = what;
        this.self = self;
        this.members = members;
        this.window = window;
        this.clock = clock;
        // as requests tell their time
        this.began = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    /**
     * What a request says of itself.
     *
     * @param node the node that is asked
     * @param certificate the asker's, DER
     * @param message what was signed
     */
    public record Claims(
            String node,
            long timestampMs,
            String msp,
            byte[] certificate,
            byte[] nonce,
            byte[] message,
            byte[] signature) {}

    /**
     * The member of the channel that signed a request for this node just now.
     *
     * @throws SelvageException REQUEST_INVALID, REQUEST_STALE, IDENTITY_INVALID
     */
    public MemberCheck.Member signer(Claims claims) {
        if (!claims.node().equals(self.toString())) {
            throw new SelvageException(
                    ErrorCode.REQUEST_INVALID, what + " is addressed to another node than " + self + ".");
        }
        Instant now = clock.instant();
        requireFresh(Instant.ofEpochMilli(claims.timestampMs()), now);
        var member = members.member(claims.msp(), claims.certificate(), now);
        if (!members.signed(member, claims.message(), claims.signature())) {
            throw new SelvageException(
                    ErrorCode.IDENTITY_INVALID,
                    "The request's signature is not that of " + member.party() + " over this request.");
        }
        return member;
    }

    /**
     * Takes note of a request that is about to be answered.
     *
     * @throws SelvageException REQUEST_STALE when it was before
     */
    public void requireFirst(MemberCheck.Member signer, Claims claims) {
        Instant now = clock.instant();
        if (!seen.first(signer.spki() + "/" + Digest.of(claims.nonce()), now, now.plus(window.multipliedBy(2)))) {
            throw stale("was answered before");
        }
    }

    private void requireFresh(Instant signed, Instant now) {
        if (signed.isBefore(began)) {
            throw stale("was signed before this node started");
        }
        if (Duration.between(signed, now).abs().compareTo(window) > 0) {
            throw stale("was signed at " + signed + ", and now is " + now);
        }
    }

    private SelvageException stale(String why) {
        return new SelvageException(ErrorCode.REQUEST_STALE, what + " " + why + ".");
    }
}
