package dev.selvage.engine;

import dev.selvage.model.ErrorCode;
import dev.selvage.model.Operation;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

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

    /**
     * @param name the engine's name on the node
     * @param known the operations by id that the node knows; the engine offers these by digest, others by id alone
     */
    public HandlerEngine(
            String name, EngineProvider provider, EngineDescription.Capacity capacity, Map<String, Operation> known) {
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
        timer = Executors.newSingleThreadScheduledExecutor(Threads.daemon("engine-" + name + "-timer"));
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
        AtomicReference<Thread> thread = new AtomicReference<>();
        Future<?> work;
        try {
            work = workers.submit(() -> call(handler, run, thread));
        } catch (RejectedExecutionException e) {
            run.fail(EngineFailure.of(ErrorCode.CANCELLED, "The engine is closed."));
            return;
        }
        run.onCancel((reason, grace) -> {
            var later = timer.schedule(
                    () -> {
                        work.cancel(true);
                        run.fail(EngineFailure.of(ErrorCode.CANCELLED, "The run was cancelled: " + reason + "."));
                    },
                    thread.get() == null ? 0 : grace.toMillis(),
                    TimeUnit.MILLISECONDS);
            run.outcome().thenAccept(done -> later.cancel(false)).exceptionally(never -> null);
        });
    }

    private void call(OperationHandler handler, OpenRun run, AtomicReference<Thread> thread) {
        if (run.outcome().isDone()) {
            return;
        }
        thread.set(Thread.currentThread());
        var limit = min(run.request().limits().run(), description.capacity().run());
        var deadline = timer.schedule(
                () -> {
                    run.fail(EngineFailure.of(
                            ErrorCode.ENGINE_TIMEOUT,
                            description.engine() + " did not finish within " + limit.toMillis() + " ms."));
                    thread.get().interrupt();
                },
                limit.toMillis(),
                TimeUnit.MILLISECONDS);
        try {
            run.accepted(false, "");
            run.finish(Handlers.call(handler, run.request(), run::progress, run::isCancelled));
        } catch (RuntimeException e) {
            run.fail(EngineFailure.of(e, ErrorCode.INTERNAL, "The run could not be recorded."));
        } finally {
            deadline.cancel(false);
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
