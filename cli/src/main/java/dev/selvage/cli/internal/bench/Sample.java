package dev.selvage.cli.internal.bench;

import java.util.Map;

/**
 * What one load showed in one round.
 *
 * @param items what ended well within the measured time: transactions of the bare chaincode, or sub-tasks
 * @param nanos the measured time
 * @param p50Micros latency, median: submit to commit, or ready to result as a client sees both on the ledger
 * @param p99Micros the same, 99th percentile
 * @param failed what came to nothing
 * @param allItems all that ended well, before and after the measured time too: what the transactions below are of
 * @param transactions valid ones by function
 * @param invalid transactions that were ordered and invalidated, as the blocks say
 * @param cpuMillis used within the measured time, by kind of process
 */
public record Sample(
        int items,
        long nanos,
        long p50Micros,
        long p99Micros,
        int failed,
        int allItems,
        Map<String, Integer> transactions,
        int invalid,
        Map<String, Long> cpuMillis) {
    /** Items a second. */
    public double perSecond() {
        return nanos == 0 ? 0 : items * 1e9 / nanos;
    }

    /** CPU time of all processes in milliseconds for each item. */
    public double cpuPerItem() {
        return items == 0
                ? 0
                : cpuMillis.values().stream().mapToLong(Long::longValue).sum() / (double) items;
    }

    /** Valid transactions for each item, those that create tasks and close what is left open included. */
    public double transactionsPerItem() {
        int all = transactions.values().stream().mapToInt(Integer::intValue).sum();
        return allItems == 0 ? 0 : all / (double) allItems;
    }
}
