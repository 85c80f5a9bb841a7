package dev.selvage.agent.pipeline;

import java.util.concurrent.TimeUnit;

/**
 * The clock of one part's way through the agent, in nanoseconds of {@link System#nanoTime}. The agent's own time is receipt to engine start,
 * outcome to endorsement and commit seen to journalled, less waits for resources and for the window (FORMATS.md). For one thread at a time.
 */
final class Measured {
    private final long received;
    private long waited;
    private long fetched;
    private long ran;
    private long beforeEngine;
    private long outcome;
    private long afterOutcome;

    Measured(long received) {
        this.received = received;
        this.outcome = received;
    }

    /** It got its engine after waiting from then. */
    void waitedSince(long nanos) {
        waited += System.nanoTime() - nanos;
    }

    void fetchedSince(long nanos) {
        fetched = System.nanoTime() - nanos;
    }

    void engineStarts() {
        beforeEngine = System.nanoTime() - received - waited;
    }

    void ranSince(long nanos) {
        outcome = System.nanoTime();
        ran = outcome - nanos;
    }

    /** It is about to be endorsed, after waiting so long for the window. */
    void endorses(long windowWait) {
        afterOutcome = System.nanoTime() - outcome - windowWait;
    }

    /** The agent's own time, once the journal has it. */
    long own(long commitToJournal) {
        return Math.max(0, beforeEngine) + Math.max(0, afterOutcome) + commitToJournal;
    }

    long beforeEngine() {
        return beforeEngine;
    }

    long afterOutcome() {
        return afterOutcome;
    }

    long queuedMs() {
        return TimeUnit.NANOSECONDS.toMillis(waited);
    }

    long fetchMs() {
        return TimeUnit.NANOSECONDS.toMillis(fetched);
    }

    long runMs() {
        return TimeUnit.NANOSECONDS.toMillis(ran);
    }
}
