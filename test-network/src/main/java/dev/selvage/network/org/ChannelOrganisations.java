package dev.selvage.network.org;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.selvage.network.org.Identification.Known;
import dev.selvage.network.org.Identification.Reason;
import dev.selvage.network.org.Identification.Refused;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.naming.NamingException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import org.hyperledger.fabric.protos.msp.SerializedIdentity;

/**
 * Who belongs to a channel: answers which organisation issued an identity and in which role, with the rules of Fabric's MSP (issued
 * by a root, no authority itself, exactly one NodeOU). Verdicts are cached. Thread-safe.
 */
public final class ChannelOrganisations {
    private static final int LARGEST_IDENTITY = 16 * 1024;
    private static final int CACHED = 1_000;

    private final Map<String, MspDefinition> byMsp = new LinkedHashMap<>();
    private final Map<ByteString, Identification> cache =
            Collections.synchronizedMap(new LinkedHashMap<>(64, 0.75f, true) {
                @Override
                protected boolean removeEldestEntry(Map.Entry<ByteString, Identification> eldest) {
                    return size() > CACHED;
                }
            });

    public ChannelOrganisations(Collection<MspDefinition> organisations) {
        for (MspDefinition organisation : organisations) {
            if (byMsp.put(organisation.msp(), organisation) != null) {
                throw new IllegalArgumentException(organisation.msp() + " is named twice");
            }
        }
    }

    /** All organisations, the orderer's too, in the order given. */
    public List<MspDefinition> all() {
        return List.copyOf(byMsp.values());
    }

    /** MSP ids of the organisations that run peers, in the order given. */
    public List<String> peerMsps() {
        return byMsp.values().stream()
                .filter(o -> !o.orderer())
                .map(MspDefinition::msp)
                .toList();
    }

    /** The channel's default endorsement policy: peers of more than half of the organisations. */
    public SignaturePolicy majority() {
        return SignaturePolicy.majority(peerMsps());
    }

    /** Who this is, whatever the time: what a committer asks, so that old blocks stay valid. */
    public Identification identify(ByteString serializedIdentity) {
        Identification cached = cache.get(serializedIdentity);
        if (cached == null) {
            cached = examine(serializedIdentity);
            cache.put(serializedIdentity, cached);
        }
        return cached;
    }

    /** Who this is now: an expired certificate is refused, as for every new proposal, submission and stream. */
    public Identification identify(ByteString serializedIdentity, Instant now) {
        Identification verdict = identify(serializedIdentity);
        if (verdict instanceof Known known && known.member().expiredAt(now)) {
            return new Refused(
                    Reason.EXPIRED,
                    "the certificate of " + known.member() + " expired at "
                            + known.member().certificate().getNotAfter().toInstant());
        }
        return verdict;
    }

    /** Whether the member signed the message, with a low s. */
    public boolean verify(Member member, byte[] message, byte[] signature) {
        return FastSignatures.verify(member.certificate().getPublicKey(), message, signature);
    }

    private Identification examine(ByteString bytes) {
        if (bytes.isEmpty() || bytes.size() > LARGEST_IDENTITY) {
            return new Refused(Reason.MALFORMED, "an identity is 1 to " + LARGEST_IDENTITY + " bytes long");
        }
        SerializedIdentity identity;
        X509Certificate certificate;
        try {
            identity = SerializedIdentity.parseFrom(bytes);
            certificate = Pem.parseCertificate(identity.getIdBytes().toByteArray());
        } catch (InvalidProtocolBufferException | CertificateException e) {
            return new Refused(Reason.MALFORMED, "the identity is not an MSP id with a certificate in PEM");
        }
        MspDefinition organisation = byMsp.get(identity.getMspid());
        if (organisation == null) {
            return new Refused(
                    Reason.UNKNOWN_MSP, "MSP " + printable(identity.getMspid()) + " is not one of " + byMsp.keySet());
        }
        return examine(organisation, certificate, bytes);
    }

    private static Identification examine(MspDefinition organisation, X509Certificate certificate, ByteString bytes) {
        String msp = organisation.msp();
        if (!(certificate.getPublicKey() instanceof ECPublicKey)) {
            return new Refused(Reason.UNSUPPORTED_KEY, "the certificate's key is not an EC key");
        }
        if (certificate.getBasicConstraints() >= 0) {
            return new Refused(Reason.IS_AN_AUTHORITY, "an authority's certificate is no identity of " + msp);
        }
        if (organisation.roots().stream().noneMatch(root -> issued(root, certificate))) {
            return new Refused(Reason.NOT_ISSUED_BY_MSP, "the certificate was not issued by an authority of " + msp);
        }
        Set<Role> roles = roles(certificate);
        if (roles.size() != 1) {
            return new Refused(
                    Reason.BAD_UNIT,
                    "the certificate must have exactly one organisational unit of client, peer, orderer and admin");
        }
        return new Known(new Member(
                msp,
                roles.iterator().next(),
                certificate,
                sha256(certificate.getPublicKey().getEncoded()),
                bytes));
    }

    private static boolean issued(X509Certificate root, X509Certificate certificate) {
        if (!root.getSubjectX500Principal().equals(certificate.getIssuerX500Principal())) {
            return false;
        }
        try {
            certificate.verify(root.getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static Set<Role> roles(X509Certificate certificate) {
        Set<Role> roles = new LinkedHashSet<>();
        try {
            for (Rdn rdn : new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
                var units = rdn.toAttributes().get("ou");
                for (int i = 0; units != null && i < units.size(); i++) {
                    Role.ofUnit(String.valueOf(units.get(i))).ifPresent(roles::add);
                }
            }
        } catch (NamingException e) {
            return Set.of();
        }
        return roles;
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String printable(String text) {
        String cut = text.length() > 64 ? text.substring(0, 64) + "..." : text;
        return '"' + cut.replaceAll("[^\\x20-\\x7e]", "?") + '"';
    }
}
