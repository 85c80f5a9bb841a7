package dev.selvage.agent;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The agent's threads: one conductor, workers for parts that have their engine, others for calls of the ledger, and a clock. */
final class AgentThreads implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AgentThreads.class);
    private static final long END_SECONDS = 5;

    private final ScheduledThreadPoolExecutor conductor = new ScheduledThreadPoolExecutor(1, named("conductor"));
    private final ExecutorService workers = Executors.newCachedThreadPool(named("worker"));
    private final ExecutorService io;
    private final ExecutorService fetchers;

    /**
     * @param calls of the ledger at a time
     * @param fetches from other nodes at a time
     */
    AgentThreads(int calls, int fetches) {
        conductor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        io = Executors.newFixedThreadPool(calls, named("ledger-call"));
        fetchers = Executors.newFixedThreadPool(fetches, named("fetch"));
    }

    /** Repeats work on the conductor's thread, with that pause in between, at once for the first time. */
    void every(long millis, Runnable work) {
        var timer = conductor.scheduleWithFixedDelay(guarded(work), 0, millis, TimeUnit.MILLISECONDS);
        if (timer.isCancelled()) {
            LOG.debug("the agent stops, nothing is repeated any more");
        }
    }

    ExecutorService fetchers() {
        return fetchers;
    }

    /** Takes work in the order given; once closed it drops it, and says so. */
    boolean conduct(Runnable work) {
        return execute(conductor, work);
    }

    void work(Runnable work) {
        execute(workers, work);
    }

    void call(Runnable work) {
        execute(io, work);
    }

    private static boolean execute(ExecutorService executor, Runnable work) {
        try {
            executor.execute(guarded(work));
            return true;
        } catch (RejectedExecutionException closed) {
            LOG.debug("the agent stops, a step is left to its next start");
            return false;
        }
    }

    private static Runnable guarded(Runnable work) {
        return () -> {
            try {
                work.run();
            } catch (RuntimeException e) {
                LOG.error("a step of the agent failed", e);
            }
        };
    }

    @Override
    public void close() {
        workers.shutdownNow();
        io.shutdownNow();
        fetchers.shutdownNow();
        conductor.shutdown();
        await(workers);
        await(io);
        await(fetchers);
        await(conductor);
    }

    private static void await(ExecutorService executor) {
        try {
            if (!executor.awaitTermination(END_SECONDS, TimeUnit.SECONDS)) {
                executor.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static ThreadFactory named(String prefix) {
        var count = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, prefix + "-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }
}
