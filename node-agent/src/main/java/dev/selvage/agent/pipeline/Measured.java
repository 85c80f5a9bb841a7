package dev.selvage.agent.pipeline;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The clock of one part's way through the agent, in nanoseconds of {@link System#nanoTime}. The agent's own time is receipt to engine start,
 * outcome to endorsement and commit seen to journalled, less waits for resources and for the window (FORMATS.md). For one thread at a time.
 */
final class Measured {
    private final long received;
    private final Map<Phase, Long> phases = new EnumMap<>(Phase.class);
    private long waited;
    private long starts;
    private long fetched;
    private long outcome;
    private long certified;
    private long ran;

    /** The phases of the agent's own time. */
    enum Phase {
        /** From the block's receipt until the part is known, its facts journalled and its task read. */
        LEARN,
        /** From its place in an engine, inputs gathered, until the engine is called. */
        PREPARE,
        /** From the outcome until bytes and result are durable. */
        STORE,
        /** From there until its transaction goes to be endorsed, without the wait for the window. */
        HAND_OVER,
        /** From the receipt of the block that commits it until that is journalled. */
        JOURNAL
    }

    Measured(long received) {
        this.received = received;
        this.starts = received;
        this.outcome = received;
        this.certified = received;
    }

    /** It got its engine after waiting from then. */
    void waitedSince(long nanos) {
        starts = System.nanoTime();
        waited += starts - nanos;
        phases.put(Phase.LEARN, starts - received - waited);
    }

    /** When it began to be worked on. */
    long starts() {
        return starts;
    }

    void fetchedSince(long nanos) {
        fetched = System.nanoTime() - nanos;
    }

    void engineStarts() {
        phases.put(Phase.PREPARE, System.nanoTime() - starts);
    }

    void ranSince(long nanos) {
        outcome = System.nanoTime();
        ran = outcome - nanos;
    }

    void certified() {
        certified = System.nanoTime();
        phases.put(Phase.STORE, certified - outcome);
    }

    /** It is about to be endorsed, after waiting so long for the window. */
    void endorses(long windowWait) {
        phases.put(Phase.HAND_OVER, System.nanoTime() - certified - windowWait);
    }

    /** It is on the ledger, in a block that came then, and in the journal now. */
    void journalledSince(long nanos) {
        phases.put(Phase.JOURNAL, System.nanoTime() - nanos);
    }

    /** The time of each phase that it went through, in nanoseconds. */
    Map<Phase, Long> phases() {
        return phases;
    }

    /** The agent's own time so far. */
    long own() {
        return phases.values().stream().mapToLong(Long::longValue).sum();
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
