package dev.selvage.network.fabric;

import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import dev.selvage.network.org.HostPort;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/**
 * Whether a server serves. Fabric's nodes listen long before they do: a connection is taken up then, and no one speaks on it until the
 * channels are open, which outlasts the patience of a client. Only a TLS handshake tells.
 */
final class TlsProbe {
    private static final int PATIENCE_MS = 2_000;

    private final SSLContext context;

    /** @param roots PEM of the authority that the servers' certificates come from */
    TlsProbe(Path roots) {
        this.context = context(roots);
    }

    /** Whether a server with a certificate of that authority takes part in a handshake. */
    boolean serves(HostPort address) {
        try (Socket plain = new Socket()) {
            plain.connect(new InetSocketAddress(address.host(), address.port()), PATIENCE_MS);
            plain.setSoTimeout(PATIENCE_MS);
            try (SSLSocket secure =
                    (SSLSocket) context.getSocketFactory().createSocket(plain, address.host(), address.port(), true)) {
                secure.startHandshake();
                return true;
            }
        } catch (IOException notYet) {
            return false;
        }
    }

    private static SSLContext context(Path roots) {
        try (InputStream pem = Files.newInputStream(roots)) {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int next = 0;
            for (Certificate root : CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
                store.setCertificateEntry("root" + next++, root);
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new SelvageException(ErrorCode.FILE_UNREADABLE, "cannot read " + roots, e);
        }
    }
}
