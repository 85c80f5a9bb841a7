package dev.selvage.bridge;

import dev.selvage.bridge.EngineFile.StdioConnect;
import dev.selvage.engine.EngineDescription;
import dev.selvage.engine.EngineFailure;
import dev.selvage.engine.EngineInput;
import dev.selvage.engine.EngineProgress;
import dev.selvage.engine.EngineRequest;
import dev.selvage.engine.Envelopes;
import dev.selvage.engine.InputPlace;
import dev.selvage.engine.OpenRun;
import dev.selvage.engine.RunKey;
import dev.selvage.engine.v1.Cancel;
import dev.selvage.engine.v1.FromEngine;
import dev.selvage.engine.v1.Outcome;
import dev.selvage.engine.v1.ToEngine;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The conversation with one child process. */
final class StdioSession implements Child.Events {
    private static final Logger LOG = LoggerFactory.getLogger(StdioSession.class);

    private static final long LAST_MILLIS = 2000;

    private final String engine;
    private final boolean oneShot;
    private final ScheduledExecutorService timer;
    private final ExecutorService threads;
    private final Consumer<StdioSession> onEnd;
    private final CompletableFuture<EngineDescription> hello = new CompletableFuture<>();
    private final Map<RunKey, Talk> talks = new ConcurrentHashMap<>();
    private volatile Child child;
    private volatile EngineFailure ended;

    /** A run, and whether the engine has accepted it. */
    private static final class Talk {
        private final OpenRun run;
        private boolean accepted;
        private volatile EngineFailure stopped;
        private volatile Duration grace = Duration.ZERO;
        /** Whether the engine has been told to start: only then can it be told to stop. */
        private volatile boolean sent;

        Talk(OpenRun run) {
            this.run = run;
        }

        void accept(boolean resumed, String foreignId) {
            if (!accepted) {
                accepted = true;
                run.accepted(resumed, foreignId);
            }
        }
    }

    StdioSession(
            String engine,
            boolean oneShot,
            ScheduledExecutorService timer,
            ExecutorService threads,
            Consumer<StdioSession> onEnd) {
        this.engine = engine;
        this.oneShot = oneShot;
        this.timer = timer;
        this.threads = threads;
        this.onEnd = onEnd;
    }

    void open(StdioConnect connect, ChildLog log, ChildListener listener) {
        child = Child.start(engine, connect, log, listener);
        child.listen(this);
    }

    boolean isAlive() {
        return ended == null && child.isAlive();
    }

