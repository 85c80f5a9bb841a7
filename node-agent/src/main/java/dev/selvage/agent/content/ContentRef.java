package dev.selvage.agent.content;

import dev.selvage.model.Digest;
import dev.selvage.model.NodeId;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Content that is wanted: never "a file of node X".
 *
 * @param digest as the ledger names it, plain or salted
 * @param salted whether it is a salted digest, so that the holder must give the salt too
 * @param size bytes, as the ledger says
 * @param name for people
 * @param holders nodes that should have it, the most likely first
 */
public record ContentRef(
        Digest digest, boolean salted, long size, String mediaType, Optional<String> name, List<NodeId> holders) {
    public ContentRef {
        Objects.requireNonNull(digest);
        Objects.requireNonNull(mediaType);
        Objects.requireNonNull(name);
        holders = List.copyOf(holders);
        if (size < 0) {
            throw new IllegalArgumentException("size " + size + " is negative");
        }
    }
}
