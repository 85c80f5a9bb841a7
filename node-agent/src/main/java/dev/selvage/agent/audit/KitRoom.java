package dev.selvage.agent.audit;

import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import dev.selvage.model.integrity.AnchorLimits;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** How many kits may be in memory at once, by their blocks: the largest one alone, or several small ones. Thread-safe. */
final class KitRoom {
    private static final long WAIT_SECONDS = 10;

    private final Semaphore blocks = new Semaphore(AnchorLimits.LEAVES, true);

    /** Given back when closed. */
    interface Place extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * Waits some seconds for room.
     *
     * @throws SelvageException TOO_MANY_REQUESTS when there is none, INTERRUPTED
     */
    Place take(Kit kit) {
        int needed = Math.min(kit.kept().count(), AnchorLimits.LEAVES);
        try {
            if (!blocks.tryAcquire(needed, WAIT_SECONDS, TimeUnit.SECONDS)) {
                throw new SelvageException(
                        ErrorCode.TOO_MANY_REQUESTS, "This node proves as much at once as its memory allows: repeat.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SelvageException(ErrorCode.INTERRUPTED, "The node stops.", e);
        }
        return () -> blocks.release(needed);
    }
}
