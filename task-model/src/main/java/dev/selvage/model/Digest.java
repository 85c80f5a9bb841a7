package dev.selvage.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A SHA-256, written as 64 lower-case hexadecimal digits.
 *
 * @param hex the digits
 */
public record Digest(@JsonValue String hex) implements Comparable<Digest> {
    /** Bytes of a salt. */
    public static final int SALT_BYTES = 32;

    private static final int DIGITS = 64;
    private static final byte SALTED = 0x03;

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public Digest {
        if (!Names.isHex(hex, DIGITS)) {
            throw new SelvageException(ErrorCode.REQUEST_INVALID, "A digest is 64 lower-case hexadecimal digits.");
        }
    }

    public static Digest of(byte[] bytes) {
        return fromHash(sha256().digest(bytes));
    }

    /** The digest whose 32 bytes are at hand already. */
    public static Digest fromHash(byte[] hash) {
        return new Digest(HexFormat.of().formatHex(hash));
    }

    /** The digest of a value's canonical JSON. */
    public static Digest ofJson(Object value) {
        return of(CanonicalJson.bytes(value));
    }

    /**
     * What stands on the ledger for bytes that not everybody may guess: SHA-256(0x03 | salt | SHA-256(bytes)) (LEDGER.md, rule 13).
     *
     * @param salt 32 random bytes, kept with the bytes
     */
    public Digest salted(byte[] salt) {
        if (salt.length != SALT_BYTES) {
            throw new IllegalArgumentException("a salt has 32 bytes, not " + salt.length);
        }
        var sha = sha256();
        sha.update(SALTED);
        sha.update(salt);
        sha.update(HexFormat.of().parseHex(hex));
        return fromHash(sha.digest());
    }

    /** The 32 bytes. */
    public byte[] bytes() {
        return HexFormat.of().parseHex(hex);
    }

    /** A fresh SHA-256. */
    public static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    @Override
    public int compareTo(Digest other) {
        return hex.compareTo(other.hex);
    }

    /** The first twelve digits, for people. */
    public String shortForm() {
        return hex.substring(0, 12);
    }

    @Override
    public String toString() {
        return hex;
    }
}
