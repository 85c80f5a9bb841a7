package dev.selvage.engine;

import dev.selvage.engine.v1.Accepted;
import dev.selvage.engine.v1.FromEngine;
import dev.selvage.engine.v1.Progress;
import dev.selvage.engine.v1.Status;
import dev.selvage.engine.v1.ToEngine;
import dev.selvage.model.ErrorCode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The whole of a worker process in Java: envelopes of {@code engine.proto}, one JSON line each, over stdin and stdout. A worker is
 * this and its handlers:
 *
 * <pre>{@code
 * public static void main(String[] args) throws IOException {
 *     StdioWorker.serve("my-engine", "1.0", Map.of("my.operation/1", context -> context.output("out", bytes)));
 * }
 * }</pre>
 *
 * <p>It ends when stdin ends, which is also how it notices that its host is gone. From the start on, {@code System.out} prints to
 * stderr, so that a stray print does not break the protocol.
 */
public final class StdioWorker {
    private static final Duration LAST_WORDS = Duration.ofSeconds(5);

    private final HandlerEngine engine;
    private final OutputStream out;

    private StdioWorker(HandlerEngine engine, OutputStream out) {
        this.engine = engine;
        this.out = out;
    }

    /** Serves one run at a time until stdin ends. */
    public static void serve(String engine, String version, Map<String, OperationHandler> operations)
            throws IOException {
        PrintStream stdout = System.out;
        System.setOut(System.err);
        var capacity = new EngineDescription.Capacity(1, Duration.ofDays(1), 4L << 30, 0, 0);
        serve(engine, provider(version, operations), capacity, System.in, stdout);
    }

    /** As {@link #serve(String, String, Map)}, over any pair of streams. */
    public static void serve(
            String engine,
            EngineProvider provider,
            EngineDescription.Capacity capacity,
            InputStream in,
            OutputStream out)
            throws IOException {
        try (var handlers = new HandlerEngine(engine, provider, capacity, Map.of(), false)) {
            new StdioWorker(handlers, out).loop(in);
            handlers.drain(LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private static EngineProvider provider(String version, Map<String, OperationHandler> operations) {
        return new EngineProvider() {
            @Override
            public String version() {
                return version;
            }

            @Override
            public Map<String, OperationHandler> operations() {
                return operations;
            }
        };
    }

    private void loop(InputStream in) throws IOException {
        send(FromEngine.newBuilder().setDescription(Envelopes.description(engine.describe())));
        var lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            try {
                receive(EnvelopeJson.toEngine(line));
            } catch (EnvelopeJson.NotAMessageException e) {
                System.err.println("not a message: " + e.getMessage());
            }
        }
    }

    private void receive(ToEngine envelope) {
        var wireKey = envelope.getKey();
        try {
            var key = Envelopes.key(wireKey);
            switch (envelope.getMessageCase()) {
                case START -> start(key, envelope);
                case CANCEL ->
                    find(key)
                            .ifPresent(run -> run.cancel(
                                    envelope.getCancel().getReason(),
                                    Duration.ofMillis(envelope.getCancel().getGraceMs())));
                case QUERY -> {
                    var state = find(key).map(EngineRun::query).orElse(RunStatus.UNKNOWN);
                    send(FromEngine.newBuilder()
                            .setKey(wireKey)
                            .setStatus(Status.newBuilder().setState(Status.State.valueOf(state.name()))));
                }
                default -> System.err.println("not understood: " + envelope.getMessageCase());
            }
        } catch (RuntimeException e) {
            var failure = EngineFailure.of(e, ErrorCode.REQUEST_INVALID, "The request could not be read.");
            send(FromEngine.newBuilder()
                    .setKey(wireKey)
                    .setOutcome(Envelopes.outcome(EngineOutcome.failed(failure), Path.of(""))));
        }
    }

    private void start(RunKey key, ToEngine envelope) {
        var wireKey = envelope.getKey();
        var request = Envelopes.request(key, envelope.getStart());
        var run = engine.run(request, new EngineListener() {
            @Override
            public void onAccepted(boolean resumed, String foreignId) {
                send(FromEngine.newBuilder()
                        .setKey(wireKey)
                        .setAccepted(Accepted.newBuilder().setResumed(resumed).setForeignId(foreignId)));
            }

            @Override
            public void onProgress(EngineProgress progress) {
                send(FromEngine.newBuilder()
                        .setKey(wireKey)
                        .setProgress(Progress.newBuilder()
                                .setPermille(progress.permille())
                                .setMessage(progress.message())));
            }
        });
        run.outcome()
                .thenAccept(outcome -> send(FromEngine.newBuilder()
                        .setKey(wireKey)
                        .setOutcome(Envelopes.outcome(outcome, request.directory()))))
                .exceptionally(fault -> {
                    System.err.println("the outcome could not be sent: " + fault);
                    return null;
                });
    }

    private Optional<EngineRun> find(RunKey key) {
        return Optional.ofNullable(engine.find(key));
    }

    private void send(FromEngine.Builder envelope) {
        var line = (EnvelopeJson.line(envelope) + "\n").getBytes(StandardCharsets.UTF_8);
        synchronized (out) {
            try {
                out.write(line);
                out.flush();
            } catch (IOException e) {
                System.err.println("the host is gone: " + e.getMessage());
            }
        }
    }
}
