package dev.selvage.agent.pipeline;

/**
 * What is on its way to the ledger.
 *
 * @param results that wait for a transaction
 * @param transactions in flight
 */
public record Publishing(int results, int transactions) {}
