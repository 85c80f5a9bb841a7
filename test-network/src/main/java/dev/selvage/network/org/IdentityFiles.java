package dev.selvage.network.org;

import java.nio.file.Path;
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
    }
}
