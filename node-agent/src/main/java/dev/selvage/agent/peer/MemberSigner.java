package dev.selvage.agent.peer;

import dev.selvage.model.Digest;
import dev.selvage.model.Facts;
import dev.selvage.model.Names;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Objects;

/**
 * A member's certificate with its key: signs requests between nodes, and what Fabric's gateway asks to be signed. It may be renewed while it
 * is in use; who needs certificate and signature to fit together asks {@link #now} first. Thread-safe.
 */
public final class MemberSigner implements RequestSigner {
    private final String msp;
    private volatile Pair pair;

    private record Pair(X509Certificate certificate, PrivateKey key) {
        Pair {
            Objects.requireNonNull(certificate);
            Objects.requireNonNull(key);
        }
    }

    public MemberSigner(String msp, X509Certificate certificate, PrivateKey key) {
        this(msp, new Pair(certificate, key));
    }

    private MemberSigner(String msp, Pair pair) {
        this.msp = Names.component("The MSP", msp);
        this.pair = pair;
    }

    /**
     * Reads the two files.
     *
     * @throws dev.selvage.model.SelvageException IDENTITY_INVALID, KEY_MISMATCH, FILE_UNREADABLE
     */
    public static MemberSigner read(String msp, Path certificate, Path key) {
        var signer = new MemberSigner(msp, PemFiles.certificate(certificate), PemFiles.key(key));
        IdentityCheck.requireOwnKey(signer.pair.certificate(), signer.pair.key());
        return signer;
    }

    /**
     * The certificate in a file.
     *
     * @throws dev.selvage.model.SelvageException IDENTITY_INVALID, FILE_UNREADABLE
     */
    public static X509Certificate certificateIn(Path file) {
        return PemFiles.certificate(file);
    }

    /** From here on this is the identity of a renewed certificate of the same member. */
    public void renew(MemberSigner renewed) {
        pair = renewed.pair;
    }

    /** The identity of this moment, which no renewal changes. */
    @Override
    public MemberSigner now() {
        return new MemberSigner(msp, pair);
    }

    @Override
    public String msp() {
        return msp;
    }

    @Override
    public X509Certificate certificate() {
        return pair.certificate();
    }

    /** Organisation and common name. */
    public Facts.Party party() {
        return new Facts.Party(msp, MemberCheck.commonName(certificate()));
    }

    /** Digest of the key's SubjectPublicKeyInfo, by which the contract knows a node's key. */
    public Digest spki() {
        return Digest.of(certificate().getPublicKey().getEncoded());
    }

    @Override
    public byte[] sign(byte[] message) {
        return Signatures.sign(pair.key(), message);
    }

    /** Signs a SHA-256 that was taken already: what fabric-gateway's builder asks for. */
    public byte[] signDigest(byte[] digest) {
        return Signatures.signDigest(pair.key(), digest);
    }
}
