package dev.selvage.cli.internal.local;

import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waiting for something that another process does. */
final class Waiting {
    private static final long PAUSE_MILLIS = 50;

    private Waiting() {}

    /**
     * Waits until it is so.
     *
     * @param broken gives the fault by which it can never become so, or null
     * @param late gives the fault for when the patience is over
     * @throws SelvageException one of these, or INTERRUPTED
     */
    static void until(
            BooleanSupplier so, Supplier<SelvageException> broken, Duration patience, Supplier<SelvageException> late) {
        long end = System.nanoTime() + patience.toNanos();
        while (!so.getAsBoolean()) {
            var fault = broken.get();
            if (fault != null) {
                throw fault;
            }
            if (System.nanoTime() > end) {
                throw late.get();
            }
            try {
                Thread.sleep(PAUSE_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new SelvageException(ErrorCode.INTERRUPTED, "Stopped while waiting.", e);
            }
        }
    }
}
