package dev.selvage.agent.pipeline;

/**
 * A result that waits for its transaction.
 *
 * @param since when it began to wait, by {@link System#nanoTime}
 * @param bare whether it goes without the dependents that it could open
 */
record Queued(CertifiedResult result, long since, boolean bare) {}
