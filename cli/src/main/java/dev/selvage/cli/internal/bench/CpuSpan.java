package dev.selvage.cli.internal.bench;

import dev.selvage.cli.internal.process.ProcessBook;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** CPU time that the network's processes use within a span of time that lies ahead. */
final class CpuSpan {
    private final ProcessBook book;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "cpu");
        thread.setDaemon(true);
        return thread;
    });
    private final ScheduledFuture<Map<String, Long>> before;
    private final ScheduledFuture<Map<String, Long>> after;

    /** @param from of {@link System#nanoTime}, as {@code until} */
    CpuSpan(ProcessBook book, long from, long until) {
        this.book = book;
        this.before = at(from);
        this.after = at(until);
    }

    private ScheduledFuture<Map<String, Long>> at(long nanos) {
        return timer.schedule(() -> ProcessUse.cpuByKind(book), nanos - System.nanoTime(), TimeUnit.NANOSECONDS);
    }

    /**
     * What was used, by kind of process.
     *
     * @param now whether the span ends now, instead of when it was to end
     */
    Map<String, Long> end(boolean now) throws InterruptedException {
        try {
            Map<String, Long> last = now ? ProcessUse.cpuByKind(book) : after.get();
            Map<String, Long> first = before.get();
            Map<String, Long> used = new TreeMap<>();
            last.forEach((kind, millis) -> used.put(kind, millis - first.getOrDefault(kind, 0L)));
            return used;
        } catch (ExecutionException e) {
            throw new SelvageException(ErrorCode.INTERNAL, "CPU times cannot be read.", e.getCause());
        } finally {
            timer.shutdownNow();
        }
    }
}
