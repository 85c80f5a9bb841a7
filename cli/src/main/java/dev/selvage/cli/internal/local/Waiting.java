package dev.selvage.cli.internal.local;

import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import java.nio.file.Path;
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
            pause(PAUSE_MILLIS);
        }
    }

    /** The fault of what was not ready in time. */
    static SelvageException late(String what, Duration patience, Path log) {
        return new SelvageException(
                ErrorCode.PROCESS_FAILED,
                what + " was not ready within " + patience.toSeconds() + " s (log: " + log + ").");
    }

    /** Repeats what may fail while the peers of a new channel do not know each other yet. */
    static void patiently(Runnable step, Duration patience) {
        long end = System.nanoTime() + patience.toNanos();
        while (true) {
            try {
                step.run();
                return;
            } catch (SelvageException e) {
                if (!e.code().retryable() || System.nanoTime() > end) {
                    throw e;
                }
                pause(4 * PAUSE_MILLIS);
            }
        }
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SelvageException(ErrorCode.INTERRUPTED, "Stopped while waiting.", e);
        }
    }
}
