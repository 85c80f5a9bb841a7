package dev.selvage.agent.peer;

import dev.selvage.model.Digest;
import dev.selvage.model.Facts;
import dev.selvage.model.Names;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Objects;

/** A member's certificate with its key: signs requests between nodes, and what Fabric's gateway asks to be signed. Thread-safe. */
public final class MemberSigner implements RequestSigner {
    private final String msp;
    private final X509Certificate certificate;
    private final PrivateKey key;

    public MemberSigner(String msp, X509Certificate certificate, PrivateKey key) {
        this.msp = Names.component("The MSP", msp);
        this.certificate = Objects.requireNonNull(certificate);
        this.key = Objects.requireNonNull(key);
    }

    /**
     * Reads the two files.
     *
     * @throws dev.selvage.model.SelvageException IDENTITY_INVALID, KEY_MISMATCH, FILE_UNREADABLE
     */
    public static MemberSigner read(String msp, Path certificate, Path key) {
        var signer = new MemberSigner(msp, PemFiles.certificate(certificate), PemFiles.key(key));
        IdentityCheck.requireOwnKey(signer.certificate, signer.key);
        return signer;
    }

    @Override
    public String msp() {
        return msp;
    }

    @Override
    public X509Certificate certificate() {
        return certificate;
    }

    /** Organisation and common name. */
    public Facts.Party party() {
        return new Facts.Party(msp, MemberCheck.commonName(certificate));
    }

    /** Digest of the key's SubjectPublicKeyInfo, by which the contract knows a node's key. */
    public Digest spki() {
        return Digest.of(certificate.getPublicKey().getEncoded());
    }

    @Override
    public byte[] sign(byte[] message) {
        return Signatures.sign(key, message);
    }

    /** Signs a SHA-256 that was taken already: what fabric-gateway's builder asks for. */
    public byte[] signDigest(byte[] digest) {
        return Signatures.signDigest(key, digest);
    }
}
