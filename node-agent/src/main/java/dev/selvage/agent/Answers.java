package dev.selvage.agent;

import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** Answers that the conductor's thread gives to others. Once closed nobody waits any more, even for work that was dropped. Thread-safe. */
final class Answers implements AutoCloseable {
    private final Map<Long, CompletableFuture<?>> open = new ConcurrentHashMap<>();
    private final AtomicLong numbers = new AtomicLong();
    private volatile boolean closed;

    /**
     * Runs work on the conductor's thread and waits for it.
     *
     * @throws SelvageException what the work throws; INTERRUPTED when the agent stops, STILL_WAITING when the time is over
     */
    <T> T of(AgentThreads threads, Supplier<T> work, long seconds) {
        var answer = new CompletableFuture<T>();
        long number = numbers.incrementAndGet();
        open.put(number, answer);
        try {
            boolean taken = threads.conduct(() -> {
                try {
                    answer.complete(work.get());
                } catch (RuntimeException e) {
                    answer.completeExceptionally(e);
                }
            });
            if (!taken || closed) {
                answer.completeExceptionally(stops());
            }
            return await(answer, seconds);
        } finally {
            open.remove(number);
        }
    }

    private static <T> T await(CompletableFuture<T> answer, long seconds) {
        try {
            return answer.get(seconds, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SelvageException(ErrorCode.INTERRUPTED, "The agent stops.", e);
        } catch (TimeoutException e) {
            throw new SelvageException(ErrorCode.STILL_WAITING, "The node is too busy to answer now.", e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof SelvageException ours
                    ? ours
                    : new SelvageException(ErrorCode.INTERNAL, "The node failed; its log says more.", e.getCause());
        }
    }

    private static SelvageException stops() {
        return new SelvageException(ErrorCode.INTERRUPTED, "The agent stops.");
    }

    @Override
    public void close() {
        closed = true;
        open.forEach((number, answer) -> answer.completeExceptionally(stops()));
    }
}
