package dev.selvage.integrity.hash;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.Executors;

/**
 * Runs lanes side by side to their end. When one fails, the others take nothing more and are waited for, so that nobody works on a file or a device after
 * the call. They are not interrupted: an interrupted read would close the file for whoever does the work next.
 */
public final class Lanes {
    private Lanes() {}

    /** Runs lanes that take from nothing that could be stopped. */
    public static void run(List<Callable<Void>> lanes) throws IOException {
        run(() -> {}, lanes);
    }

    /**
     * Runs them all and waits for each.
     *
     * @param work what they take from
     * @throws IOException what the first lane to fail threw, or that the calling thread was interrupted
     */
    public static void run(HashWork work, List<Callable<Void>> lanes) throws IOException {
        run(work::stop, lanes);
    }

    private static void run(Runnable stop, List<Callable<Void>> lanes) throws IOException {
        var pool = Executors.newFixedThreadPool(lanes.size());
        try {
            var ended = new ExecutorCompletionService<Void>(pool);
            lanes.forEach(ended::submit);
            Throwable fault = null;
            boolean interrupted = false;
            for (int left = lanes.size(); left > 0; ) {
                try {
                    var lane = ended.take();
                    left--;
                    lane.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                    stop.run();
                } catch (ExecutionException e) {
                    fault = fault == null ? e.getCause() : fault;
                    stop.run();
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
                throw new IOException("hashing was interrupted", fault);
            }
            if (fault != null) {
                throw cause(fault);
            }
        } finally {
            pool.shutdown();
        }
    }

    private static IOException cause(Throwable cause) {
        if (cause instanceof RuntimeException fault) {
            throw fault;
        }
        return cause instanceof IOException fault ? fault : new IOException(cause);
    }
}
