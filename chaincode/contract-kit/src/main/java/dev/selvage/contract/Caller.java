package dev.selvage.contract;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.selvage.model.CanonicalJson;
import dev.selvage.model.Digest;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.Facts;
import dev.selvage.model.SelvageException;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import javax.naming.NamingException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import org.hyperledger.fabric.protos.msp.SerializedIdentity;

/**
 * Who signed the transaction. The peer has checked signature, chain and validity already; this reads what the certificate says.
 *
 * @param party MSP and common name
 * @param certificate the signing certificate
 * @param spki digest of its SubjectPublicKeyInfo
 */
public record Caller(Facts.Party party, X509Certificate certificate, Digest spki) {
    private static final String ATTRIBUTES = "1.2.3.4.5.6.7.8.1";
    private static final String ADMIN = "admin";
    private static final int NAME = 128;

    /**
     * Reads a creator.
     *
     * @throws SelvageException IDENTITY_INVALID
     */
    public static Caller of(byte[] creator) {
        try {
            var identity = SerializedIdentity.parseFrom(creator);
            var certificate = certificate(identity.getIdBytes().toByteArray());
            return new Caller(
                    new Facts.Party(identity.getMspid(), commonName(certificate)), certificate, spki(certificate));
        } catch (InvalidProtocolBufferException e) {
            throw new SelvageException(ErrorCode.IDENTITY_INVALID, "The creator is not a serialized identity.", e);
        }
    }

    /** Reads a certificate in PEM. */
    public static X509Certificate certificate(byte[] pem) {
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(pem));
        } catch (CertificateException e) {
            throw new SelvageException(ErrorCode.IDENTITY_INVALID, "Not an X.509 certificate in PEM.", e);
        }
    }

    public static Digest spki(X509Certificate certificate) {
        return Digest.of(certificate.getPublicKey().getEncoded());
    }

    public String msp() {
        return party.msp();
    }

    /** An organisation's admin: by the NodeOU in the certificate, or by the type that a Fabric CA wrote into it. */
    public boolean isAdmin() {
        return names(certificate, "OU").contains(ADMIN)
                || type().filter(ADMIN::equals).isPresent();
    }

    private Optional<String> type() {
        byte[] extension = certificate.getExtensionValue(ATTRIBUTES);
        if (extension == null) {
            return Optional.empty();
        }
        String text = new String(extension, StandardCharsets.UTF_8); // an octet string: its header, then JSON
        int json = text.indexOf('{');
        if (json < 0) {
            return Optional.empty();
        }
        try {
            return Optional.ofNullable(CanonicalJson.parse(text.substring(json))
                    .path("attrs")
                    .path("hf.Type")
                    .textValue());
        } catch (SelvageException notJson) {
            return Optional.empty();
        }
    }

    private static String commonName(X509Certificate certificate) {
        var names = names(certificate, "CN");
        if (names.isEmpty() || names.get(0).isEmpty() || names.get(0).length() > NAME) {
            throw new SelvageException(
                    ErrorCode.IDENTITY_INVALID, "The certificate's common name has from 1 to " + NAME + " characters.");
        }
        return names.get(0);
    }

    /** The values of an attribute of the subject; certificate authorities of Fabric put several OUs into one RDN. */
    private static List<String> names(X509Certificate certificate, String type) {
        List<String> names = new ArrayList<>();
        try {
            for (Rdn rdn : new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
                var attribute = rdn.toAttributes().get(type);
                if (attribute != null) {
                    Collections.list(attribute.getAll()).forEach(value -> names.add(value.toString()));
                }
            }
        } catch (NamingException e) {
            throw new SelvageException(ErrorCode.IDENTITY_INVALID, "The certificate's subject cannot be read.", e);
        }
        return names;
    }
}
