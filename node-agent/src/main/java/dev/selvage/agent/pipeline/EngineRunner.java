package dev.selvage.agent.pipeline;

import dev.selvage.agent.journal.Journal;
import dev.selvage.engine.EngineFailure;
import dev.selvage.engine.EngineListener;
import dev.selvage.engine.EngineOutcome;
import dev.selvage.engine.EngineRequest;
import dev.selvage.engine.EngineRun;
import dev.selvage.engine.RunKey;
import dev.selvage.engine.StandardEngine;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Calls an engine and waits for its outcome; whatever goes wrong there is an outcome as well. Thread-safe. */
final class EngineRunner {
    private static final Logger LOG = LoggerFactory.getLogger(EngineRunner.class);
    private static final Duration GRACE = Duration.ofSeconds(5);
    /** An engine that keeps the limit itself says more about it: it gets this much longer to do so. */
    private static final Duration SLACK = Duration.ofSeconds(5);

    private static final EngineOutcome CANCELLED =
            EngineOutcome.failed(EngineFailure.of(ErrorCode.CANCELLED, "The task ended before the run began."));

    private final Journal journal;
    private final Map<RunKey, EngineRun> running = new ConcurrentHashMap<>();

    EngineRunner(Journal journal) {
        this.journal = journal;
    }

    /**
     * Runs the request to its end.
     *
     * @param gone whether nobody wants the run any more
     * @param foreignId what the engine gave before a crash; empty for a run that was never accepted
     * @throws SelvageException INTERRUPTED when the agent stops: then there is no outcome, and the run is taken up after the next start
     */
    EngineOutcome run(StandardEngine engine, EngineRequest request, Optional<String> foreignId, BooleanSupplier gone) {
        var listener = new EngineListener() {
            @Override
            public void onAccepted(boolean resumed, String foreign) {
                if (!foreign.isEmpty()) { // without an id of its own a repeat is known by the key
                    journal.accepted(request.key(), foreign);
                }
            }
        };
        if (gone.getAsBoolean()) {
            return CANCELLED;
        }
        try {
            EngineRun run = foreignId.isPresent()
                    ? engine.resume(request, foreignId.get(), listener)
                    : engine.run(request, listener);
            running.put(request.key(), run);
            if (gone.getAsBoolean()) { // it went while the engine was called
                run.cancel("nobody waits for it", GRACE);
            }
            return outcome(run, request);
        } catch (RuntimeException e) {
            if (e instanceof SelvageException ours && ours.code() == ErrorCode.INTERRUPTED) {
                throw ours;
            }
            LOG.warn("task={} run={} the engine call failed", request.key().task(), request.key(), e);
            return EngineOutcome.failed(
                    EngineFailure.of(e, ErrorCode.ENGINE_FAILED, "The engine could not be called."));
        } finally {
            running.remove(request.key());
        }
    }

    private static EngineOutcome outcome(EngineRun run, EngineRequest request) {
        try {
            return run.outcome().get(request.limits().run().plus(SLACK).toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            run.cancel("the run's deadline has passed", GRACE);
            return EngineOutcome.failed(EngineFailure.of(
                    ErrorCode.ENGINE_TIMEOUT,
                    "The engine did not finish within " + request.limits().run().toMillis() + " ms."));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SelvageException(ErrorCode.INTERRUPTED, "The agent stops.", e);
        } catch (ExecutionException e) {
            return EngineOutcome.failed(
                    EngineFailure.of(e.getCause(), ErrorCode.ENGINE_FAILED, "The engine failed without an outcome."));
        }
    }

    /** Ends a run whose result is on the ledger already. */
    void cancel(RunKey key) {
        var run = running.get(key);
        if (run != null) {
            run.cancel("the ledger has a result of this attempt", GRACE);
        }
    }

    /** Ends the runs of a task that has ended. */
    void cancel(String task) {
        running.forEach((key, run) -> {
            if (key.task().equals(task)) {
                run.cancel("the task has ended", GRACE);
            }
        });
    }
}
