package dev.selvage.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;

/**
 * A run from the engine's side: it reports here what happens, and learns here of a cancel. Made by {@link RunBook}; safe for
 * concurrent use. The first outcome wins, later ones are dropped.
 */
public final class OpenRun implements EngineRun {
    private final EngineRequest request;
    private final CompletableFuture<EngineOutcome> outcome = new CompletableFuture<>();
    private final List<EngineListener> listeners = new ArrayList<>();
    private final Object listening = new Object();
    private volatile RunStatus status = RunStatus.QUEUED;
    private volatile String foreignId = "";
    private boolean accepted;
    private BiConsumer<String, Duration> canceller;
    private Cancelled cancelled;

    private record Cancelled(String reason, Duration grace) {}

    OpenRun(EngineRequest request, EngineListener listener) {
        this.request = request;
        listeners.add(listener);
    }

    public EngineRequest request() {
        return request;
    }

    @Override
    public RunKey key() {
        return request.key();
    }

    /** Adds a listener that comes later; it is told of the acceptance if that has been. */
    void join(EngineListener listener) {
        synchronized (listening) {
            listeners.add(listener);
            if (accepted) {
                listener.onAccepted(true, foreignId);
            }
        }
    }

    /** The run is the engine's now. Returns when the host has made it durable. */
    public void accepted(boolean resumed, String id) {
        synchronized (listening) {
            accepted = true;
            foreignId = id;
            status = RunStatus.RUNNING;
            List.copyOf(listeners).forEach(listener -> listener.onAccepted(resumed, id));
        }
    }

    public void progress(EngineProgress progress) {
        synchronized (listening) {
            if (!outcome.isDone()) {
                List.copyOf(listeners).forEach(listener -> listener.onProgress(progress));
            }
        }
    }

    /** What the foreign engine calls this run, or empty. */
    public String foreignId() {
        return foreignId;
    }

    /** Ends the run. Outputs that the operation does not declare, or that break its form or a limit, turn success into failure. */
    public void finish(EngineOutcome result) {
        if (outcome.isDone()) {
            return;
        }
        var checked = result.fold(
                succeeded -> OutputCheck.problem(request, succeeded.outputs())
                        .<EngineOutcome>map(failure -> new EngineOutcome.Failed(
                                failure, succeeded.usage(), succeeded.foreignId(), succeeded.foreignVersion()))
                        .orElse(succeeded),
                failed -> failed);
        status = RunStatus.DONE;
        outcome.complete(checked);
    }

    /** Ends the run as failed. */
    public void fail(EngineFailure failure) {
        finish(new EngineOutcome.Failed(failure, Usage.NONE, foreignId, ""));
    }

    /** What to do on a cancel; runs at once if one came already. */
    public void onCancel(BiConsumer<String, Duration> action) {
        Cancelled before;
        synchronized (this) {
            canceller = action;
            before = cancelled;
        }
        if (before != null) {
            action.accept(before.reason(), before.grace());
        }
    }

    public synchronized boolean isCancelled() {
        return cancelled != null;
    }

    @Override
    public void cancel(String reason, Duration grace) {
        BiConsumer<String, Duration> action;
        synchronized (this) {
            if (cancelled != null) {
                return;
            }
            cancelled = new Cancelled(reason, grace);
            action = canceller;
        }
        if (action != null && !outcome.isDone()) {
            action.accept(reason, grace);
        }
    }

    @Override
    public CompletableFuture<EngineOutcome> outcome() {
        return outcome;
    }

    @Override
    public RunStatus query() {
        return status;
    }

    /** Bytes that a run holds in memory. */
    long held() {
        long inputs = request.inputs().stream()
                .mapToLong(input -> input.place() instanceof InputPlace.Inline inline ? inline.bytes().length : 0)
                .sum();
        if (!outcome.isDone() || !(outcome.join() instanceof EngineOutcome.Succeeded succeeded)) {
            return inputs;
        }
        return succeeded.outputs().stream()
                .mapToLong(output -> output.content() instanceof EngineOutput.Bytes inline ? inline.bytes().length : 0)
                .reduce(inputs, Long::sum);
    }
}
