package dev.selvage.cli.internal.bench;

import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Threads that do the same thing side by side. */
final class Crew {
    private Crew() {}

    /** What each does, told its number. */
    interface Work {
        void of(int number) throws InterruptedException;
    }

    /** Runs so many and waits for all; the first fault is thrown when all have ended. */
    static void run(int count, Work work) throws InterruptedException {
        var threads = Executors.newFixedThreadPool(count);
        try {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                int number = i;
                all.add(threads.submit(() -> {
                    work.of(number);
                    return null;
                }));
            }
            for (Future<?> one : all) {
                one.get();
            }
        } catch (ExecutionException e) {
            throw e.getCause() instanceof SelvageException ours
                    ? ours
                    : new SelvageException(ErrorCode.INTERNAL, "A load failed: " + e.getCause(), e.getCause());
        } finally {
            threads.shutdownNow();
        }
    }
}
