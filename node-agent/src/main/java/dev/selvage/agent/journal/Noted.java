package dev.selvage.agent.journal;

import dev.selvage.model.LedgerEvent;

/**
 * A fact of the ledger as it was met.
 *
 * @param block where
 * @param txid which transaction wrote it
 * @param at the transaction's time, milliseconds since 1970 UTC
 */
public record Noted(long block, String txid, long at, LedgerEvent.Entry entry) {
    public String task() {
        return entry.task();
    }
}
