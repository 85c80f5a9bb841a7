package dev.selvage.agent.peer;

import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.netty.handler.ssl.ClientAuth;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLException;

/**
 * A node's TLS certificate, issued by its organisation's TLS authority, for both ends of links.
 *
 * @param certificate PEM, the leaf first
 * @param key PKCS #8 PEM
 */
public record PeerTls(Path certificate, Path key) {
    /** Serves with this certificate; who presents a certificate must have it from one of the authorities. */
    SslContext server(List<X509Certificate> authorities, boolean clientMustHaveOne) {
        try {
            return GrpcSslContexts.forServer(certificate.toFile(), key.toFile())
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
                    .keyManager(certificate.toFile(), key.toFile())
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
                "TLS cannot be set up with " + certificate.getFileName()
                        + " and its key, or with the channel's TLS authorities.");
    }
}
