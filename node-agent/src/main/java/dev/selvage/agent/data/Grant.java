package dev.selvage.agent.data;

import dev.selvage.model.Digest;
import dev.selvage.model.Names;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a node's owner allows: this operation on this data set, in tasks of these creators.
 *
 * @param operation id of the operation, for people
 * @param digest of the operation: another text under the same id is not granted
 * @param creators {@code JfkMSP} for everybody of it, {@code JfkMSP/User1@jfk.example} for one; at least one
 * @param until when it ends; empty: until revoked
 * @param opens of an anchored version, which share of its blocks audits may show to an organisation, in percent, 1 to 100
 */
public record Grant(
        String id,
        String data,
        String operation,
        Digest digest,
        List<String> creators,
        Optional<Instant> until,
        Instant granted,
        int opens) {
    /** What a grant opens that does not say, in percent. */
    public static final int OPENS = 10;

    public Grant {
        Names.component("The data set", data);
        creators = List.copyOf(creators);
        if (creators.isEmpty()) {
            throw new IllegalArgumentException("a grant names at least one creator");
        }
        if (opens < 1 || opens > 100) {
            throw new IllegalArgumentException("a grant opens from 1 to 100 percent");
        }
    }
}
