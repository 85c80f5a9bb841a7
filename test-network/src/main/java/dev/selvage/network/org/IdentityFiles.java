package dev.selvage.network.org;

import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import java.io.IOException;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Objects;

/**
 * Where an identity's files lie.
 *
 * @param msp the organisation
 * @param name {@code peer0}, {@code Admin}, {@code User1}, {@code node1}
 * @param mspFolder Fabric's local MSP folder: what CORE_PEER_MSPCONFIGPATH points at
 * @param certificate the signing certificate, PEM
 * @param key its private key, PKCS#8 PEM
 * @param tls the TLS certificate and key
 */
public record IdentityFiles(String msp, String name, Path mspFolder, Path certificate, Path key, TlsFiles tls) {
    public IdentityFiles {
        Objects.requireNonNull(msp);
        Objects.requireNonNull(name);
        Objects.requireNonNull(mspFolder);
        Objects.requireNonNull(certificate);
        Objects.requireNonNull(key);
        Objects.requireNonNull(tls);
    }

    /**
     * TLS material; the certificate serves as server's and as client's.
     *
     * @param roots certificate of the organisation's TLS authority, PEM
     */
    public record TlsFiles(Path roots, Path certificate, Path key) {
        public TlsFiles {
            Objects.requireNonNull(roots);
            Objects.requireNonNull(certificate);
            Objects.requireNonNull(key);
        }

        /**
         * Reads the certificate.
         *
         * @throws SelvageException FILE_UNREADABLE
         */
        public X509Certificate readCertificate() {
            try {
                return Pem.readCertificate(certificate);
            } catch (IOException e) {
                throw new SelvageException(ErrorCode.FILE_UNREADABLE, "cannot read " + certificate, e);
            }
        }

        /**
         * Reads the private key.
         *
         * @throws SelvageException FILE_UNREADABLE
         */
        public PrivateKey readKey() {
            try {
                return Pem.readPrivateKey(key);
            } catch (IOException e) {
                throw new SelvageException(ErrorCode.FILE_UNREADABLE, "cannot read " + key, e);
            }
        }
    }
}
