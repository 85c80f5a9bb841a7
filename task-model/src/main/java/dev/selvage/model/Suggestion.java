package dev.selvage.model;

import java.util.Collection;
import java.util.Comparator;
import java.util.Map;

/** Finds what somebody probably meant. */
public final class Suggestion {
    /** Longer words are nobody's slip, and comparing them costs the product of their lengths. */
    private static final int MAX_LENGTH = 128;

    private Suggestion() {}

    /** {@code ; did you mean "flights"?} when a known name is close, else an empty text. */
    public static String among(String given, Collection<String> known) {
        if (given.length() > MAX_LENGTH) {
            return "";
        }
        return known.stream()
                .filter(name -> name.length() <= MAX_LENGTH)
                .map(name -> Map.entry(name, distance(given, name)))
                .filter(entry -> entry.getValue()
                        <= Math.max(1, Math.min(given.length(), entry.getKey().length()) / 3))
                .min(Comparator.comparing(Map.Entry<String, Integer>::getValue).thenComparing(Map.Entry::getKey))
                .map(entry -> "; did you mean \"" + entry.getKey() + "\"?")
                .orElse("");
    }

    /** Insertions, deletions, replacements and swaps of neighbours between two words. */
    static int distance(String a, String b) {
        int[][] cost = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                cost[i][j] = i == 0 ? j : j == 0 ? i : step(a, b, i, j, cost);
            }
        }
        return cost[a.length()][b.length()];
    }

    private static int step(String a, String b, int i, int j, int[][] cost) {
        int replaced = cost[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        int best = Math.min(replaced, Math.min(cost[i - 1][j], cost[i][j - 1]) + 1);
        boolean swapped = i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
        return swapped ? Math.min(best, cost[i - 2][j - 2] + 1) : best;
    }
}
