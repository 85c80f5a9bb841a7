package dev.selvage.engine;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** A run under way, or over. */
public interface EngineRun {
    RunKey key();

    /**
     * Completes once, normally: what goes wrong is an {@link EngineOutcome.Failed}. Completing or cancelling the future from outside
     * does not reach the engine.
     */
    CompletableFuture<EngineOutcome> outcome();

    /**
     * Asks the engine to end the run; after {@code grace} it is ended. The outcome is then a failure with code CANCELLED, unless
     * another came first. Returns at once; more than one call is harmless.
     */
    void cancel(String reason, Duration grace);

    /** May ask the engine, and so block for as long as its transport's time limit. */
    RunStatus query();
}
