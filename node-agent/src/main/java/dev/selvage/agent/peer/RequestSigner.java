package dev.selvage.agent.peer;

import java.security.cert.X509Certificate;

/** An identity that signs requests: a node's or a user's. Thread-safe. */
public interface RequestSigner {
    String msp();

    X509Certificate certificate();

    /** The identity of this moment: what it signs fits its certificate, whatever is renewed meanwhile. */
    default RequestSigner now() {
        return this;
    }

    /** ECDSA over the SHA-256 of the message, DER, low s. */
    byte[] sign(byte[] message);
}
