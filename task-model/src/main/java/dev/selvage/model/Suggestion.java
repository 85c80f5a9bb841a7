package dev.selvage.model;

import java.util.Collection;
import java.util.Comparator;
import java.util.Map;

/** Finds what somebody probably meant. */
public final class Suggestion {
    private Suggestion() {}

    /** {@code ; did you mean "flights"?} when a known name is close, else an empty text. */
    public static String among(String given, Collection<String> known) {
        return known.stream()
                .map(name -> Map.entry(name, distance(given, name)))
                .filter(entry -> entry.getValue()
                        <= Math.max(1, Math.min(given.length(), entry.getKey().length()) / 3))
                .min(Comparator.comparing(Map.Entry<String, Integer>::getValue).thenComparing(Map.Entry::getKey))
                .map(entry -> "; did you mean \"" + entry.getKey() + "\"?")
                .orElse("");
    }

    /** Insertions, deletions and replacements between two words (Levenshtein). */
    static int distance(String a, String b) {
        int[] previous = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] row = new int[b.length() + 1];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, Math.min(previous[j], row[j - 1]) + 1);
            }
            previous = row;
        }
        return previous[b.length()];
    }
}
