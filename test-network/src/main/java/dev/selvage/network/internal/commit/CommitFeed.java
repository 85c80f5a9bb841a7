package dev.selvage.network.internal.commit;

import dev.selvage.network.internal.store.TransactionPlace;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** Tells those who wait that a block, or a certain transaction, has been committed. Thread-safe. */
public final class CommitFeed {
    private final Map<String, List<CompletableFuture<TransactionPlace>>> waiting = new ConcurrentHashMap<>();
    private final List<Runnable> blockListeners = new CopyOnWriteArrayList<>();

    /** Runs after each block; must not block. Returns what ends it. */
    public Runnable onBlock(Runnable listener) {
        blockListeners.add(listener);
        return () -> blockListeners.remove(listener);
    }

    /** Completes when the transaction is committed, at once if it is. Cancel it to stop waiting. */
    public CompletableFuture<TransactionPlace> status(
            String txId, Function<String, java.util.Optional<TransactionPlace>> committed) {
        CompletableFuture<TransactionPlace> status = new CompletableFuture<>();
        waiting.compute(txId, (id, others) -> {
            List<CompletableFuture<TransactionPlace>> all = others == null ? new CopyOnWriteArrayList<>() : others;
            all.add(status);
            return all;
        });
        status.whenComplete((place, cancelled) -> waiting.computeIfPresent(txId, (id, others) -> {
            others.remove(status);
            return others.isEmpty() ? null : others;
        }));
        // looked up after waiting has begun, so that a commit in between is not missed
        committed.apply(txId).ifPresent(status::complete);
        return status;
    }

    void committed(Map<String, TransactionPlace> places) {
        places.forEach((txId, place) -> {
            List<CompletableFuture<TransactionPlace>> waiters = waiting.get(txId);
            if (waiters != null) {
                waiters.forEach(waiter -> waiter.complete(place));
            }
        });
        blockListeners.forEach(Runnable::run);
    }
}
