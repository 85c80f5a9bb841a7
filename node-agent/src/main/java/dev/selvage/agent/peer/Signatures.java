package dev.selvage.agent.peer;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.interfaces.ECKey;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.jce.provider.BouncyCastleProvider;

/**
 * ECDSA with SHA-256 as Fabric wants it: DER, s in the lower half of the order. Uses Amazon Corretto's provider where its native library
 * loads (some ten to thirty times faster than the JDK's own), else Bouncy Castle. Thread-safe.
 */
final class Signatures {
    private static final Provider PROVIDER = choose();
    private static final int LONGEST = 160;

    private Signatures() {}

    static String provider() {
        return PROVIDER.getName();
    }

    static byte[] sign(PrivateKey key, byte[] message) {
        return sign("SHA256withECDSA", key, message);
    }

    static byte[] signDigest(PrivateKey key, byte[] digest) {
        return sign("NONEwithECDSA", key, digest);
    }

    /** Whether the key signed the message, with a low s. Malformed signatures are false, not errors. */
    static boolean verify(PublicKey key, byte[] message, byte[] signature) {
        if (!(key instanceof ECKey ec) || !isLowS(signature, ec.getParams().getOrder())) {
            return false;
        }
        try {
            Signature verifier = Signature.getInstance("SHA256withECDSA", PROVIDER);
            verifier.initVerify(key);
            verifier.update(message);
            return verifier.verify(signature);
        } catch (SignatureException | InvalidKeyException unusable) {
            return false;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("no ECDSA in " + PROVIDER.getName(), e);
        }
    }

    private static byte[] sign(String algorithm, PrivateKey key, byte[] input) {
        try {
            Signature signer = Signature.getInstance(algorithm, PROVIDER);
            signer.initSign(key);
            signer.update(input);
            return toLowS(signer.sign(), ((ECKey) key).getParams().getOrder());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot sign with " + PROVIDER.getName(), e);
        }
    }

    private static byte[] toLowS(byte[] signature, BigInteger order) {
        try {
            var pair = pair(signature);
            BigInteger s = pair[1];
            if (s.compareTo(order.shiftRight(1)) <= 0) {
                return signature;
            }
            return new DERSequence(new ASN1Integer[] {new ASN1Integer(pair[0]), new ASN1Integer(order.subtract(s))})
                    .getEncoded(ASN1Encoding.DER);
        } catch (IOException e) {
            throw new IllegalStateException("the provider's signature is not DER", e);
        }
    }

    private static boolean isLowS(byte[] signature, BigInteger order) {
        if (signature.length == 0 || signature.length > LONGEST) {
            return false;
        }
        try {
            var pair = pair(signature);
            return pair[0].signum() > 0 && pair[1].signum() > 0 && pair[1].compareTo(order.shiftRight(1)) <= 0;
        } catch (IOException | IllegalArgumentException | IllegalStateException malformed) {
            return false;
        }
    }

    private static BigInteger[] pair(byte[] signature) throws IOException {
        if (!(ASN1Primitive.fromByteArray(signature) instanceof ASN1Sequence sequence) || sequence.size() != 2) {
            throw new IOException("not a sequence of two integers");
        }
        return new BigInteger[] {
            ASN1Integer.getInstance(sequence.getObjectAt(0)).getValue(),
            ASN1Integer.getInstance(sequence.getObjectAt(1)).getValue()
        };
    }

    private static Provider choose() {
        try {
            AmazonCorrettoCryptoProvider corretto = AmazonCorrettoCryptoProvider.INSTANCE;
            if (corretto.getLoadingError() == null) {
                return corretto;
            }
        } catch (LinkageError e) {
            // no native library for this platform: Bouncy Castle does the same, slower
        }
        return new BouncyCastleProvider();
    }
}
