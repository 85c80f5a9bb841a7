package dev.selvage.agent.pipeline;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/** Results that wait for a transaction, in their order, and those that wait for the end of a pause. For one thread. */
final class ResultQueue {
    private final Deque<Queued> queue = new ArrayDeque<>();
    private final List<Delayed> delayed = new ArrayList<>();

    void add(Queued item) {
        queue.add(item);
    }

    void addAll(Collection<Queued> items) {
        queue.addAll(items);
    }

    void addFirst(Queued item) {
        queue.addFirst(item);
    }

    void later(Delayed later) {
        delayed.add(later);
    }

    /** How many could go now. */
    int size() {
        return queue.size();
    }

    /** Takes out what shares the next transaction. */
    Batch next(int most, Function<Queued, Weighed> weigh) {
        Batch batch = new Batch();
        while (batch.items().size() < most && !queue.isEmpty() && batch.add(queue.peek(), weigh.apply(queue.peek()))) {
            queue.poll();
        }
        return batch;
    }

    /** Takes out what has waited long enough. */
    List<Delayed> due(long now) {
        List<Delayed> due = delayed.stream().filter(item -> item.due() <= now).toList();
        delayed.removeAll(due);
        return due;
    }

    List<Queued> remove(Predicate<Queued> gone) {
        List<Queued> removed = new ArrayList<>(queue.stream().filter(gone).toList());
        queue.removeIf(gone);
        delayed.replaceAll(later -> {
            removed.addAll(later.items().stream().filter(gone).toList());
            return new Delayed(later.items().stream().filter(gone.negate()).toList(), later.due(), later.pause());
        });
        delayed.removeIf(later -> later.items().isEmpty());
        return removed;
    }

    /** How many wait, for whatever reason. */
    int waiting() {
        return queue.size()
                + delayed.stream().mapToInt(item -> item.items().size()).sum();
    }
}
