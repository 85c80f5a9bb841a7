package dev.selvage.engine;

import dev.selvage.model.ErrorCode;
import dev.selvage.model.Operation;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * An engine that runs handlers in Java in the node's own process. A handler that does not heed its interrupt keeps its thread, and so
 * one of the engine's places, until it ends; its run is over all the same.
 */
public final class HandlerEngine implements StandardEngine {
    private static final Duration KEEPS = Duration.ofMinutes(5);

    private final EngineDescription description;
    private final Map<String, OperationHandler> handlers;
    private final RunBook book = new RunBook();
    private final ExecutorService workers;
    private final ScheduledExecutorService timer;
    private final boolean givesUp;

    /**
     * Opens the engine.
     *
     * @param name the engine's name on the node
     * @param known the operations by id that the node knows; the engine offers these by digest, others by id alone
     */
    public HandlerEngine(
            String name, EngineProvider provider, EngineDescription.Capacity capacity, Map<String, Operation> known) {
        this(name, provider, capacity, known, true);
    }

    /**
     * Opens the engine.
     *
     * @param givesUp whether a run is over when its handler does not heed a cancel or a deadline. In a process of its own it is not:
     *     there the host ends the process.
     */
    HandlerEngine(
            String name,
            EngineProvider provider,
            EngineDescription.Capacity capacity,
            Map<String, Operation> known,
            boolean givesUp) {
        this.givesUp = givesUp;
        handlers = Map.copyOf(provider.operations());
        description = new EngineDescription(
                name,
                provider.version(),
                UUID.randomUUID().toString(),
                handlers.keySet().stream()
                        .sorted()
                        .map(id -> new EngineDescription.Offer(
                                id, Optional.ofNullable(known.get(id)).map(Operation::digest)))
                        .toList(),
                true,
                true,
                false,
                provider.deterministic(),
                capacity,
                KEEPS);
        workers = Executors.newFixedThreadPool(capacity.runs(), Threads.daemon("engine-" + name));
        timer = Threads.timer("engine-" + name + "-timer");
    }

    @Override
    public EngineDescription describe() {
        return description;
    }

    @Override
    public EngineRun run(EngineRequest request, EngineListener listener) {
        return book.open(request, listener, this::start);
    }

    /** Runs afresh unless the process is still the one that ran it before. */
    @Override
    public EngineRun resume(EngineRequest request, String foreignId, EngineListener listener) {
        return run(request, listener);
    }

    @Override
    public void close() {
        book.close().forEach(run -> run.fail(EngineFailure.of(ErrorCode.CANCELLED, "The engine is closed.")));
        workers.shutdownNow();
        timer.shutdownNow();
    }

    private void start(OpenRun run) {
        var id = run.request().operation().operation();
        var handler = handlers.get(id);
        if (handler == null) {
            run.fail(EngineFailure.of(ErrorCode.NO_ENGINE, description.engine() + " offers no " + id + "."));
            return;
        }
        var work = new Work(run, handler);
        try {
            workers.execute(work.task);
        } catch (RejectedExecutionException e) {
            run.fail(EngineFailure.of(ErrorCode.CANCELLED, "The engine is closed."));
            return;
        }
        run.onCancel((reason, grace) -> {
            var stopped = EngineFailure.of(ErrorCode.CANCELLED, "The run was cancelled: " + reason + ".");
            if (!work.started) {
                run.fail(stopped);
                work.task.cancel(true);
            } else if (givesUp) {
                later(run, grace, () -> work.giveUp(stopped));
            } else {
                work.task.cancel(true);
            }
        });
    }

    private void later(OpenRun run, Duration time, Runnable action) {
        var scheduled = timer.schedule(action, time.toMillis(), TimeUnit.MILLISECONDS);
        run.outcome().thenAccept(done -> scheduled.cancel(false)).exceptionally(never -> null);
    }

    /** A run on its thread. Cancelling the task interrupts this run and no other. */
    private final class Work {
        private final OpenRun run;
        private final OperationHandler handler;
        private final FutureTask<Void> task = new FutureTask<>(this::call, null);
        private volatile boolean started;

        Work(OpenRun run, OperationHandler handler) {
            this.run = run;
            this.handler = handler;
        }

        void giveUp(EngineFailure why) {
            run.fail(why);
            task.cancel(true);
        }

        private void call() {
            if (run.outcome().isDone()) {
                return;
            }
            started = true;
            if (givesUp) {
                var limit =
                        min(run.request().limits().run(), description.capacity().run());
                later(
                        run,
                        limit,
                        () -> giveUp(EngineFailure.of(
                                ErrorCode.ENGINE_TIMEOUT,
                                description.engine() + " did not finish within " + limit.toMillis() + " ms.")));
            }
            try {
                run.accepted(false, "");
                run.finish(Handlers.call(handler, run.request(), run::progress, run::isCancelled));
            } catch (RuntimeException e) {
                run.fail(EngineFailure.of(e, ErrorCode.INTERNAL, "The run could not be recorded."));
            }
        }
    }

    private static Duration min(Duration a, Duration b) {
        return a.compareTo(b) <= 0 ? a : b;
    }

    /** The run of that key, or null. */
    EngineRun find(RunKey key) {
        return book.find(key);
    }

    /** Takes no further run, and waits for those under way. */
    void drain(long time, TimeUnit unit) {
        workers.shutdown();
        try {
            if (!workers.awaitTermination(time, unit)) {
                workers.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
