package dev.selvage.network.internal.commit;

import dev.selvage.network.LedgerFaults;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Where faults are let into the commit path: transactions that the orderer took and lost, blocks held back, a slow disk. Does nothing
 * unless told to. Thread-safe.
 */
public final class CommitGate implements LedgerFaults {
    private final AtomicInteger toDrop = new AtomicInteger();
    private final Object lock = new Object();
    private boolean paused;
    private boolean closed;
    private Duration delay = Duration.ZERO;

    @Override
    public void pause() {
        synchronized (lock) {
            paused = true;
        }
    }

    @Override
    public void resume() {
        synchronized (lock) {
            paused = false;
            lock.notifyAll();
        }
    }

    @Override
    public void delay(Duration each) {
        synchronized (lock) {
            delay = each;
        }
    }

    @Override
    public void dropNext(int transactions) {
        toDrop.set(transactions);
    }

    boolean drops() {
        return toDrop.get() > 0 && toDrop.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
    }

    /** Holds the committing thread for as long as faults ask. */
    void pass() throws InterruptedException {
        synchronized (lock) {
            while (paused && !closed) {
                lock.wait();
            }
            long until = System.nanoTime() + delay.toNanos();
            for (long left = delay.toNanos(); left > 0 && !closed; left = until - System.nanoTime()) {
                java.util.concurrent.TimeUnit.NANOSECONDS.timedWait(lock, left);
            }
        }
    }

    void close() {
        synchronized (lock) {
            closed = true;
            lock.notifyAll();
        }
    }
}