    /** Waits for the worker to say what it is. */
    void awaitHello(Duration patience) {
        try {
            var description = hello.get(patience.toMillis(), TimeUnit.MILLISECONDS);
            LOG.debug("{} {} said hello", engine, description.version());
        } catch (TimeoutException e) {
            var failure = EngineFailure.of(
                    ErrorCode.ENGINE_TIMEOUT, engine + " did not say hello within " + Texts.time(patience) + ".");
            child.end(failure);
            throw new SelvageException(ErrorCode.ENGINE_TIMEOUT, failure.message(), e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof SelvageException ours
                    ? ours
                    : new SelvageException(ErrorCode.ENGINE_DIED, engine + " did not start.", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SelvageException(ErrorCode.INTERRUPTED, "Interrupted while " + engine + " starts.", e);
        }
    }

    /** What the worker said of itself. */
    EngineDescription hello() {
        return hello.join();
    }

    /** Sends a run, and sees to its deadline and its cancel. */
    void start(OpenRun run, boolean resume, String foreignId) {
        var request = staged(run.request());
        var talk = new Talk(run);
        talks.put(run.key(), talk);
        var gone = ended;
        if (gone != null) {
            talks.remove(run.key());
            run.fail(gone);
            return;
        }
        child.countAnew();
        var limit = run.request().limits().run();
        var deadline = timer.schedule(
                () -> later(() -> stop(
                        talk,
                        EngineFailure.of(
                                ErrorCode.ENGINE_TIMEOUT, engine + " did not finish within " + Texts.time(limit) + "."),
                        StdioTransport.DEADLINE_GRACE)),
                limit.toMillis(),
                TimeUnit.MILLISECONDS);
        run.outcome().thenAccept(done -> deadline.cancel(false)).exceptionally(never -> null);
        // before the message, which waits for as long as the engine does not read it
        run.onCancel((reason, grace) -> later(() ->
                stop(talk, EngineFailure.of(ErrorCode.CANCELLED, "The run was cancelled: " + reason + "."), grace)));
        child.send(ToEngine.newBuilder()
                .setKey(Envelopes.key(run.key()))
                .setStart(Envelopes.start(request, resume, foreignId))
                .build());
        talk.sent = true;
        if (oneShot) {
            child.finish();
        } else if (talk.stopped != null) {
            sendCancel(talk);
        }
    }

    /**
     * Asks the engine to end a run; when the grace is over it is ended, with its process. That is arranged first, since an engine that
     * reads nothing does not take the message either.
     */
    private void stop(Talk talk, EngineFailure why, Duration grace) {
        var run = talk.run;
        if (run.outcome().isDone() || talk.stopped != null) {
            return;
        }
        talk.grace = grace;
        talk.stopped = why;
        var last = timer.schedule(
                () -> later(() -> {
                    if (!run.outcome().isDone()) {
                        talks.remove(run.key());
                        // the process first, so that the next run does not get the one that hangs
                        child.end(EngineFailure.of(
                                ErrorCode.ENGINE_DIED, engine + " was ended because another of its runs hung."));
                        run.fail(why);
                    }
                }),
                oneShot ? 0 : grace.toMillis(),
                TimeUnit.MILLISECONDS);
        run.outcome().thenAccept(done -> last.cancel(false)).exceptionally(never -> null);
        if (!oneShot && talk.sent) {
            sendCancel(talk);
        }
    }

    private void sendCancel(Talk talk) {
        child.send(ToEngine.newBuilder()
                .setKey(Envelopes.key(talk.run.key()))
                .setCancel(Cancel.newBuilder().setReason(talk.stopped.message()).setGraceMs(talk.grace.toMillis()))
                .build());
    }

    private void later(Runnable action) {
        try {
            threads.execute(action);
        } catch (RejectedExecutionException e) {
            LOG.debug("{} is closed", engine);
        }
    }

    /** Host and child share a file system, so every input with bytes goes as a path. */
    private static EngineRequest staged(EngineRequest request) {
        List<EngineInput> inputs = new ArrayList<>();
        int number = 0;
        for (EngineInput input : request.inputs()) {
            number++;
            if (input.place() instanceof InputPlace.Inline) {
                var file = request.directory().resolve("inputs").resolve(Integer.toString(number));
                inputs.add(new EngineInput(
                        input.name(),
                        input.label(),
                        input.index(),
                        input.mediaType(),
                        input.digest(),
                        input.size(),
                        new InputPlace.OnDisk(RunDirectory.place(input, file).toAbsolutePath())));
            } else {
                inputs.add(input);
            }
        }
        return request.with(inputs);
    }

    @Override
    public void message(FromEngine message) {
        if (message.hasDescription()) {
            describe(message);
            return;
        }
        RunKey key;
        try {
            key = Envelopes.key(message.getKey());
        } catch (SelvageException e) {
            child.end(EngineFailure.of(
                    ErrorCode.ENGINE_PROTOCOL,
                    engine + " sent a message without the key of a run (" + message.getMessageCase() + ")."));
            return;
        }
        var talk = talks.get(key);
        if (talk == null) {
            LOG.debug("{} spoke of a run that is over", engine);
            return;
        }
        switch (message.getMessageCase()) {
            case ACCEPTED ->
                talk.accept(
                        message.getAccepted().getResumed(),
                        message.getAccepted().getForeignId());
            case PROGRESS ->
                talk.run.progress(new EngineProgress(
                        message.getProgress().getPermille(),
                        message.getProgress().getMessage()));
            case OUTCOME -> {
                talk.accept(false, message.getOutcome().getForeignId());
                talks.remove(talk.run.key());
                finish(talk, message);
                child.countAnew();
                if (oneShot) {
                    later(() -> child.finish(LAST_MILLIS));
                }
            }
            default -> LOG.debug("{} sent {}", engine, message.getMessageCase());
        }
    }

    private void describe(FromEngine message) {
        try {
            hello.complete(Envelopes.description(message.getDescription()));
        } catch (SelvageException e) {
            child.end(
                    EngineFailure.of(ErrorCode.ENGINE_PROTOCOL, engine + " described itself wrongly: " + e.sentence()));
        }
    }

    private void finish(Talk talk, FromEngine message) {
        var failure = message.getOutcome().getFailure();
        if (talk.stopped != null && failure.getCode().equals(ErrorCode.CANCELLED.name())) {
            talk.run.fail(talk.stopped);
            return;
        }
        try {
            talk.run.finish(Envelopes.outcome(versioned(message.getOutcome()), talk.run.request()));
        } catch (RuntimeException e) {
            talk.run.fail(
                    EngineFailure.of(e, ErrorCode.ENGINE_PROTOCOL, engine + " sent an outcome that cannot be read."));
        }
    }

    /** An outcome that does not say which version made it is of the version that said hello. */
    private Outcome versioned(Outcome outcome) {
        return outcome.getForeignVersion().isEmpty() && hello.isDone() && !hello.isCompletedExceptionally()
                ? outcome.toBuilder().setForeignVersion(hello.join().version()).build()
                : outcome;
    }

    @Override
    public void ended(EngineFailure why) {
        ended = why;
        hello.completeExceptionally(
                new SelvageException(ErrorCode.named(why.code()).orElse(ErrorCode.ENGINE_DIED), why.message()));
        onEnd.accept(this);
        for (Talk talk : List.copyOf(talks.values())) {
            talks.remove(talk.run.key());
            talk.run.fail(why);
        }
    }

    /** Lets the worker end by itself, and ends it if it does not. */
    void finish(long millis) {
        child.finish(millis);
    }

    void end(EngineFailure why) {
        child.end(why);
    }
}
