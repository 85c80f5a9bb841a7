package dev.selvage.network.org;

import com.google.protobuf.ByteString;
import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Objects;
import org.hyperledger.fabric.protos.msp.SerializedIdentity;

/** An identity with its private key: signs as a peer, an admin or a client of its organisation. Thread-safe. */
public final class OrganisationSigner {
    private final String msp;
    private final X509Certificate certificate;
    private final PrivateKey key;
    private final ByteString serialized;

    public OrganisationSigner(String msp, X509Certificate certificate, PrivateKey key) {
        this.msp = Objects.requireNonNull(msp);
        this.certificate = Objects.requireNonNull(certificate);
        this.key = Objects.requireNonNull(key);
        this.serialized = SerializedIdentity.newBuilder()
                .setMspid(msp)
                .setIdBytes(ByteString.copyFrom(Pem.certificate(certificate), StandardCharsets.US_ASCII))
                .build()
                .toByteString();
    }

    public String msp() {
        return msp;
    }

    public X509Certificate certificate() {
        return certificate;
    }

    /** The private key, for TLS and for fabric-gateway's own signers. */
    public PrivateKey privateKey() {
        return key;
    }

    /** The SerializedIdentity message: MSP and certificate in PEM. */
    public ByteString serializedIdentity() {
        return serialized;
    }

    /** ECDSA over the SHA-256 of the message, low s. */
    public byte[] sign(byte[] message) {
        return FastSignatures.sign(key, message);
    }

    /** ECDSA over a digest already taken, low s: the function that fabric-gateway's builder asks for. */
    public byte[] signDigest(byte[] digest) {
        return FastSignatures.signDigest(key, digest);
    }
}
