package dev.selvage.network.org;

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

/** PEM text of certificates and PKCS#8 keys, both ways. */
final class Pem {
    private static final int LARGEST_FILE = 64 * 1024;
    private static final Base64.Encoder LINES = Base64.getMimeEncoder(64, new byte[] {'\n'});

    private Pem() {}

    static String certificate(X509Certificate certificate) {
        try {
            return block("CERTIFICATE", certificate.getEncoded());
        } catch (CertificateException e) {
            throw new IllegalArgumentException("certificate has no encoding", e);
        }
    }

    static String privateKey(PrivateKey key) {
        return block("PRIVATE KEY", key.getEncoded());
    }

    static X509Certificate parseCertificate(byte[] pem) throws CertificateException {
        byte[] der = body("CERTIFICATE", new String(pem, StandardCharsets.US_ASCII));
        return (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
    }

    static X509Certificate readCertificate(Path file) throws IOException {
        try {
            return parseCertificate(readBounded(file));
        } catch (CertificateException e) {
            throw new IOException(file + " is not a certificate in PEM", e);
        }
    }

    static PrivateKey readPrivateKey(Path file) throws IOException {
        try {
            byte[] der = body("PRIVATE KEY", new String(readBounded(file), StandardCharsets.US_ASCII));
            return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(der));
        } catch (GeneralSecurityException e) {
            throw new IOException(file + " is not an EC private key in PKCS#8 PEM", e);
        }
    }

    private static byte[] readBounded(Path file) throws IOException {
        if (Files.size(file) > LARGEST_FILE) {
            throw new IOException(file + " is too large for a key or certificate");
        }
        return Files.readAllBytes(file);
    }

    private static String block(String label, byte[] der) {
        return "-----BEGIN " + label + "-----\n" + LINES.encodeToString(der) + "\n-----END " + label + "-----\n";
    }

    private static byte[] body(String label, String pem) throws CertificateException {
        String begin = "-----BEGIN " + label + "-----";
        int from = pem.indexOf(begin);
        int to = pem.indexOf("-----END " + label + "-----");
        if (from < 0 || to < from) {
            throw new CertificateException("no PEM block " + label);
        }
        try {
            return Base64.getMimeDecoder().decode(pem.substring(from + begin.length(), to));
        } catch (IllegalArgumentException e) {
            throw new CertificateException("PEM block " + label + " is not base64", e);
        }
    }
}
