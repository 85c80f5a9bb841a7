package dev.selvage.cli.internal.doctor;

import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

/** Certificates from PEM. */
final class Pems {
    private static final int LARGEST = 256 * 1024;

    private Pems() {}

    /** All certificates of a file. */
    static List<X509Certificate> certificates(Path file) {
        try {
            if (Files.size(file) > LARGEST) {
                throw new SelvageException(ErrorCode.IDENTITY_INVALID, file + " is too large for certificates.");
            }
            var found = certificates(Files.readAllBytes(file));
            if (found.isEmpty()) {
                throw new SelvageException(ErrorCode.IDENTITY_INVALID, file + " holds no certificate.");
            }
            return found;
        } catch (CertificateException e) {
            throw new SelvageException(ErrorCode.IDENTITY_INVALID, file + " holds no certificate in PEM.", e);
        } catch (IOException e) {
            throw new SelvageException(ErrorCode.FILE_UNREADABLE, file + " cannot be read.", e);
        }
    }

    /** All certificates of some PEM text. */
    static List<X509Certificate> certificates(byte[] pem) throws CertificateException {
        List<X509Certificate> found = new ArrayList<>();
        for (var one : CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(pem))) {
            found.add((X509Certificate) one);
        }
        return found;
    }
}
