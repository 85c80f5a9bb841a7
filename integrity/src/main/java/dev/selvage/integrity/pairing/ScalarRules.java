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

    static void checkPairs(List<Pairing.G1> cs, List<Pairing.G2> ds) {
        if (cs.isEmpty() || cs.size() != ds.size()) {
            throw new IllegalArgumentException("a product of pairings has as many points of G1 as of G2, at least one");
        }
    }
}
