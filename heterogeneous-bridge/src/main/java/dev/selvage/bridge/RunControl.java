package dev.selvage.bridge;

import dev.selvage.engine.EngineFailure;
import dev.selvage.model.ErrorCode;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** How a run's thread learns that it must end, and what ends what it waits for. */
final class RunControl {
    private EngineFailure stopped;
    private Runnable interrupter;

    /** The run must end. */
    static final class StoppedException extends Exception {
        private static final long serialVersionUID = 1L;

        private final transient EngineFailure failure;

        StoppedException(EngineFailure failure) {
            super(failure.code());
            this.failure = failure;
        }

        EngineFailure failure() {
            return failure;
        }
    }

    /** What asks the engine to end the run; called at most once, at once if the run was stopped before. */
    void onStop(Runnable action) {
        boolean now;
        synchronized (this) {
            interrupter = action;
            now = stopped != null;
        }
        if (now) {
            action.run();
        }
    }

    /** Stops the run for this reason; the first reason holds. */
    void stop(EngineFailure reason) {
        Runnable action;
        synchronized (this) {
            if (stopped != null) {
                return;
            }
            stopped = reason;
            action = interrupter;
            notifyAll();
        }
        if (action != null) {
            action.run();
        }
    }

    synchronized void check() throws StoppedException {
        if (stopped != null) {
            throw new StoppedException(stopped);
        }
    }

    synchronized boolean isStopped() {
        return stopped != null;
    }

    /** Waits that long, or until the run is stopped. */
    synchronized void pause(Duration time) throws StoppedException {
        long end = System.nanoTime() + time.toNanos();
        try {
            for (long left = time.toNanos(); stopped == null && left > 0; left = end - System.nanoTime()) {
                TimeUnit.NANOSECONDS.timedWait(this, left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoppedException(EngineFailure.of(ErrorCode.CANCELLED, "The engine is closed."));
        }
        check();
    }
}
