package dev.selvage.cli.internal.bench;

import dev.selvage.cli.internal.client.ContractClient;
import dev.selvage.model.CanonicalJson;
import dev.selvage.model.LedgerEvent;
import dev.selvage.model.Outcome;
import dev.selvage.model.TaskState;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.hyperledger.fabric.client.ChaincodeEvent;
import org.hyperledger.fabric.client.CloseableIterator;

/**
 * Sees from the contract's events, as a client of one peer gets them, when sub-tasks become ready, when their results are on the ledger,
 * and when tasks end. A follower's thread; the rest is thread-safe.
 */
final class TaskWatch implements AutoCloseable {
    private final CloseableIterator<ChaincodeEvent> events;
    private final Thread follower;
    private final Map<String, Watched> tasks = new ConcurrentHashMap<>();
    private volatile Recorder recorder;
    private volatile boolean closed;
    private volatile RuntimeException broken;

    /** What is known of a task. */
    private static final class Watched {
        private final Map<String, Long> ready = new ConcurrentHashMap<>();
        private final CompletableFuture<TaskState> end = new CompletableFuture<>();
        private final AtomicInteger results = new AtomicInteger();
    }

    TaskWatch(ContractClient contract) {
        this(contract.events(BlockCount.height(contract)));
    }

    TaskWatch(CloseableIterator<ChaincodeEvent> events) {
        this.events = events;
        follower = new Thread(this::follow, "watch");
        follower.setDaemon(true);
        follower.start();
    }

    /** Where results are recorded from now on. */
    void recordTo(Recorder next) {
        recorder = next;
    }

    /** Completes with the state in which the task ends; fails when the event stream breaks. */
    CompletableFuture<TaskState> end(String task) {
        var end = of(task).end;
        var fault = broken;
        if (fault != null) {
            end.completeExceptionally(fault);
        }
        return end;
    }

    /** How many results the task has so far. */
    int results(String task) {
        return of(task).results.get();
    }

    /** Forgets a task. */
    void forget(String task) {
        tasks.remove(task);
    }

    private Watched of(String task) {
        return tasks.computeIfAbsent(task, id -> new Watched());
    }

    private void follow() {
        try {
            while (!closed && events.hasNext()) {
                var event = events.next();
                long now = System.nanoTime();
                if (event.getEventName().equals(LedgerEvent.NAME)) {
                    CanonicalJson.read(event.getPayload(), LedgerEvent.class)
                            .facts()
                            .forEach(fact -> take(fact, now));
                }
            }
            breakOff(new IllegalStateException("the peer ended the stream of events"));
        } catch (RuntimeException e) { // whatever it is, nobody would learn of an end any more
            breakOff(e);
        }
    }

    private void breakOff(RuntimeException fault) {
        if (!closed) {
            broken = fault;
            tasks.values().forEach(task -> task.end.completeExceptionally(fault));
        }
    }

    private void take(LedgerEvent.Entry fact, long now) {
        Watched task = of(fact.task());
        Recorder to = recorder;
        if (fact instanceof LedgerEvent.Ready ready) {
            task.ready.put(ready.subTask(), now);
        } else if (fact instanceof LedgerEvent.Result result) {
            task.results.incrementAndGet();
            Long since = task.ready.get(result.subTask());
            if (to != null && since != null && result.outcome() == Outcome.SUCCEEDED) {
                to.ended(since, now);
            } else if (to != null) {
                to.failed();
            }
        } else if (fact instanceof LedgerEvent.End end) {
            task.end.complete(end.state());
        }
    }

    @Override
    public void close() {
        closed = true;
        events.close();
    }
}
