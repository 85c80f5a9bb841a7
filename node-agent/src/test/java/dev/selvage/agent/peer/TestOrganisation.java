package dev.selvage.agent.peer;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** An organisation with its two authorities, which issue whatever a test needs, wrong things too. */
public final class TestOrganisation {
    private static final AtomicLong SERIAL = new AtomicLong(1);

    final String msp;
    private final Instant now;
    private final Issued authority;
    private final Issued tlsAuthority;

    /** A certificate with its key. */
    record Issued(X509Certificate certificate, KeyPair keys) {}

    public TestOrganisation(String msp, Instant now) {
        this.msp = msp;
        this.now = now;
        this.authority = selfSigned("CN=ca." + msp);
        this.tlsAuthority = selfSigned("CN=tlsca." + msp);
    }

    ChannelRoots.Authorities authorities() {
        return new ChannelRoots.Authorities(msp, List.of(authority.certificate()), List.of(tlsAuthority.certificate()));
    }

    X509Certificate authority() {
        return authority.certificate();
    }

    /** A signing certificate, good for a day before and ten years after. */
    MemberSigner client(String name) {
        return member("OU=client,CN=" + name, now.minus(Duration.ofDays(1)), now.plus(Duration.ofDays(3650)));
    }

    public MemberSigner member(String subject, Instant from, Instant until) {
        return identity(issue(authority, subject, from, until, false, false));
    }

    MemberSigner identity(Issued issued) {
        return new MemberSigner(msp, issued.certificate(), issued.keys().getPrivate());
    }

    /** An authority below the signing authority. */
    Issued intermediate(String name) {
        return issue(
                authority, "CN=" + name, now.minus(Duration.ofDays(1)), now.plus(Duration.ofDays(999)), true, false);
    }

    Issued issue(Issued issuer, String subject, Instant from, Instant until, boolean ca, boolean host) {
        try {
            KeyPair keys = keys();
            return new Issued(certificate(issuer, keys, subject, from, until, ca, host), keys);
        } catch (GeneralSecurityException | IOException | OperatorCreationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** TLS files in a folder, for the loopback interface. */
    PeerTls tls(Path folder) throws IOException {
        var issued = issue(
                tlsAuthority, "CN=tls", now.minus(Duration.ofDays(1)), now.plus(Duration.ofDays(3650)), false, true);
        Path certificate = folder.resolve(msp + "-" + SERIAL.get() + ".crt");
        Path key = folder.resolve(msp + "-" + SERIAL.get() + ".key");
        Files.writeString(certificate, pem("CERTIFICATE", encoded(issued.certificate())));
        Files.writeString(key, pem("PRIVATE KEY", issued.keys().getPrivate().getEncoded()));
        return new PeerTls(certificate, key);
    }

    static byte[] encoded(X509Certificate certificate) {
        try {
            return certificate.getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String pem(String label, byte[] der) {
        return "-----BEGIN " + label + "-----\n"
                + Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                        .encodeToString(der) + "\n-----END "
                + label + "-----\n";
    }

    private Issued selfSigned(String subject) {
        try {
            KeyPair keys = keys();
            var self = new Issued(null, keys);
            Instant from = now.minus(Duration.ofDays(365));
            return new Issued(
                    certificate(self, keys, subject, from, now.plus(Duration.ofDays(7300)), true, false), keys);
        } catch (GeneralSecurityException | IOException | OperatorCreationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static KeyPair keys() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair();
    }

    private static X509Certificate certificate(
            Issued issuer, KeyPair keys, String subject, Instant from, Instant until, boolean ca, boolean host)
            throws GeneralSecurityException, IOException, OperatorCreationException {
        X500Name name = new X500Name(subject);
        X500Name issuerName = issuer.certificate() == null
                ? name
                : X500Name.getInstance(
                        issuer.certificate().getSubjectX500Principal().getEncoded());
        var builder = new JcaX509v3CertificateBuilder(
                issuerName,
                BigInteger.valueOf(SERIAL.incrementAndGet()),
                Date.from(from),
                Date.from(until),
                name,
                keys.getPublic());
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(ca));
        if (host) {
            builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(new GeneralName[] {
                new GeneralName(GeneralName.iPAddress, "127.0.0.1"), new GeneralName(GeneralName.dNSName, "localhost")
            }));
        }
        return new JcaX509CertificateConverter()
                .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA")
                        .build(issuer.keys().getPrivate())));
    }
}
