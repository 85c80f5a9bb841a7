package dev.selvage.agent.peer;

import dev.selvage.model.Digest;
import dev.selvage.model.Facts;
import dev.selvage.model.NodeId;
import java.util.Objects;
import java.util.Optional;

/**
 * Somebody whose signature was checked.
 *
 * @param party organisation and common name of the certificate
 * @param spki digest of the certificate's SubjectPublicKeyInfo
 * @param node as which it asks; empty for a user
 */
public record Asker(Facts.Party party, Digest spki, Optional<NodeId> node) {
    public Asker {
        Objects.requireNonNull(party);
        Objects.requireNonNull(spki);
        Objects.requireNonNull(node);
        if (node.isPresent() && !node.get().msp().equals(party.msp())) {
            throw new IllegalArgumentException(node.get() + " is not of " + party.msp());
        }
    }

    @Override
    public String toString() {
        return node.map(NodeId::toString).orElse(party.toString());
    }
}
