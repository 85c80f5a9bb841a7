package dev.selvage.contract.testing;

import com.google.protobuf.ByteString;
import dev.selvage.model.Digest;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.util.Date;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.hyperledger.fabric.protos.msp.SerializedIdentity;

/** A member of an organisation with a real certificate of the organisation's own authority. */
public record Identity(String msp, String name, X509Certificate certificate) {
    private static final Map<String, KeyPair> AUTHORITIES = new ConcurrentHashMap<>();
    private static final Map<String, Identity> KNOWN = new ConcurrentHashMap<>();
    private static final AtomicLong SERIAL = new AtomicLong(1);

    public static Identity admin(String msp) {
        return of(msp, "Admin", "admin");
    }

    public static Identity node(String msp, String name) {
        return of(msp, name, "client");
    }

    public static Identity user(String msp) {
        return of(msp, "User1", "client");
    }

    /** The same identity each time. */
    public static Identity of(String msp, String name, String unit) {
        return KNOWN.computeIfAbsent(msp + "/" + name, key -> fresh(msp, name, "CN=" + name + ",OU=" + unit));
    }

    /** A new key under the name. */
    @SuppressWarnings("JavaUtilDate") // the certificate builder asks for it
    public static Identity fresh(String msp, String name, String subject) {
        try {
            KeyPair authority = AUTHORITIES.computeIfAbsent(msp, key -> keys());
            KeyPair own = keys();
            var builder = new JcaX509v3CertificateBuilder(
                    new X500Name("CN=ca." + msp),
                    BigInteger.valueOf(SERIAL.getAndIncrement()),
                    new Date(0),
                    new Date(4_000_000_000_000L),
                    new X500Name(subject),
                    own.getPublic());
            var holder = builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(authority.getPrivate()));
            return new Identity(msp, name, new JcaX509CertificateConverter().getCertificate(holder));
        } catch (GeneralSecurityException | OperatorCreationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static KeyPair keys() {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    public String pem() {
        var text = new StringWriter();
        try (var writer = new JcaPEMWriter(text)) {
            writer.writeObject(certificate);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    public Digest spki() {
        return Digest.of(certificate.getPublicKey().getEncoded());
    }

    public byte[] creator() {
        return SerializedIdentity.newBuilder()
                .setMspid(msp)
                .setIdBytes(ByteString.copyFrom(pem(), StandardCharsets.UTF_8))
                .build()
                .toByteArray();
    }
}
