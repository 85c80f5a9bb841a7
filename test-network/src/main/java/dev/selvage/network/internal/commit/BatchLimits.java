package dev.selvage.network.internal.commit;

import java.time.Duration;

/**
 * When a block is cut.
 *
 * @param timeout after its first transaction
 * @param transactions most in one block
 * @param bytes of envelopes after which no more is added
 */
public record BatchLimits(Duration timeout, int transactions, int bytes) {
    public BatchLimits {
        if (timeout.isNegative() || transactions < 1 || bytes < 1) {
            throw new IllegalArgumentException(
                    "a block needs room for a transaction and a timeout that is not negative");
        }
    }
}
