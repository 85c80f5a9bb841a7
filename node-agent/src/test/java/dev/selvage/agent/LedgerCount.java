package dev.selvage.agent;

import dev.selvage.agent.ledger.Ledger;
import dev.selvage.agent.ledger.LedgerBlock;
import dev.selvage.model.LedgerEvent;
import java.util.Map;
import java.util.TreeMap;

/** What the blocks of a channel hold, counted. */
final class LedgerCount {
    private final Map<String, Integer> transactions = new TreeMap<>();
    private final Map<String, Integer> invalid = new TreeMap<>();
    private final Map<String, Map<String, Integer>> results = new TreeMap<>();
    private int conflicts;

    private LedgerCount() {}

    /** Counts all blocks below the height. */
    static LedgerCount of(Channel channel, long height) {
        return of(channel, 0, height);
    }

    static LedgerCount of(Channel channel, long from, long height) {
        var count = new LedgerCount();
        try {
            channel.client("EwrMSP", "Admin").follow(from, new Ledger.BlockListener() {
                @Override
                public void onBlock(LedgerBlock block) {
                    block.transactions().forEach(count::take);
                    if (block.number() + 1 >= height) {
                        throw new Enough();
                    }
                }
            });
        } catch (Enough enough) {
            return count;
        }
        throw new AssertionError("the stream ended");
    }

    private static final class Enough extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private void take(LedgerBlock.Transaction transaction) {
        transactions.merge(transaction.function(), 1, Integer::sum);
        if (!transaction.valid()) {
            invalid.merge(transaction.function() + " " + transaction.code(), 1, Integer::sum);
        }
        transaction
                .event()
                .ifPresent(event -> event.facts().forEach(fact -> {
                    if (fact instanceof LedgerEvent.Result result) {
                        results.computeIfAbsent(result.task(), task -> new TreeMap<>())
                                .merge(
                                        result.subTask() + "/" + result.index() + "/" + result.attempt(),
                                        1,
                                        Integer::sum);
                    } else if (fact instanceof LedgerEvent.Conflict) {
                        conflicts++;
                    }
                }));
    }

    /** Transactions by function. */
    Map<String, Integer> transactions() {
        return transactions;
    }

    /** Invalid ones by function and code. */
    Map<String, Integer> invalid() {
        return invalid;
    }

    /** How many result facts each attempt of a task has. */
    Map<String, Integer> results(String task) {
        return results.getOrDefault(task, Map.of());
    }

    int conflicts() {
        return conflicts;
    }
}
