package dev.selvage.agent.peer;

import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Instant;

/** Whether a certificate and a key are of use, so that a ledger need not be asked to learn that they are not. */
public final class IdentityCheck {
    private static final byte[] TRIAL = "a trial".getBytes(StandardCharsets.US_ASCII);

    private IdentityCheck() {}

    /**
     * Whether the key is the one that the certificate was issued for.
     *
     * @throws SelvageException KEY_MISMATCH when it is not
     */
    public static void requireOwnKey(X509Certificate certificate, PrivateKey key) {
        if (!isPair(certificate.getPublicKey(), key)) {
            throw new SelvageException(
                    ErrorCode.KEY_MISMATCH,
                    "The key is not the one that the certificate of " + certificate.getSubjectX500Principal()
                            + " was issued for.");
        }
    }

    private static boolean isPair(PublicKey open, PrivateKey key) {
        String algorithm = switch (open.getAlgorithm()) {
            case "EC" -> "SHA256withECDSA";
            case "RSA" -> "SHA256withRSA";
            default -> open.getAlgorithm();
        };
        try {
            var signer = Signature.getInstance(algorithm);
            signer.initSign(key);
            signer.update(TRIAL);
            var verifier = Signature.getInstance(algorithm);
            verifier.initVerify(open);
            verifier.update(TRIAL);
            return verifier.verify(signer.sign());
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /**
     * Whether a certificate is within its time.
     *
     * @throws SelvageException CERTIFICATE_EXPIRED, also before the time has come
     */
    public static void requireCurrent(X509Certificate certificate, Instant now) {
        Instant from = certificate.getNotBefore().toInstant();
        Instant until = certificate.getNotAfter().toInstant();
        if (now.isBefore(from) || now.isAfter(until)) {
            throw new SelvageException(
                    ErrorCode.CERTIFICATE_EXPIRED,
                    "The certificate of " + certificate.getSubjectX500Principal() + " is good from " + from + " to "
                            + until + ", and now is " + now + ".");
        }
    }
}
