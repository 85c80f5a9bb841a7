package dev.selvage.network.org;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.interfaces.ECKey;
import org.bouncycastle.jce.provider.BouncyCastleProvider;

/**
 * ECDSA with SHA-256 as Fabric wants it: DER, s in the lower half of the order, for a high s is refused by every peer. Uses Amazon
 * Corretto's provider where its native library loads (some ten to thirty times faster than the JDK's own), else Bouncy Castle.
 * All methods are thread-safe.
 */
public final class FastSignatures {
    private static final Provider PROVIDER = choose();

    private FastSignatures() {}

    /** The provider in use: {@code AmazonCorrettoCryptoProvider} or {@code BC}. */
    public static String provider() {
        return PROVIDER.getName();
    }

    /** Signs a message (hashed here). */
    public static byte[] sign(PrivateKey key, byte[] message) {
        return sign("SHA256withECDSA", key, message);
    }

    /** Signs what is a digest already, which is what fabric-gateway's Signer is given. */
    public static byte[] signDigest(PrivateKey key, byte[] digest) {
        return sign("NONEwithECDSA", key, digest);
    }

    /** Whether the signature is the key's over the message and has a low s. Malformed signatures are false, not errors. */
    public static boolean verify(PublicKey key, byte[] message, byte[] signature) {
        BigInteger order = ((ECKey) key).getParams().getOrder();
        if (!EcdsaDer.isLowS(signature, order)) {
            return false;
        }
        try {
            Signature verifier = Signature.getInstance("SHA256withECDSA", PROVIDER);
            verifier.initVerify(key);
            verifier.update(message);
            return verifier.verify(signature);
        } catch (SignatureException malformed) {
            return false;
        } catch (InvalidKeyException unusable) {
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
            return EcdsaDer.toLowS(signer.sign(), ((ECKey) key).getParams().getOrder());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot sign with " + PROVIDER.getName(), e);
        }
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
