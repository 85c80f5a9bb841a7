package dev.selvage.agent.content;

import dev.selvage.model.Digest;
import java.util.Optional;

/**
 * Content of this node.
 *
 * @param digest SHA-256 of the bytes
 * @param size bytes
 * @param salt where it was put, or found, under a salt
 */
public record Stored(Digest digest, long size, Optional<Salt> salt) {
    /** The digest that may stand on the ledger: salted where there is a salt. */
    public Digest ledgerDigest() {
        return salt.map(s -> digest.salted(s.bytes())).orElse(digest);
    }
}
