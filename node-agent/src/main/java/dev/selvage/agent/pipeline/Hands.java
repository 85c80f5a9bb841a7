package dev.selvage.agent.pipeline;

import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;

/**
 * How many parts the agent itself works on at a time: preparing and storing need processor and disk, and more at a time than there are
 * processors only makes each slower. What an engine has done is stored before anything new is prepared. Thread-safe.
 */
final class Hands {
    private int free;
    private long tickets;
    private long served;

    /** @param count parts at a time */
    Hands(int count) {
        this.free = count;
    }

    /**
     * Waits until a new part may be prepared; {@link #done} follows.
     *
     * @throws SelvageException INTERRUPTED when the agent stops
     */
    synchronized void prepare() {
        try {
            while (free == 0 || served < tickets) {
                wait();
            }
        } catch (InterruptedException e) {
            throw stops(e);
        }
        free--;
    }

    /**
     * Waits until an outcome may be stored, first come, first served; {@link #done} follows.
     *
     * @throws SelvageException INTERRUPTED when the agent stops
     */
    synchronized void store() {
        long ticket = tickets++;
        try {
            while (free == 0 || served < ticket) {
                wait();
            }
        } catch (InterruptedException e) {
            throw stops(e);
        }
        served++;
        free--;
        notifyAll();
    }

    synchronized void done() {
        free++;
        notifyAll();
    }

    private static SelvageException stops(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new SelvageException(ErrorCode.INTERRUPTED, "The agent stops.", e);
    }
}
