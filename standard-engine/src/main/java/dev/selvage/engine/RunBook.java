package dev.selvage.engine;

import dev.selvage.model.Digest;
import dev.selvage.model.ErrorCode;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The runs of one engine by key, which makes a repeated request the same run. Finished runs are kept for a while, so that their
 * outcome can be had again: the last {@link #KEPT_RUNS}, and {@link #KEPT_BYTES} of outputs in memory.
 */
public final class RunBook {
    static final int KEPT_RUNS = 256;
    static final long KEPT_BYTES = 64L << 20;

    private record Entry(Digest digest, OpenRun run) {}

    private final Map<RunKey, Entry> entries = new HashMap<>();
    private final Deque<OpenRun> finished = new ArrayDeque<>();
    private long heldBytes;
    private boolean closed;

    /**
     * The run of this request: one that is known, or a new one that {@code start} sets going. Where the key is known with another
     * digest, the answer is a run that has failed with KEY_REUSED.
     *
     * @param start must return soon and report everything, faults too, to the run
     */
    public EngineRun open(EngineRequest request, EngineListener listener, Consumer<OpenRun> start) {
        var digest = request.digest();
        OpenRun run = new OpenRun(request, listener);
        Entry known;
        boolean refused;
        synchronized (this) {
            refused = closed;
            known = closed ? null : entries.putIfAbsent(request.key(), new Entry(digest, run));
        }
        if (refused) {
            run.fail(EngineFailure.of(ErrorCode.CANCELLED, "The engine is closed."));
            return run;
        }
        if (known != null) {
            if (!known.digest().equals(digest)) {
                run.fail(EngineFailure.of(
                        ErrorCode.KEY_REUSED,
                        "The run " + request.key() + " was requested before with other content."));
                return run;
            }
            known.run().join(listener);
            return known.run();
        }
        run.outcome().thenAccept(done -> retire(run)).exceptionally(never -> null);
        try {
            start.accept(run);
        } catch (RuntimeException e) {
            run.fail(EngineFailure.of(e, ErrorCode.INTERNAL, "The engine could not start the run."));
        }
        return run;
    }

    /** The run of that key, or null. */
    public synchronized EngineRun find(RunKey key) {
        var entry = entries.get(key);
        return entry == null ? null : entry.run();
    }

    /** Refuses further runs, and gives those that are not finished. */
    public synchronized List<OpenRun> close() {
        closed = true;
        return entries.values().stream()
                .map(Entry::run)
                .filter(run -> !run.outcome().isDone())
                .toList();
    }

    private synchronized void retire(OpenRun run) {
        finished.addLast(run);
        heldBytes += run.held();
        while (finished.size() > KEPT_RUNS || (heldBytes > KEPT_BYTES && finished.size() > 1)) {
            var oldest = finished.removeFirst();
            heldBytes -= oldest.held();
            entries.remove(oldest.key());
        }
    }
}
