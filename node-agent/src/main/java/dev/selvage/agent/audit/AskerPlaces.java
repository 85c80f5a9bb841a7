package dev.selvage.agent.audit;

import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import java.util.HashMap;
import java.util.Map;

/** Who is being answered at present: each organisation has places of its own, so that one which takes its time keeps no other waiting. Thread-safe. */
final class AskerPlaces {
    private static final int EACH = 3;
    private static final int ALL = 16;

    private final Map<String, Integer> taken = new HashMap<>();
    private int all;

    /** Given back when closed. */
    interface Place extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * Takes a place of an organisation whose request has been checked.
     *
     * @throws SelvageException TOO_MANY_REQUESTS
     */
    synchronized Place take(String asker) {
        if (taken.getOrDefault(asker, 0) >= EACH || all >= ALL) {
            throw new SelvageException(
                    ErrorCode.TOO_MANY_REQUESTS, "This node answers as many audits as it may: repeat later.");
        }
        taken.merge(asker, 1, Integer::sum);
        all++;
        return () -> leave(asker);
    }

    private synchronized void leave(String asker) {
        taken.computeIfPresent(asker, (msp, count) -> count == 1 ? null : count - 1);
        all--;
    }
}
