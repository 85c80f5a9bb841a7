package dev.selvage.bridge;

import dev.selvage.engine.EngineFailure;
import dev.selvage.engine.EngineOutcome;
import dev.selvage.engine.OpenRun;
import dev.selvage.model.ErrorCode;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
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
        timer = Daemons.timer(name + "-timer");
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
        var work = new Work(run, resume, foreignId);
        run.onCancel((reason, grace) -> {
            var why = EngineFailure.of(ErrorCode.CANCELLED, "The run was cancelled: " + reason + ".");
            if (work.started) {
                work.stop(why, grace);
            } else {
                run.fail(why);
            }
        });
        try {
            workers.execute(work.task);
        } catch (RejectedExecutionException e) {
            run.fail(EngineFailure.of(ErrorCode.CANCELLED, "The engine is closed."));
        }
    }

    /** A run on its thread. Cancelling the task interrupts this run and no other. */
    private final class Work {
        private final OpenRun run;
        private final boolean resume;
        private final String foreignId;
        private final RunControl control = new RunControl();
        private final FutureTask<Void> task = new FutureTask<>(this::carryOut, null);
        private volatile boolean started;

        Work(OpenRun run, boolean resume, String foreignId) {
            this.run = run;
            this.resume = resume;
            this.foreignId = foreignId;
        }

        private void carryOut() {
            if (run.outcome().isDone()) {
                return;
            }
            started = true;
            var limit = run.request().limits().run();
            var deadline = timer.schedule(
                    () -> stop(
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
            }
        }

        /** Asks the engine to end the run; when the grace is over the host gives it up. */
        private void stop(EngineFailure reason, Duration grace) {
            if (run.outcome().isDone() || control.isStopped()) {
                return;
            }
            try {
                stoppers.execute(() -> control.stop(reason));
                var last = timer.schedule(() -> giveUp(reason), grace.toMillis(), TimeUnit.MILLISECONDS);
                run.outcome().thenAccept(done -> last.cancel(false)).exceptionally(never -> null);
            } catch (RejectedExecutionException e) {
                run.fail(reason);
            }
        }

        private void giveUp(EngineFailure reason) {
            run.fail(reason);
            task.cancel(true);
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

    @Override
    public void close() {
        workers.shutdownNow();
        stoppers.shutdown();
        timer.shutdownNow();
    }
}
