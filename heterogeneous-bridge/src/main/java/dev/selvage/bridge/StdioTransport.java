package dev.selvage.bridge;

import dev.selvage.bridge.EngineFile.StdioConnect;
import dev.selvage.engine.EngineDescription;
import dev.selvage.engine.EngineFailure;
import dev.selvage.engine.OpenRun;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * A child process as an engine, which speaks the envelopes itself: one worker for many runs, started when it is needed and ended when
 * it is idle, or a process for each run.
 */
final class StdioTransport implements Transport {
    private static final long LAST_MILLIS = 2000;

    private final EngineFile file;
    private final StdioConnect connect;
    private final ChildListener listener;
    private final ChildLog log;
    private final ExecutorService threads;
    private final ScheduledExecutorService timer;
    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private final Set<StdioSession> sessions = new HashSet<>();
    private StdioSession worker;
    private Future<?> idle;
    private int running;
    private boolean closed;

    StdioTransport(EngineFile file, StdioConnect connect, Path logs, ChildListener listener) {
        this.file = file;
        this.connect = connect;
        this.listener = listener;
        this.log = new ChildLog(logs.resolve(file.engine() + ".log"));
        var name = "engine-" + file.engine();
        threads = Executors.newCachedThreadPool(Daemons.named(name));
        timer = Daemons.timer(name + "-timer");
    }

    /** Starts the worker, where there is one, and takes its word. */
    @Override
    public Found describe() {
        if (connect.oneShot()) {
            return new Found("", String.join(" ", connect.command()), true, true);
        }
        EngineDescription said;
        try {
            said = worker().hello();
        } finally {
            maybeIdle();
        }
        for (String operation : file.operations().keySet()) {
            if (said.operations().stream().noneMatch(offer -> offer.operation().equals(operation))) {
                throw new SelvageException(
                        ErrorCode.NO_ENGINE,
                        file.engine() + " says that it offers "
                                + said.operations().stream()
                                        .map(EngineDescription.Offer::operation)
                                        .toList()
                                + ", not " + operation + ".");
            }
        }
        var instance = said.instance().isEmpty() ? String.join(" ", connect.command()) : said.instance();
        return new Found(said.version(), instance, true, true);
    }

    @Override
    public void start(OpenRun run, boolean resume, String foreignId) {
        var place = new Place();
        run.outcome().thenAccept(done -> place.free()).exceptionally(never -> null);
        run.onCancel((reason, grace) -> {
            if (!place.taken()) {
                run.fail(EngineFailure.of(ErrorCode.CANCELLED, "The run was cancelled: " + reason + "."));
            }
        });
        submit(() -> {
            if (run.outcome().isDone() || !place.take()) {
                release();
                return;
            }
            carryOut(run, resume, foreignId);
        });
    }

    private void carryOut(OpenRun run, boolean resume, String foreignId) {
        try {
            var session = connect.oneShot() ? open() : worker();
            session.start(run, resume, foreignId);
        } catch (RuntimeException e) {
            run.fail(EngineFailure.of(e, ErrorCode.INTERNAL, file.engine() + " could not be asked."));
        }
    }

    /** One of the engine's places for runs. */
    private final class Place {
        private boolean taken;
        private boolean freed;

        synchronized boolean take() {
            if (freed) {
                return false;
            }
            taken = true;
            return true;
        }

        synchronized boolean taken() {
            return taken;
        }

        void free() {
            boolean mine;
            synchronized (this) {
                mine = taken && !freed;
                freed = true;
            }
            if (mine) {
                release();
            }
        }
    }

    private void submit(Runnable work) {
        synchronized (this) {
            if (running == file.limits().runs()) {
                waiting.add(work);
                return;
            }
            running++;
        }
        execute(work);
    }

    private void release() {
        Runnable next;
        synchronized (this) {
            next = waiting.poll();
            if (next == null) {
                running--;
            }
        }
        if (next != null) {
            execute(next);
        } else {
            maybeIdle();
        }
    }

    private void execute(Runnable work) {
        try {
            threads.execute(work);
        } catch (RejectedExecutionException e) {
            release();
        }
    }

    /** The worker that runs, or a new one that has said hello. */
    private StdioSession worker() {
        StdioSession session;
        synchronized (this) {
            if (worker == null || !worker.isAlive()) {
                worker = open();
            }
            session = worker;
            if (idle != null) {
                idle.cancel(false);
                idle = null;
            }
        }
        session.awaitHello(connect.hello());
        return session;
    }

    private synchronized StdioSession open() {
        if (closed) {
            throw new SelvageException(ErrorCode.CANCELLED, "The engine is closed.");
        }
        var session = new StdioSession(file.engine(), connect.oneShot(), timer, threads, this::forget);
        sessions.add(session);
        try {
            session.open(connect, log, listener);
        } catch (RuntimeException e) {
            sessions.remove(session);
            throw e;
        }
        return session;
    }

    private synchronized void forget(StdioSession session) {
        sessions.remove(session);
        if (worker == session) {
            worker = null;
        }
    }

    private synchronized void maybeIdle() {
        if (worker == null || running > 0 || closed || idle != null) {
            return;
        }
        idle = timer.schedule(this::endIdle, connect.idle().toMillis(), TimeUnit.MILLISECONDS);
    }

    private void endIdle() {
        StdioSession old;
        synchronized (this) {
            idle = null;
            if (running > 0 || worker == null) {
                return;
            }
            old = worker;
            worker = null;
        }
        threads.execute(() -> old.finish(LAST_MILLIS));
    }

    @Override
    public void close() {
        Set<StdioSession> open;
        synchronized (this) {
            closed = true;
            waiting.clear();
            open = Set.copyOf(sessions);
        }
        timer.shutdownNow();
        open.forEach(session -> session.end(EngineFailure.of(ErrorCode.CANCELLED, "The engine is closed.")));
        threads.shutdown();
    }

    /** How long a run may take after it was asked to end at its deadline. */
    static final Duration DEADLINE_GRACE = Duration.ofSeconds(2);
}
