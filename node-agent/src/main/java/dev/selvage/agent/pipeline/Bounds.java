package dev.selvage.agent.pipeline;

/**
 * How much is sent to the ledger at a time.
 *
 * @param window transactions in flight
 * @param batch results in one transaction
 */
record Bounds(int window, int batch) {}
