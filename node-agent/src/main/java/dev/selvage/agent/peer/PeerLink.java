package dev.selvage.agent.peer;

import dev.selvage.agent.content.ContentRef;
import dev.selvage.agent.content.Hold;
import dev.selvage.agent.content.Stored;
import java.time.Instant;

/** How content of other nodes reaches this one. Thread-safe. */
public interface PeerLink {
    /**
     * Brings content into this node's store, verified; what is there already is only held. Asks the holders one after the other, goes on where
     * a cut happened, and begins again from the first until the deadline. Blocks.
     *
     * @throws dev.selvage.model.SelvageException the reason of the last holder: NOT_ENTITLED, CONTENT_UNKNOWN, DIGEST_MISMATCH,
     *     PEER_UNREACHABLE; DEADLINE_EXCEEDED; STORAGE_FULL; INTERRUPTED
     */
    Stored fetch(ContentRef wanted, Purpose purpose, Hold hold, Instant deadline);
}
