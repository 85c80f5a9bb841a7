package dev.selvage.model;

import java.util.regex.Pattern;

/**
 * Matches with a bounded number of steps. Patterns come from others, and some take exponential time; every member must give up at the
 * same point, so steps are counted instead of time.
 */
final class BoundedPattern {
    /** Far more than any sensible pattern needs for a value of the longest arguments. */
    private static final int STEPS = 2_000_000;

    private BoundedPattern() {}

    /** Whether the whole text matches; a text that takes too long to tell does not. */
    static boolean matches(String pattern, String text) {
        try {
            return Pattern.compile(pattern)
                    .matcher(new Counted(text, new int[] {STEPS}))
                    .matches();
        } catch (TooManySteps | StackOverflowError e) {
            return false;
        }
    }

    private static final class TooManySteps extends RuntimeException {
        private static final long serialVersionUID = 1L;

        TooManySteps() {
            super(null, null, false, false);
        }
    }

    /** A text that counts how often it is looked at. */
    private record Counted(String text, int[] left) implements CharSequence {
        @Override
        public char charAt(int index) {
            if (left[0]-- <= 0) {
                throw new TooManySteps();
            }
            return text.charAt(index);
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return new Counted(text.substring(start, end), left);
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
