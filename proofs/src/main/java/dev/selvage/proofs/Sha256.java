package dev.selvage.proofs;

import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** SHA-256 in the forms in which proofs need it. One instance serves one thread. */
public final class Sha256 {
    static final int BYTES = 32;

    private final MessageDigest digest = create();

    Sha256() {}

    /** A fresh digest. */
    public static MessageDigest create() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** The hash of some parts, one after another; nothing marks where one ends. */
    public static byte[] of(byte[]... parts) {
        var digest = create();
        for (byte[] part : parts) {
            digest.update(part);
        }
        return digest.digest();
    }

    /** Writes SHA-256(domain | left | right) of two hashes that may lie in the same array as the result. */
    void node(byte domain, byte[] from, int left, int right, byte[] to, int at) {
        digest.update(domain);
        digest.update(from, left, BYTES);
        digest.update(from, right, BYTES);
        finish(to, at);
    }

    /** Writes SHA-256(left | right), as the published tree has it. */
    void bareNode(byte[] from, int left, int right, byte[] to, int at) {
        digest.update(from, left, BYTES);
        digest.update(from, right, BYTES);
        finish(to, at);
    }

    private void finish(byte[] to, int at) {
        try {
            digest.digest(to, at, BYTES);
        } catch (DigestException e) {
            throw new IllegalStateException("no room for 32 bytes at " + at, e);
        }
    }
}
