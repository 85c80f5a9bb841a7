package dev.selvage.agent.pipeline;

import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import java.util.concurrent.TimeUnit;

/** Waiting on a thread of its own. */
public final class Pauses {
    private Pauses() {}

    /**
     * Waits.
     *
     * @throws SelvageException INTERRUPTED when the agent stops
     */
    public static void sleep(long millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SelvageException(ErrorCode.INTERRUPTED, "The agent stops.", e);
        }
    }
}
