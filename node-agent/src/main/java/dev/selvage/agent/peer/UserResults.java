package dev.selvage.agent.peer;

import dev.selvage.agent.content.ContentStore;
import dev.selvage.agent.content.Hold;
import dev.selvage.agent.content.Stored;
import dev.selvage.agent.peer.RequestCheck.Checked;
import dev.selvage.agent.peer.v1.FetchRequest;
import dev.selvage.model.Digest;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.NodeId;
import dev.selvage.model.SelvageException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * Results for users: a member signs a request ({@link FetchRequests#ofUser}) to a node of the own organisation, which answers from its store
 * or fetches the bytes first. The node asks in its own name, since what its organisation's members may see it may see too. Thread-safe.
 */
public final class UserResults {
    private final NodeId self;
    private final RequestCheck requests;
    private final Entitlements entitlements;
    private final ContentFacts facts;
    private final ContentStore store;
    private final PeerLink links;

    public UserResults(
            NodeId self,
            MemberCheck members,
            Entitlements entitlements,
            ContentFacts facts,
            ContentStore store,
            PeerLink links,
            Clock clock) {
        this.self = self;
        this.requests = new RequestCheck(self, members, PeerService.WINDOW, clock);
        this.entitlements = entitlements;
        this.facts = facts;
        this.store = store;
        this.links = links;
    }

    /** A result being read; closing it lets its bytes go to the cache. */
    public record Opened(Asker asker, Stored stored, String mediaType, InputStream bytes, Runnable release)
            implements AutoCloseable {
        @Override
        public void close() throws IOException {
            try {
                bytes.close();
            } finally {
                release.run();
            }
        }
    }

    /**
     * Opens a result for the user who signed the request. Blocks while the bytes come from other nodes.
     *
     * @throws SelvageException IDENTITY_INVALID, REQUEST_INVALID, REQUEST_STALE, NOT_PERMITTED, NOT_ENTITLED, CONTENT_UNKNOWN and what {@link
     *     PeerLink#fetch} throws
     */
    public Opened open(FetchRequest request, Instant deadline) {
        Checked checked = requests.check(request);
        String msp = checked.asker().party().msp();
        if (!msp.equals(self.msp())) {
            throw new SelvageException(
                    ErrorCode.NOT_PERMITTED,
                    self + " serves users of " + self.msp() + "; a user of " + msp + " asks a node of " + msp + ".");
        }
        if (!(checked.purpose() instanceof Purpose.Result)
                || checked.asker().node().isPresent()) {
            throw new SelvageException(ErrorCode.REQUEST_INVALID, "A user asks for results of tasks only.");
        }
        Digest digest = checked.digest();
        entitlements.entitled(checked.asker(), digest, checked.purpose()).require();
        String reference = "user/" + UUID.randomUUID();
        List<ContentPlace> places = facts.places(digest);
        Stored stored = links.fetch(places.get(0).ref(), checked.purpose(), Hold.inFlight(reference), deadline);
        try {
            return new Opened(
                    checked.asker(),
                    stored,
                    places.get(0).fact().mediaType(),
                    store.open(digest, checked.offset()),
                    () -> store.release(reference));
        } catch (SelvageException e) {
            store.release(reference);
            throw e;
        }
    }
}
