package org.example.delays;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The jobs of the service, in memory: the last {@value #KEPT} are remembered. Safe for use by several threads. */
final class Jobs {
    static final int KEPT = 1_000;
    static final int WAITING = 64;

    /** What becomes of a job. */
    enum State {
        QUEUED,
        RUNNING,
        DONE,
        FAILED,
        CANCELLED
    }

    /**
     * A job as it stands.
     *
     * @param rows a JSON array when it is done, else null
     * @param error why it failed, else null
     */
    record Job(String id, String reference, State state, String rows, String error) {
        boolean isOver() {
            return state == State.DONE || state == State.FAILED || state == State.CANCELLED;
        }

        String json() {
            return "{\"id\":" + FlatJson.quote(id) + ",\"state\":\"" + state + "\""
                    + (rows == null ? "" : ",\"rows\":" + rows)
                    + (error == null ? "" : ",\"error\":" + FlatJson.quote(error))
                    + "}";
        }
    }

    private final Map<String, Job> jobs = new LinkedHashMap<>();
    private final Map<String, String> references = new LinkedHashMap<>();
    private final ThreadPoolExecutor workers =
            new ThreadPoolExecutor(2, 2, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(WAITING), task -> {
                var thread = new Thread(task, "job");
                thread.setDaemon(true);
                return thread;
            });

    /**
     * Takes a job.
     *
     * @param reference the caller's own name for it: the same one again gives the same job; empty for none
     * @return null when too many wait
     */
    synchronized Job submit(String reference, Path file, long month) {
        var known = references.get(reference);
        if (!reference.isEmpty() && known != null) {
            return jobs.get(known);
        }
        var job = new Job(UUID.randomUUID().toString(), reference, State.QUEUED, null, null);
        try {
            workers.execute(() -> run(job.id(), file, month));
        } catch (RejectedExecutionException full) {
            return null;
        }
        jobs.put(job.id(), job);
        if (!reference.isEmpty()) {
            references.put(reference, job.id());
        }
        forgetOldest();
        return job;
    }

    private void forgetOldest() {
        while (jobs.size() > KEPT) {
            var oldest = jobs.values().iterator().next();
            jobs.remove(oldest.id());
            references.remove(oldest.reference(), oldest.id());
        }
    }

    /** The job of that id, or null. */
    synchronized Job find(String id) {
        return jobs.get(id);
    }

    /** The job of that reference, or null. */
    synchronized Job findByReference(String reference) {
        return jobs.get(references.getOrDefault(reference, ""));
    }

    /** Ends a job that is not over yet. */
    synchronized Job cancel(String id) {
        return move(id, State.CANCELLED, null, null);
    }

    private synchronized Job move(String id, State state, String rows, String error) {
        return jobs.computeIfPresent(
                id, (same, job) -> job.isOver() ? job : new Job(id, job.reference(), state, rows, error));
    }

    private void run(String id, Path file, long month) {
        var started = move(id, State.RUNNING, null, null);
        if (started == null || started.isOver()) {
            return;
        }
        try {
            var summary = Summary.of(file, month, () -> {
                var job = find(id);
                return job == null || job.isOver();
            });
            if (summary != null) {
                move(id, State.DONE, summary.json(), null);
            }
        } catch (IOException | RuntimeException e) {
            move(id, State.FAILED, null, e instanceof IOException ? e.getMessage() : "the file cannot be read");
        }
    }
}
