package dev.selvage.scheduler;

import dev.selvage.model.ErrorCode;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/** What the scheduler makes of a demand. What follows from it is the caller's decision. */
public sealed interface Offer {
    /** One of the three, by what was decided. */
    <T> T fold(
            Function<? super Reserved, ? extends T> reserved,
            Function<? super Queued, ? extends T> queued,
            Function<? super Declined, ? extends T> declined);

    /** It may start now. */
    record Reserved(EngineChoice choice) implements Offer {
        @Override
        public <T> T fold(
                Function<? super Reserved, ? extends T> reserved,
                Function<? super Queued, ? extends T> queued,
                Function<? super Declined, ? extends T> declined) {
            return reserved.apply(this);
        }
    }

    /**
     * It waits in the queue.
     *
     * @param ahead how many wait already
     * @param eta a guess from the runs so far; empty when there is nothing to guess from
     */
    record Queued(Waiting reason, int ahead, Optional<Duration> eta) implements Offer {
        @Override
        public <T> T fold(
                Function<? super Reserved, ? extends T> reserved,
                Function<? super Queued, ? extends T> queued,
                Function<? super Declined, ? extends T> declined) {
            return queued.apply(this);
        }
    }

    /** It was not taken: QUEUE_FULL, which passes, or RESOURCES_EXCEED_NODE, which does not. */
    record Declined(ErrorCode code, String sentence) implements Offer {
        @Override
        public <T> T fold(
                Function<? super Reserved, ? extends T> reserved,
                Function<? super Queued, ? extends T> queued,
                Function<? super Declined, ? extends T> declined) {
            return declined.apply(this);
        }
    }
}
