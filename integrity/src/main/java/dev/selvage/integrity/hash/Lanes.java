package dev.selvage.integrity.hash;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.Executors;

/** Runs lanes side by side to their end; the first that fails stops the others. */
public final class Lanes {
    private Lanes() {}

    /**
     * Runs them all and waits.
     *
     * @throws IOException what a lane threw, or that the work was interrupted
     */
    public static void run(List<Callable<Void>> lanes) throws IOException {
        var pool = Executors.newFixedThreadPool(lanes.size());
        try {
            var ended = new ExecutorCompletionService<Void>(pool);
            lanes.forEach(ended::submit);
            for (int i = 0; i < lanes.size(); i++) {
                ended.take().get();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("hashing was interrupted", e);
        } catch (ExecutionException e) {
            throw cause(e.getCause());
        } finally {
            pool.shutdownNow();
        }
    }

    private static IOException cause(Throwable cause) {
        if (cause instanceof RuntimeException fault) {
            throw fault;
        }
        return cause instanceof IOException fault ? fault : new IOException(cause);
    }
}
