package dev.selvage.agent.journal;

import dev.selvage.model.LedgerEvent;
import java.util.List;

/**
 * What a transaction says of one task, as it was met on the ledger.
 *
 * @param block where
 * @param txid which transaction wrote it
 * @param at the transaction's time, milliseconds since 1970 UTC
 * @param entries in their order; at least one, all of this task
 */
public record Noted(long block, String txid, long at, List<LedgerEvent.Entry> entries) {
    public Noted {
        entries = List.copyOf(entries);
        if (entries.stream().map(LedgerEvent.Entry::task).distinct().count() != 1) {
            throw new IllegalArgumentException("facts of one task are asked for");
        }
    }

    public String task() {
        return entries.get(0).task();
    }
}
