package dev.selvage.agent.journal;

import dev.selvage.agent.ledger.SignedTransaction;
import dev.selvage.engine.RunKey;
import java.util.List;

/** A transaction with results, kept until the block stream shows what became of it. */
public record SentTransaction(SignedTransaction transaction, List<RunKey> parts, long since) {
    public SentTransaction {
        parts = List.copyOf(parts);
    }
}
