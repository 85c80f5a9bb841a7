package dev.selvage.agent.content;

import java.util.Objects;

/**
 * A reason to keep an item. An item may have many; one with the same reference replaces the one before.
 *
 * @param reference who holds it, at most 256 characters, such as a run's key or {@code data/flights}
 */
public record Hold(Retention retention, String reference) {
    private static final int LONGEST = 256;

    public Hold {
        Objects.requireNonNull(retention);
        if (reference.isEmpty() || reference.length() > LONGEST) {
            throw new IllegalArgumentException("a reference has 1 to " + LONGEST + " characters");
        }
    }

    public static Hold owned(String reference) {
        return new Hold(Retention.OWNED, reference);
    }

    public static Hold pinned(String reference) {
        return new Hold(Retention.PINNED, reference);
    }

    public static Hold inFlight(String reference) {
        return new Hold(Retention.IN_FLIGHT, reference);
    }
}
