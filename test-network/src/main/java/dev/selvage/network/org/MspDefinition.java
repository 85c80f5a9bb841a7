package dev.selvage.network.org;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Objects;

/**
 * The public side of an organisation: what the channel's config block says of it.
 *
 * @param msp its MSP id
 * @param domain its domain, e.g. {@code ewr.example}
 * @param roots certificates of its signing authorities
 * @param tlsRoots certificates of its TLS authorities
 * @param orderer whether it runs ordering nodes rather than peers
 */
public record MspDefinition(
        String msp, String domain, List<X509Certificate> roots, List<X509Certificate> tlsRoots, boolean orderer) {
    public MspDefinition {
        Objects.requireNonNull(msp);
        Objects.requireNonNull(domain);
        roots = List.copyOf(roots);
        tlsRoots = List.copyOf(tlsRoots);
        if (roots.isEmpty()) {
            throw new IllegalArgumentException(msp + " has no root certificate");
        }
    }
}
