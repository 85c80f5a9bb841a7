package dev.selvage.agent.peer;

import dev.selvage.agent.peer.ChannelRoots.Authorities;
import dev.selvage.model.Digest;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.Facts;
import dev.selvage.model.SelvageException;
import dev.selvage.model.Suggestion;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertStore;
import java.security.cert.CertificateException;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.time.Instant;
import java.util.Collections;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import javax.naming.NamingException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/**
 * Whether a certificate is a member's of an organisation of the channel, by the rules of Fabric's MSP: a chain to the organisation's roots,
 * within its time, not withdrawn, no authority itself, an EC key, exactly one of the units client, admin, peer and orderer. Chains that were
 * found good are remembered; time and withdrawal are asked each time. Thread-safe.
 */
public final class MemberCheck {
    private static final int LARGEST_CERTIFICATE = 16 * 1024;
    private static final int REMEMBERED = 1_000;
    private static final Set<String> UNITS = Set.of("client", "admin", "peer", "orderer");

    private final ChannelRoots roots;
    private final Map<Known, Member> remembered = Collections.synchronizedMap(new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Known, Member> eldest) {
            return size() > REMEMBERED;
        }
    });

    public MemberCheck(ChannelRoots roots) {
        this.roots = roots;
    }

    private record Known(String msp, Digest certificate) {}

    /**
     * Whether the channel, as it stood when the node started, has an organisation of that MSP.
     *
     * @throws SelvageException ORGANISATION_UNKNOWN, with those that there are
     */
    public void requireOrganisation(String msp) {
        if (roots.of(msp).isEmpty()) {
            String near = Suggestion.among(msp, roots.msps());
            throw new SelvageException(
                    ErrorCode.ORGANISATION_UNKNOWN,
                    "\"" + printable(msp) + "\" is no organisation of the channel" + (near.isEmpty() ? "." : near)
                            + " It has " + String.join(", ", roots.msps()) + ".");
        }
    }

    /**
     * A member of the channel.
     *
     * @param spki digest of the key's SubjectPublicKeyInfo, as the ledger registers nodes by it
     * @param unit client, admin, peer or orderer
     */
    public record Member(Facts.Party party, Digest spki, String unit, X509Certificate certificate) {}

    /**
     * The member whose certificate this is.
     *
     * @param certificate DER or PEM
     * @throws SelvageException IDENTITY_INVALID with the reason
     */
    public Member member(String msp, byte[] certificate, Instant now) {
        Authorities authorities = roots.of(msp)
                .orElseThrow(() -> invalid("\"" + printable(msp) + "\" is no organisation of the channel", null));
        if (certificate.length == 0 || certificate.length > LARGEST_CERTIFICATE) {
            throw invalid("a certificate has 1 to " + LARGEST_CERTIFICATE + " bytes", null);
        }
        var key = new Known(msp, Digest.of(certificate));
        Member member = remembered.get(key);
        if (member == null) {
            member = examine(authorities, certificate, now);
            remembered.put(key, member);
        }
        requireCurrent(authorities, member, now);
        return member;
    }

    /** Whether the member signed the message. */
    public boolean signed(Member member, byte[] message, byte[] signature) {
        return Signatures.verify(member.certificate().getPublicKey(), message, signature);
    }

    private static Member examine(Authorities authorities, byte[] bytes, Instant now) {
        X509Certificate certificate;
        try {
            certificate = PemFiles.certificate(bytes);
        } catch (CertificateException e) {
            throw invalid("it is no X.509 certificate", e);
        }
        if (!(certificate.getPublicKey() instanceof ECPublicKey)) {
            throw invalid("its key is no EC key", null);
        }
        if (certificate.getBasicConstraints() >= 0) {
            throw invalid("an authority's certificate is no member's", null);
        }
        requireValidAt(certificate, authorities.msp(), now);
        requireChain(authorities, certificate, now);
        var units = subject(certificate).getOrDefault("ou", List.of()).stream()
                .map(unit -> unit.toLowerCase(Locale.ROOT))
                .filter(UNITS::contains)
                .collect(Collectors.toCollection(LinkedHashSet::new));
        if (units.size() != 1) {
            throw invalid("it must name exactly one of the units client, admin, peer and orderer", null);
        }
        return new Member(
                new Facts.Party(authorities.msp(), commonName(certificate)),
                Digest.of(certificate.getPublicKey().getEncoded()),
                units.iterator().next(),
                certificate);
    }

    private static void requireChain(Authorities authorities, X509Certificate certificate, Instant now) {
        try {
            var anchors = authorities.roots().stream()
                    .map(root -> new TrustAnchor(root, null))
                    .collect(Collectors.toSet());
            var target = new X509CertSelector();
            target.setCertificate(certificate);
            var parameters = new PKIXBuilderParameters(anchors, target);
            parameters.setDate(Date.from(now));
            parameters.setRevocationEnabled(false);
            parameters.addCertStore(CertStore.getInstance(
                    "Collection", new CollectionCertStoreParameters(authorities.intermediates())));
            parameters.addCertStore(
                    CertStore.getInstance("Collection", new CollectionCertStoreParameters(List.of(certificate))));
            CertPathBuilder.getInstance("PKIX").build(parameters);
        } catch (GeneralSecurityException e) {
            throw invalid("it was not issued by an authority of " + authorities.msp(), e);
        }
    }

    private static void requireCurrent(Authorities authorities, Member member, Instant now) {
        requireValidAt(member.certificate(), member.party().msp(), now);
        if (authorities.revocations().stream().anyMatch(list -> list.isRevoked(member.certificate()))) {
            throw invalid("the organisation has withdrawn it", null);
        }
    }

    private static void requireValidAt(X509Certificate certificate, String msp, Instant now) {
        try {
            certificate.checkValidity(Date.from(now));
        } catch (CertificateException e) {
            throw invalid(
                    "a certificate of " + msp + " is good from "
                            + certificate.getNotBefore().toInstant() + " to "
                            + certificate.getNotAfter().toInstant() + ", and now is " + now,
                    e);
        }
    }

    /** The subject's common name. */
    static String commonName(X509Certificate certificate) {
        var names = subject(certificate).getOrDefault("cn", List.of());
        if (names.size() != 1) {
            throw invalid("it must have one common name", null);
        }
        return names.get(0);
    }

    private static Map<String, List<String>> subject(X509Certificate certificate) {
        try {
            return new LdapName(certificate.getSubjectX500Principal().getName())
                    .getRdns().stream()
                            .collect(Collectors.groupingBy(
                                    rdn -> rdn.getType().toLowerCase(Locale.ROOT),
                                    Collectors.mapping(MemberCheck::text, Collectors.toList())));
        } catch (NamingException e) {
            throw invalid("its subject cannot be read", e);
        }
    }

    private static String text(Rdn rdn) {
        return String.valueOf(rdn.getValue());
    }

    private static String printable(String text) {
        String cut = text.length() > 64 ? text.substring(0, 64) + "..." : text;
        return cut.replaceAll("[^\\x20-\\x7e]", "?");
    }

    private static SelvageException invalid(String why, Throwable cause) {
        return new SelvageException(ErrorCode.IDENTITY_INVALID, "The certificate is refused: " + why + ".", cause);
    }
}
