package dev.selvage.formats.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * How the ledger is reached.
 *
 * @param endpoints gateway peers of the own organisation, the preferred one first; at least one
 * @param tlsRoot the PEM root certificates by which the peers are known; empty for a connection without TLS, for trying out only
 * @param serverName the name in the peers' certificates, where it is not the host's
 */
public record LedgerAccess(List<HostPort> endpoints, Optional<Path> tlsRoot, Optional<String> serverName) {
    public LedgerAccess {
        endpoints = List.copyOf(endpoints);
        if (endpoints.isEmpty()) {
            throw new IllegalArgumentException("a ledger has at least one endpoint");
        }
    }

    /** The preferred peer. */
    public HostPort endpoint() {
        return endpoints.get(0);
    }
}
