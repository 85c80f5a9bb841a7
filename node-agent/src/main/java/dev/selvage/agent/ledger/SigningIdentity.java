package dev.selvage.agent.ledger;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import dev.selvage.agent.peer.RequestSigner;
import dev.selvage.model.Digest;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.hyperledger.fabric.client.identity.Identities;

/**
 * A member of an organisation that signs: a node or a user. ECDSA by Amazon Corretto's provider where its native library loads, some thirty
 * times faster than the JDK's own, else by Bouncy Castle. Thread-safe. The key is never shown.
 */
public final class SigningIdentity implements RequestSigner {
    private static final Provider PROVIDER = provider();

    private final String msp;
    private final X509Certificate certificate;
    private final PrivateKey key;

    public SigningIdentity(String msp, X509Certificate certificate, PrivateKey key) {
        this.msp = msp;
        this.certificate = certificate;
        this.key = key;
    }

    /**
     * Reads certificate and key, both PEM, the key in PKCS #8.
     *
     * @throws SelvageException IDENTITY_INVALID, FILE_UNREADABLE
     */
    public static SigningIdentity read(String msp, Path certificate, Path key) {
        try {
            X509Certificate x509;
            try (var in = Files.newInputStream(certificate)) {
                x509 = (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
            }
            return new SigningIdentity(msp, x509, privateKey(Files.readString(key)));
        } catch (IOException e) {
            throw new SelvageException(
                    ErrorCode.FILE_UNREADABLE, "The identity of " + msp + " cannot be read: " + e.getMessage(), e);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new SelvageException(
                    ErrorCode.IDENTITY_INVALID,
                    "The certificate or key of " + msp + " in " + certificate.getFileName() + " and "
                            + key.getFileName() + " is not a PEM of the expected kind.",
                    e);
        }
    }

    private static PrivateKey privateKey(String pem) throws GeneralSecurityException {
        String body = pem.replaceAll("-----(BEGIN|END) (EC )?PRIVATE KEY-----", "").replaceAll("\\s", "");
        return KeyFactory.getInstance("EC")
                .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(body)));
    }

    @Override
    public String msp() {
        return msp;
    }

    @Override
    public X509Certificate certificate() {
        return certificate;
    }

    /** Which creator a block's transactions have when they are this identity's. */
    public Digest creator() {
        return Digest.of(Identities.toPemString(certificate).getBytes(StandardCharsets.UTF_8));
    }

    /** The certificate's common name. */
    public String name() {
        var matcher = java.util.regex.Pattern.compile("(?:^|,)CN=([^,]+)")
                .matcher(certificate.getSubjectX500Principal().getName());
        return matcher.find() ? matcher.group(1) : "";
    }

    /** Digest of the key's SubjectPublicKeyInfo, by which the contract knows a node's key. */
    public Digest spki() {
        return Digest.of(certificate.getPublicKey().getEncoded());
    }

    @Override
    public byte[] sign(byte[] message) {
        return sign("SHA256withECDSA", message);
    }

    /** Signs what is a SHA-256 already. */
    byte[] signDigest(byte[] digest) {
        return sign("NONEwithECDSA", digest);
    }

    private byte[] sign(String algorithm, byte[] input) {
        try {
            Signature signer = Signature.getInstance(algorithm, PROVIDER);
            signer.initSign(key);
            signer.update(input);
            return lowS(signer.sign(), ((ECKey) key).getParams().getOrder());
        } catch (GeneralSecurityException | IOException e) {
            throw new SelvageException(ErrorCode.IDENTITY_INVALID, "The key of " + msp + " cannot sign.", e);
        }
    }

    /** Fabric refuses a signature whose s is in the upper half of the order. */
    private static byte[] lowS(byte[] der, BigInteger order) throws IOException {
        var parts = ASN1Sequence.getInstance(der);
        BigInteger s = ASN1Integer.getInstance(parts.getObjectAt(1)).getValue();
        if (s.compareTo(order.shiftRight(1)) <= 0) {
            return der;
        }
        var fixed = new ASN1EncodableVector();
        fixed.add(parts.getObjectAt(0));
        fixed.add(new ASN1Integer(order.subtract(s)));
        return new DERSequence(fixed).getEncoded();
    }

    private static Provider provider() {
        try {
            var corretto = AmazonCorrettoCryptoProvider.INSTANCE;
            if (corretto.getLoadingError() == null) {
                return corretto;
            }
        } catch (LinkageError e) {
            // no native library for this platform: Bouncy Castle does the same, slower
        }
        return new BouncyCastleProvider();
    }
}
