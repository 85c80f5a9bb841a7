package dev.selvage.network.internal.commit;

import dev.selvage.network.internal.store.TransactionPlace;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;

/** Tells those who wait that a block, or a certain transaction, has been committed. Thread-safe. */
public final class CommitFeed {
    private final Executor executor;
    private final Map<String, List<Consumer<TransactionPlace>>> waiting = new ConcurrentHashMap<>();
    private final List<Runnable> blockListeners = new CopyOnWriteArrayList<>();

    /**
     * Nobody waits yet.
     *
     * @param executor tells those who wait for a transaction, off the committing thread
     */
    public CommitFeed(Executor executor) {
        this.executor = executor;
    }

    /** Runs after each block; must not block. Returns what ends it. */
    public Runnable onBlock(Runnable listener) {
        blockListeners.add(listener);
        return () -> blockListeners.remove(listener);
    }

    /**
     * Calls back once, when the transaction is committed, or at once if it is.
     *
     * @return what ends the waiting
     */
    public Runnable onTransaction(
            String txId, Function<String, Optional<TransactionPlace>> committed, Consumer<TransactionPlace> then) {
        waiting.compute(txId, (id, others) -> {
            List<Consumer<TransactionPlace>> all = others == null ? new ArrayList<>() : new ArrayList<>(others);
            all.add(then);
            return all;
        });
        // looked up after waiting has begun, so that a commit in between is not missed
        committed.apply(txId).filter(place -> forget(txId, then)).ifPresent(then);
        return () -> forget(txId, then);
    }

    /** Whether it was still waiting: whoever removes it is the one to call it. */
    private boolean forget(String txId, Consumer<TransactionPlace> then) {
        boolean[] removed = new boolean[1];
        waiting.computeIfPresent(txId, (id, others) -> {
            List<Consumer<TransactionPlace>> left = new ArrayList<>(others);
            removed[0] = left.remove(then);
            return left.isEmpty() ? null : left;
        });
        return removed[0];
    }

    void committed(Map<String, TransactionPlace> places) {
        places.forEach((txId, place) -> {
            List<Consumer<TransactionPlace>> waiters = waiting.remove(txId);
            if (waiters != null) {
                waiters.forEach(waiter -> executor.execute(() -> waiter.accept(place)));
            }
        });
        blockListeners.forEach(Runnable::run);
    }
}
