package dev.selvage.agent.pipeline;

/**
 * A result that waits for its transaction.
 *
 * @param since when it began to wait, by {@link System#nanoTime}
 * @param bare whether it goes without the dependents that it could open
 * @param again how often its transaction came to nothing
 */
record Queued(CertifiedResult result, long since, boolean bare, int again) {
    Queued(CertifiedResult result) {
        this(result, System.nanoTime(), false, 0);
    }

    Queued asBare() {
        return new Queued(result, since, true, again);
    }

    Queued onceMore() {
        return new Queued(result, since, bare, again + 1);
    }
}
