package dev.selvage.network;

import java.time.Duration;

/** Faults that a test can let into the commit path of an embedded ledger in its own process. Thread-safe. */
public interface LedgerFaults {
    /** No block is committed until {@link #resume}; what was cut waits. */
    void pause();

    void resume();

    /** Every block waits this long before it is written. */
    void delay(Duration each);

    /** The next transactions are acknowledged and then lost, as by an orderer that is killed. */
    void dropNext(int transactions);
}
