package dev.selvage.bridge;

import dev.selvage.engine.EngineFailure;
import dev.selvage.engine.EngineOutcome;
import dev.selvage.engine.OpenRun;
import dev.selvage.model.ErrorCode;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A transport whose runs are a thread each: waiting in a queue for their place, held to their deadline, stopped by asking first and,
 * after the grace, by giving up on them.
 */
abstract class BlockingTransport implements Transport {
    private static final Logger LOG = LoggerFactory.getLogger(BlockingTransport.class);
    private static final Duration DEADLINE_GRACE = Duration.ofSeconds(2);

    private final EngineFile file;
    private final ExecutorService workers;
    private final ExecutorService stoppers;
    private final ScheduledExecutorService timer;

    BlockingTransport(EngineFile file) {
        this.file = file;
        var name = "engine-" + file.engine();
        workers = Executors.newFixedThreadPool(file.limits().runs(), Daemons.named(name));
        stoppers = Executors.newCachedThreadPool(Daemons.named(name + "-stop"));
        timer = Executors.newSingleThreadScheduledExecutor(Daemons.named(name + "-timer"));
    }

    final EngineFile file() {
        return file;
    }

    /**
     * Carries a run out on the calling thread.
     *
     * @throws RunControl.StoppedException when the control says so
     * @throws FailedException with a failure of the engine's own
     * @throws Exception a SelvageException keeps its code; anything else is ENGINE_FAILED
     */
    abstract EngineOutcome work(OpenRun run, boolean resume, String foreignId, RunControl control) throws Exception;

    @Override
    public final void start(OpenRun run, boolean resume, String foreignId) {
        var control = new RunControl();
        AtomicReference<Thread> thread = new AtomicReference<>();
        run.onCancel((reason, grace) -> {
            if (thread.get() == null) {
                run.fail(EngineFailure.of(ErrorCode.CANCELLED, "The run was cancelled: " + reason + "."));
            } else {
                stop(run, control, thread, EngineFailure.of(ErrorCode.CANCELLED, cancelled(reason)), grace);
            }
        });
        try {
            workers.execute(() -> carryOut(run, resume, foreignId, control, thread));
        } catch (RejectedExecutionException e) {
            run.fail(EngineFailure.of(ErrorCode.CANCELLED, "The engine is closed."));
        }
    }

    private void carryOut(
            OpenRun run, boolean resume, String foreignId, RunControl control, AtomicReference<Thread> thread) {
        if (run.outcome().isDone()) {
            return;
        }
        thread.set(Thread.currentThread());
        var limit = run.request().limits().run();
        var deadline = timer.schedule(
                () -> stop(
                        run,
                        control,
                        thread,
                        EngineFailure.of(
                                ErrorCode.ENGINE_TIMEOUT,
                                file.engine() + " did not finish within " + Texts.time(limit) + "."),
                        DEADLINE_GRACE),
                limit.toMillis(),
                TimeUnit.MILLISECONDS);
        try {
            run.finish(work(run, resume, foreignId, control));
        } catch (RunControl.StoppedException e) {
            run.fail(e.failure());
        } catch (FailedException e) {
            run.fail(control.isStopped() ? failure(control, e) : e.failure());
        } catch (Exception e) {
            run.fail(failure(control, e));
        } finally {
            deadline.cancel(false);
            clearInterrupt();
        }
    }

    private EngineFailure failure(RunControl control, Exception fault) {
        try {
            control.check();
        } catch (RunControl.StoppedException stopped) {
            return stopped.failure();
        }
        LOG.debug("a run of {} failed", file.engine(), fault);
        return EngineFailure.of(fault, ErrorCode.ENGINE_FAILED, file.engine() + " failed; the node's log says why.");
    }

    private void stop(
            OpenRun run, RunControl control, AtomicReference<Thread> thread, EngineFailure reason, Duration grace) {
        if (run.outcome().isDone() || control.isStopped()) {
            return;
        }
        try {
            stoppers.execute(() -> control.stop(reason));
            var later = timer.schedule(
                    () -> {
                        if (!run.outcome().isDone()) {
                            run.fail(reason);
                            thread.get().interrupt();
                        }
                    },
                    grace.toMillis(),
                    TimeUnit.MILLISECONDS);
            run.outcome().thenAccept(done -> later.cancel(false)).exceptionally(never -> null);
        } catch (RejectedExecutionException e) {
            run.fail(reason);
        }
    }

    private static String cancelled(String reason) {
        return "The run was cancelled: " + reason + ".";
    }

    private static void clearInterrupt() {
        if (Thread.interrupted()) {
            LOG.debug("an interrupt came after the end of its run");
        }
    }

    @Override
    public void close() {
        workers.shutdownNow();
        stoppers.shutdown();
        timer.shutdownNow();
    }
}
