package dev.selvage.agent.peer;

import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;

/** Certificates and PKCS #8 keys from PEM. */
final class PemFiles {
    private static final int LARGEST = 64 * 1024;

    private PemFiles() {}

    /** The first certificate of a file: the leaf where it holds a chain. */
    static X509Certificate certificate(Path file) {
        try {
            return certificate(bounded(file));
        } catch (CertificateException e) {
            throw new SelvageException(
                    ErrorCode.IDENTITY_INVALID, file.getFileName() + " holds no X.509 certificate in PEM.", e);
        }
    }

    /** A certificate in PEM or DER. */
    static X509Certificate certificate(byte[] bytes) throws CertificateException {
        return (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(bytes));
    }

    /** An EC key. */
    static PrivateKey key(Path file) {
        String pem = new String(bounded(file), StandardCharsets.US_ASCII);
        String body = pem.replaceAll("(?s).*-----BEGIN PRIVATE KEY-----(.*?)-----END PRIVATE KEY-----.*", "$1");
        try {
            byte[] der = Base64.getMimeDecoder().decode(body);
            return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(der));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            // the cause may quote the key: it is left out
            throw new SelvageException(
                    ErrorCode.IDENTITY_INVALID, file.getFileName() + " holds no EC private key in PKCS #8 PEM.");
        }
    }

    static byte[] bounded(Path file) {
        try {
            if (Files.size(file) > LARGEST) {
                throw new SelvageException(
                        ErrorCode.IDENTITY_INVALID, file.getFileName() + " is too large for a key or certificate.");
            }
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new SelvageException(ErrorCode.FILE_UNREADABLE, "Cannot read " + file + ".", e);
        }
    }
}
