package dev.selvage.agent.ledger;

import java.util.Objects;

/**
 * A transaction ready to be ordered, any number of times: it takes effect at most once.
 *
 * @param bytes what is sent, signature included. The array is not copied: nobody changes it.
 */
@SuppressWarnings("ArrayRecordComponent")
public record SignedTransaction(String txid, byte[] bytes) {
    public SignedTransaction {
        Objects.requireNonNull(txid);
        Objects.requireNonNull(bytes);
    }
}
