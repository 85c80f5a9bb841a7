package dev.selvage.agent.peer;

import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.netty.handler.ssl.ClientAuth;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.grpc.util.AdvancedTlsX509KeyManager;
import io.grpc.util.CertificateUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.SSLException;

/** A node's TLS certificate, issued by its organisation's TLS authority, for both ends of links. It may be renewed while it is in use. Thread-safe. */
public final class PeerTls {
    private final Path certificateFile;
    private final Path keyFile;
    private final AdvancedTlsX509KeyManager keys = new AdvancedTlsX509KeyManager();
    private volatile X509Certificate certificate;

    /**
     * Reads the files.
     *
     * @param certificate PEM, the leaf first
     * @param key PKCS #8 PEM
     * @throws SelvageException IDENTITY_INVALID, KEY_MISMATCH, FILE_UNREADABLE
     */
    public PeerTls(Path certificate, Path key) {
        this.certificateFile = certificate;
        this.keyFile = key;
        use(read());
    }

    private record Pair(X509Certificate[] chain, PrivateKey key) {}

    /** What is presented to others now. */
    public X509Certificate certificate() {
        return certificate;
    }

    /** What the certificate's file holds now. */
    public X509Certificate inFile() {
        return PemFiles.certificate(certificateFile);
    }

    /**
     * Takes what the files hold now, for links that are made from here on.
     *
     * @throws SelvageException IDENTITY_INVALID, KEY_MISMATCH, CERTIFICATE_EXPIRED, FILE_UNREADABLE; then nothing has changed
     */
    public void renew(Instant now) {
        Pair pair = read();
        IdentityCheck.requireCurrent(pair.chain()[0], now);
        use(pair);
    }

    private Pair read() {
        try {
            var chain =
                    CertificateUtils.getX509Certificates(new ByteArrayInputStream(PemFiles.bounded(certificateFile)));
            if (chain.length == 0) {
                throw unusable();
            }
            var key = CertificateUtils.getPrivateKey(new ByteArrayInputStream(PemFiles.bounded(keyFile)));
            IdentityCheck.requireOwnKey(chain[0], key);
            return new Pair(chain, key);
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            throw unusable(); // the cause may quote the key: it is left out
        }
    }

    private void use(Pair pair) {
        keys.updateIdentityCredentials(pair.chain(), pair.key());
        certificate = pair.chain()[0];
    }

    /** Serves with this certificate; who presents a certificate must have it from one of the authorities. */
    SslContext server(List<X509Certificate> authorities, boolean clientMustHaveOne) {
        try {
            return GrpcSslContexts.configure(SslContextBuilder.forServer(keys))
                    .trustManager(authorities.toArray(X509Certificate[]::new))
                    .clientAuth(clientMustHaveOne ? ClientAuth.REQUIRE : ClientAuth.OPTIONAL)
                    .protocols("TLSv1.3", "TLSv1.2")
                    .build();
        } catch (SSLException | IllegalArgumentException e) {
            throw unusable();
        }
    }

    /** Calls with this certificate; the server's must come from one of the authorities and carry the name that is called. */
    SslContext client(List<X509Certificate> authorities) {
        try {
            return GrpcSslContexts.forClient()
                    .keyManager(keys)
                    .trustManager(authorities.toArray(X509Certificate[]::new))
                    .protocols("TLSv1.3", "TLSv1.2")
                    .build();
        } catch (SSLException | IllegalArgumentException e) {
            throw unusable();
        }
    }

    private SelvageException unusable() {
        return new SelvageException(
                ErrorCode.IDENTITY_INVALID,
                "TLS cannot be set up with " + certificateFile.getFileName()
                        + " and its key, or with the channel's TLS authorities.");
    }
}
