package dev.selvage.agent;

import dev.selvage.formats.config.KeyPairFiles;
import dev.selvage.network.org.IdentityFiles;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** The wallet folder of a node, whose certificates its organisation's authorities issue anew. */
final class TestWallet {
    private static final AtomicLong SERIAL = new AtomicLong(1_000_000);
    private static final List<ASN1ObjectIdentifier> KEPT = List.of(
            Extension.keyUsage,
            Extension.extendedKeyUsage,
            Extension.basicConstraints,
            Extension.subjectAlternativeName);

    private final IdentityFiles issued;
    private final KeyPairFiles signing;
    private final KeyPairFiles tls;
    private final Path organisation;

    /** Copies a node's keys and certificates into the folder. */
    TestWallet(Path folder, IdentityFiles issued) throws IOException {
        this.issued = issued;
        this.organisation = issued.certificate().resolve("../../../../..").normalize();
        this.signing = new KeyPairFiles(folder.resolve("cert.pem"), folder.resolve("key.pem"));
        this.tls = new KeyPairFiles(folder.resolve("tls.pem"), folder.resolve("tls.key"));
        Files.createDirectories(folder);
        Files.copy(issued.certificate(), signing.certificate());
        Files.copy(issued.key(), signing.key());
        Files.copy(issued.tls().certificate(), tls.certificate());
        Files.copy(issued.tls().key(), tls.key());
    }

    KeyPairFiles signing() {
        return signing;
    }

    KeyPairFiles tls() {
        return tls;
    }

    /** Issues the signing certificate anew for the key that is there. */
    void renew(Instant from, Instant until) throws Exception {
        write(
                signing.certificate(),
                "CERTIFICATE",
                issue("ca", issued.certificate(), null, from, until).getEncoded());
    }

    /** Issues the TLS certificate anew for the key that is there; returns its serial number. */
    BigInteger renewTls(Instant from, Instant until) throws Exception {
        var certificate = issue("tlsca", issued.tls().certificate(), null, from, until);
        write(tls.certificate(), "CERTIFICATE", certificate.getEncoded());
        return certificate.getSerialNumber();
    }

    /** Puts the certificate of a new key into the wallet; the key itself follows with {@link NewKey#put}. */
    NewKey renewWithNewKey(Instant from, Instant until) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        var pair = generator.generateKeyPair();
        write(
                signing.certificate(),
                "CERTIFICATE",
                issue("ca", issued.certificate(), pair.getPublic(), from, until).getEncoded());
        return () -> write(signing.key(), "PRIVATE KEY", pair.getPrivate().getEncoded());
    }

    interface NewKey {
        void put() throws IOException;
    }

    private X509Certificate issue(String authority, Path like, PublicKey key, Instant from, Instant until)
            throws IOException, GeneralSecurityException, OperatorCreationException {
        var old = certificate(like);
        Path folder = organisation.resolve(authority);
        X509Certificate issuer;
        try (var files = Files.newDirectoryStream(folder, "*-cert.pem")) {
            issuer = certificate(files.iterator().next());
        }
        var builder = new JcaX509v3CertificateBuilder(
                X500Name.getInstance(issuer.getSubjectX500Principal().getEncoded()),
                BigInteger.valueOf(SERIAL.incrementAndGet()),
                Date.from(from.minus(Duration.ofMinutes(1))),
                Date.from(until),
                X500Name.getInstance(old.getSubjectX500Principal().getEncoded()),
                key == null ? old.getPublicKey() : key);
        var holder = new JcaX509CertificateHolder(old);
        for (ASN1ObjectIdentifier id : KEPT) {
            if (holder.getExtension(id) != null) {
                builder.addExtension(holder.getExtension(id));
            }
        }
        var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(key(folder.resolve("priv_sk")));
        return new JcaX509CertificateConverter().getCertificate(builder.build(signer));
    }

    private static X509Certificate certificate(Path file) throws IOException, GeneralSecurityException {
        return (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(Files.readAllBytes(file)));
    }

    private static PrivateKey key(Path file) throws IOException, GeneralSecurityException {
        String body = Files.readString(file).replaceAll("-----[A-Z ]+-----", "");
        return KeyFactory.getInstance("EC")
                .generatePrivate(new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(body)));
    }

    private static void write(Path file, String label, byte[] der) throws IOException {
        String pem = "-----BEGIN " + label + "-----\n"
                + Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                        .encodeToString(der) + "\n-----END " + label + "-----\n";
        Path fresh = Files.writeString(file.resolveSibling("." + file.getFileName()), pem);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
