package dev.selvage.proofs;

/**
 * What checking a proof found. Being wrong is an answer, not an exception.
 *
 * @param reason why it was rejected, for a person; empty when accepted
 */
public record Verdict(boolean accepted, String reason) {
    public static final Verdict ACCEPTED = new Verdict(true, "");

    public static Verdict rejected(String reason) {
        return new Verdict(false, reason);
    }
}
