package dev.selvage.cli.internal;

import java.util.List;

/** Numbers in sentences. */
final class Words {
    private static final List<String> SMALL =
            List.of("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine");

    private Words() {}

    /** {@code three organisations}. */
    static String count(int number, String thing) {
        var word = number < SMALL.size() ? SMALL.get(number) : Integer.toString(number);
        return word + " " + thing + (number == 1 ? "" : "s");
    }
}
