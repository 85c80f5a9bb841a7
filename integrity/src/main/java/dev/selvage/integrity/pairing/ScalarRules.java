package dev.selvage.integrity.pairing;

import java.math.BigInteger;
import java.util.List;

/** What scalars of a sum must be, for every implementation alike. */
final class ScalarRules {
    private ScalarRules() {}

    static void check(List<BigInteger> scalars, int points) {
        if (scalars.size() > points) {
            throw new IllegalArgumentException(scalars.size() + " scalars for " + points + " points");
        }
        for (BigInteger scalar : scalars) {
            if (scalar.signum() < 0 || scalar.compareTo(Pairing.ORDER) >= 0) {
                throw new IllegalArgumentException("a scalar is from 0 to the group's order");
            }
        }
    }
}
