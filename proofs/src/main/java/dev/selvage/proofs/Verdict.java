package dev.selvage.proofs;

/**
 * What checking a proof found. Being wrong is an answer, not an exception.
 *
 * @param reason why it was rejected, for a person; empty when accepted
 * @param block the first block that is not the anchored one; {@link #NO_BLOCK} where the proof does not let it be named
 */
public record Verdict(boolean accepted, String reason, int block) {
    public static final int NO_BLOCK = -1;

    public static final Verdict ACCEPTED = new Verdict(true, "", NO_BLOCK);

    public static Verdict rejected(String reason) {
        return new Verdict(false, reason, NO_BLOCK);
    }

    public static Verdict rejectedAt(int block, String reason) {
        return new Verdict(false, reason, block);
    }
}
