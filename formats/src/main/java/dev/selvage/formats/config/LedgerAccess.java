package dev.selvage.formats.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * How the ledger is reached.
 *
 * @param endpoints gateway peers of the own organisation, the preferred one first; at least one
 * @param tlsRoot the PEM root certificates by which the peers are known; empty for a connection without TLS, for trying out only
 * @param serverNames the names in the peers' certificates: none where they are the hosts', one for all peers, or one for each
 */
public record LedgerAccess(List<HostPort> endpoints, Optional<Path> tlsRoot, List<String> serverNames) {
    public LedgerAccess {
        endpoints = List.copyOf(endpoints);
        serverNames = List.copyOf(serverNames);
        if (endpoints.isEmpty()) {
            throw new IllegalArgumentException("a ledger has at least one endpoint");
        }
        if (serverNames.size() > 1 && serverNames.size() != endpoints.size()) {
            throw new IllegalArgumentException("serverName is one name, or one for each endpoint");
        }
    }

    /** @param serverName in the certificates of all peers, where it is not the host's */
    public LedgerAccess(List<HostPort> endpoints, Optional<Path> tlsRoot, Optional<String> serverName) {
        this(endpoints, tlsRoot, serverName.stream().toList());
    }

    /** The name in the certificate of one of the endpoints, where it is not the host's. */
    public Optional<String> serverName(HostPort endpoint) {
        return switch (serverNames.size()) {
            case 0 -> Optional.empty();
            case 1 -> Optional.of(serverNames.get(0));
            default -> Optional.of(serverNames.get(endpoints.indexOf(endpoint)));
        };
    }

    /** The preferred peer. */
    public HostPort endpoint() {
        return endpoints.get(0);
    }
}
