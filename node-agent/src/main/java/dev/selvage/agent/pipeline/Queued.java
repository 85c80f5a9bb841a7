package dev.selvage.agent.pipeline;

/**
 * A result that waits for its transaction.
 *
 * @param by until when it must have been sent, milliseconds since 1970 UTC
 * @param since when it began to wait, by {@link System#nanoTime}
 * @param bare whether it goes without the dependents that it could open
 * @param again how often its transaction came to nothing
 */
record Queued(CertifiedResult result, long by, long since, boolean bare, int again) {
    Queued(CertifiedResult result, long by) {
        this(result, by, System.nanoTime(), false, 0);
    }

    Queued asBare() {
        return new Queued(result, by, since, true, again);
    }

    Queued onceMore() {
        return new Queued(result, by, since, bare, again + 1);
    }
}
