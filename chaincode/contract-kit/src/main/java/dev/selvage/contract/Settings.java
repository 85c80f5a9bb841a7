package dev.selvage.contract;

import dev.selvage.model.Limits;

/**
 * What the operators of a channel's peers agree on. Every peer's chaincode must be started with the same values, or their endorsements
 * differ.
 *
 * @param clockSkew by how much the members' clocks may differ, in milliseconds (LEDGER.md, rule 8)
 */
public record Settings(long clockSkew) {
    public static final Settings DEFAULT = new Settings(Limits.CLOCK_SKEW);

    public Settings {
        if (clockSkew < 0) {
            throw new IllegalArgumentException("a clock skew is not negative: " + clockSkew);
        }
    }
}
