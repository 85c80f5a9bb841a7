package dev.selvage.network.org;

import com.google.protobuf.ByteString;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Objects;

/**
 * An identity that an organisation of the channel has issued.
 *
 * @param msp the organisation, e.g. {@code EwrMSP}
 * @param role from the certificate's NodeOU
 * @param certificate the signing certificate
 * @param spki lower-case hex SHA-256 of the certificate's SubjectPublicKeyInfo
 * @param serialized the SerializedIdentity, as it came
 */
public record Member(String msp, Role role, X509Certificate certificate, String spki, ByteString serialized) {
    public Member {
        Objects.requireNonNull(msp);
        Objects.requireNonNull(role);
        Objects.requireNonNull(certificate);
        Objects.requireNonNull(spki);
        Objects.requireNonNull(serialized);
    }

    /** Whether the certificate is past its end. Blocks already committed stay valid, so this is not part of identifying. */
    public boolean expiredAt(Instant now) {
        return now.isAfter(certificate.getNotAfter().toInstant());
    }

    /** Two serialised forms of one certificate are one member; endorsements by one member count once. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Member that && msp.equals(that.msp) && certificate.equals(that.certificate);
    }

    @Override
    public int hashCode() {
        return Objects.hash(msp, certificate);
    }

    @Override
    public String toString() {
        return certificate.getSubjectX500Principal().getName() + " of " + msp;
    }
}
