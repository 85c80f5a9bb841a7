package dev.selvage.cli.internal.doctor;

import dev.selvage.agent.ledger.FaultWords;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/** Tries a server's TLS by itself: of a call that failed one does not learn whether it was the network, the name or the root. */
final class SecureLinks {
    private static final int PATIENCE_MS = 3_000;

    private SecureLinks() {}

    /**
     * Makes a TLS link and closes it again.
     *
     * @param roots by which the server must be known
     * @param name that its certificate must have
     * @param unreachable the code where nothing listens
     * @return the server's certificate
     * @throws SelvageException TLS_NAME_MISMATCH, TLS_UNTRUSTED, CERTIFICATE_EXPIRED or {@code unreachable}
     */
    static X509Certificate handshake(
            String host, int port, List<X509Certificate> roots, String name, ErrorCode unreachable) {
        String place = host + ":" + port;
        try (Socket plain = new Socket()) {
            plain.connect(new InetSocketAddress(host, port), PATIENCE_MS);
            plain.setSoTimeout(PATIENCE_MS);
            try (SSLSocket secure =
                    (SSLSocket) context(roots).getSocketFactory().createSocket(plain, name, port, true)) {
                var parameters = secure.getSSLParameters();
                parameters.setEndpointIdentificationAlgorithm("HTTPS");
                parameters.setApplicationProtocols(new String[] {"h2"});
                if (name.matches(".*[A-Za-z].*") && !name.contains(":")) {
                    parameters.setServerNames(List.of(new SNIHostName(name)));
                }
                secure.setSSLParameters(parameters);
                secure.startHandshake();
                return (X509Certificate) secure.getSession().getPeerCertificates()[0];
            }
        } catch (ConnectException | SocketTimeoutException | java.net.UnknownHostException e) {
            throw new SelvageException(unreachable, "Nothing answers at " + place + " (" + e.getMessage() + ").", e);
        } catch (SSLException e) {
            throw refused(place, name, unreachable, e);
        } catch (IOException e) {
            throw new SelvageException(unreachable, "The link to " + place + " was cut: " + e.getMessage() + ".", e);
        }
    }

    private static SelvageException refused(String place, String name, ErrorCode unreachable, SSLException e) {
        ErrorCode code = FaultWords.ofLink(e).orElse(unreachable);
        String what = switch (code) {
            case TLS_NAME_MISMATCH -> "The certificate of " + place + " is not for " + name + ": ";
            case TLS_UNTRUSTED -> "The certificate of " + place + " does not come from the root that is configured: ";
            case CERTIFICATE_EXPIRED -> "The TLS certificate of " + place + " has expired: ";
            default -> "No TLS link to " + place + ": ";
        };
        return new SelvageException(code, what + FaultWords.ofCause(e) + ".", e);
    }

    private static SSLContext context(List<X509Certificate> roots) {
        try {
            var context = SSLContext.getInstance("TLS");
            context.init(null, trust(roots), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new SelvageException(ErrorCode.INTERNAL, "TLS cannot be set up: " + e.getMessage(), e);
        }
    }

    /** What trusts certificates of these roots. */
    static TrustManager[] trust(List<X509Certificate> roots) {
        try {
            var store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            for (int i = 0; i < roots.size(); i++) {
                store.setCertificateEntry("root" + i, roots.get(i));
            }
            var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            return trust.getTrustManagers();
        } catch (GeneralSecurityException | IOException e) {
            throw new SelvageException(
                    ErrorCode.IDENTITY_INVALID, "The TLS roots cannot be used: " + e.getMessage(), e);
        }
    }
}
