package dev.selvage.agent.content;

import dev.selvage.model.Digest;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * The 32 bytes that keep a digest on the ledger from giving small content away (LEDGER.md, rule 13). Kept with the content and told only to
 * those entitled to it.
 *
 * @param hex 64 lower-case hexadecimal digits
 */
public record Salt(String hex) {
    private static final SecureRandom RANDOM = new SecureRandom();

    public Salt {
        if (!hex.matches("[0-9a-f]{" + 2 * Digest.SALT_BYTES + "}")) {
            throw new IllegalArgumentException("a salt has " + Digest.SALT_BYTES + " bytes");
        }
    }

    public static Salt fresh() {
        byte[] bytes = new byte[Digest.SALT_BYTES];
        RANDOM.nextBytes(bytes);
        return of(bytes);
    }

    public static Salt of(byte[] bytes) {
        return new Salt(HexFormat.of().formatHex(bytes));
    }

    public byte[] bytes() {
        return HexFormat.of().parseHex(hex);
    }

    /** Never the salt itself: it must not reach a log. */
    @Override
    public String toString() {
        return "Salt[...]";
    }
}
