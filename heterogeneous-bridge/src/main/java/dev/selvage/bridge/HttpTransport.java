package dev.selvage.bridge;

import dev.selvage.bridge.EngineFile.HttpConnect;
import dev.selvage.bridge.HttpCaller.Reply;
import dev.selvage.bridge.HttpMapping.Poll;
import dev.selvage.engine.EngineFailure;
import dev.selvage.engine.EngineInput;
import dev.selvage.engine.EngineOutcome;
import dev.selvage.engine.EngineProgress;
import dev.selvage.engine.EngineRequest;
import dev.selvage.engine.InputPlace;
import dev.selvage.engine.OpenRun;
import dev.selvage.engine.Usage;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An HTTP service as an engine: submitted and polled, or answered at once. */
final class HttpTransport extends BlockingTransport {
    private static final Logger LOG = LoggerFactory.getLogger(HttpTransport.class);
    private static final int MAX_TEXT = 1 << 20;
    /** Polls in a row that may go wrong before the service counts as gone. */
    private static final int PATIENCE = 10;

    private static final int HTTP = 80;
    private static final int HTTPS = 443;
    private static final int REACH_MS = 3_000;

    private static final Set<Integer> PASSING = Set.of(429, 502, 503, 504);

    private final HttpConnect connect;
    private final HttpCaller caller;

    HttpTransport(EngineFile file, HttpConnect connect) {
        super(file);
        this.connect = connect;
        this.caller = new HttpCaller(connect);
    }

    @Override
    public Found describe() {
        boolean polls = file().operations().values().stream()
                .allMatch(mapping -> ((HttpMapping) mapping).poll().isPresent());
        boolean cancels = file().operations().values().stream()
                .allMatch(mapping -> ((HttpMapping) mapping).cancel().isPresent());
        return new Found("", connect.url(), polls, cancels);
    }

    @Override
    public void reach() {
        var url = URI.create(connect.url());
        int port = url.getPort() >= 0 ? url.getPort() : "https".equals(url.getScheme()) ? HTTPS : HTTP;
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(url.getHost(), port), REACH_MS);
        } catch (IOException e) {
            throw new SelvageException(
                    ErrorCode.ENGINE_UNREACHABLE,
                    file().engine() + ": nothing answers at " + url.getHost() + ":" + port + ".",
                    e);
        }
    }

    @Override
    EngineOutcome work(OpenRun run, boolean resume, String foreignId, RunControl control) throws Exception {
        return new Conversation(run, control).carryOut(resume, foreignId);
    }

    /** One run. */
    private final class Conversation {
        private final OpenRun run;
        private final EngineRequest request;
        private final RunControl control;
        private final HttpMapping mapping;
        private final Map<String, Object> values;

        Conversation(OpenRun run, RunControl control) {
            this.run = run;
            this.request = run.request();
            this.control = control;
            this.mapping =
                    (HttpMapping) file().operations().get(request.operation().operation());
            Map<EngineInput, String> texts = new HashMap<>();
            Map<EngineInput, String> paths = new HashMap<>();
            handOver(texts, paths);
            this.values = new HashMap<>(Values.of(request, file().config(), texts, paths));
        }

        EngineOutcome carryOut(boolean resume, String foreignId) throws Exception {
            if (resume && !foreignId.isEmpty() && mapping.poll().isPresent()) {
                accept(true, foreignId);
                return poll(mapping.poll().get(), true);
            }
            if (resume && mapping.afterCrash() instanceof HttpMapping.Find find) {
                var found = caller.send(
                        find.call(), request, values, file().limits().response());
                if (found.status() != 404) {
                    refuse(found);
                    accept(true, id(find.foreignId(), found));
                    return poll(mapping.poll().orElseThrow(), true);
                }
            }
            return submit();
        }

        private EngineOutcome submit() throws Exception {
            for (var upload : mapping.uploads()) {
                refuse(caller.send(upload, request, values, file().limits().response()));
            }
            control.check();
            if (mapping.poll().isEmpty()) {
                accept(false, "");
                var reply = caller.send(mapping.submit(), request, values, outputLimit());
                control.check();
                refuse(reply);
                return outcome(reply);
            }
            var reply = caller.send(
                    mapping.submit(), request, values, file().limits().response());
            refuse(reply);
            accept(false, id(mapping.foreignId(), reply));
            return poll(mapping.poll().get(), false);
        }

        private void accept(boolean resumed, String id) {
            values.put("run.foreignId", id);
            run.accepted(resumed, id);
            control.onStop(this::cancel);
        }

        private void cancel() {
            if (mapping.cancel().isEmpty()) {
                return;
            }
            try {
                var reply = caller.send(
                        mapping.cancel().get(), request, values, file().limits().response());
                if (!reply.ok()) {
                    LOG.debug("{} answered a cancel with {}", file().engine(), reply.status());
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (SelvageException e) {
                LOG.debug("{} did not take a cancel", file().engine(), e);
            }
        }

        private EngineOutcome poll(Poll poll, boolean resumed) throws Exception {
            var pause = poll.every().first();
            int misses = 0;
            while (true) {
                control.pause(pause);
                Reply reply = ask(poll, misses >= PATIENCE);
                if (reply == null) {
                    misses++;
                    pause = poll.every().next(pause);
                    continue;
                }
                misses = 0;
                if (resumed && reply.status() == 404) {
                    return submit();
                }
                refuse(reply);
                var seen = reply.on(values);
                var state = String.valueOf(poll.state().value(seen));
                if (poll.succeeded().contains(state)) {
                    return fetch(reply);
                }
                if (poll.failed().contains(state)) {
                    throw failed(reply, state);
                }
                if (!poll.running().isEmpty() && !poll.running().contains(state)) {
                    throw new SelvageException(
                            ErrorCode.MAPPING_FAILED,
                            "The service's state \"" + state + "\" is in none of running, succeeded and failed.");
                }
                poll.progress()
                        .ifPresent(progress ->
                                run.progress(new EngineProgress(((Long) progress.value(seen)).intValue(), state)));
                pause = poll.every().next(pause);
            }
        }

        /** Asks for the state; null when the service did not answer and may yet. */
        private Reply ask(Poll poll, boolean lastChance) throws Exception {
            try {
                long limit = mapping.result().isPresent() ? file().limits().response() : outputLimit();
                var reply = caller.send(poll.call(), request, values, limit);
                return !lastChance && PASSING.contains(reply.status()) ? null : reply;
            } catch (SelvageException e) {
                control.check();
                if (lastChance || e.code() != ErrorCode.ENGINE_UNREACHABLE) {
                    throw e;
                }
                LOG.debug("{} did not answer a poll", file().engine(), e);
                return null;
            }
        }

        private EngineOutcome fetch(Reply polled) throws Exception {
            if (mapping.result().isEmpty()) {
                return outcome(polled);
            }
            var reply = caller.send(mapping.result().get(), request, values, outputLimit());
            refuse(reply);
            return outcome(reply);
        }

        private EngineOutcome outcome(Reply reply) throws Exception {
            var outputs = new HttpOutputs(
                            request, file().limits().rows(), request.limits().outputBytes())
                    .read(mapping, reply, values);
            return new EngineOutcome.Succeeded(outputs, new Usage(0, 0, reply.body().length), run.foreignId(), "");
        }

        private long outputLimit() {
            boolean body = mapping.outputs().values().stream()
                    .anyMatch(output -> !(output.source() instanceof HttpMapping.FromFile));
            return body
                    ? Math.max(file().limits().response(), request.limits().outputBytes())
                    : file().limits().response();
        }

        private String id(Optional<Template> template, Reply reply) {
            return template.map(leaf -> String.valueOf(leaf.value(reply.on(values))))
                    .orElse(request.key().hex32());
        }

        private void handOver(Map<EngineInput, String> texts, Map<EngineInput, String> paths) {
            mapping.inputs().forEach((name, how) -> {
                var elements = request.inputs(name);
                for (EngineInput input : elements) {
                    if (how instanceof HttpMapping.AsFile file) {
                        var fileName = elements.size() == 1 ? file.name() : input.index() + "-" + file.name();
                        paths.put(
                                input,
                                RunDirectory.place(input, request.directory().resolve(fileName))
                                        .toString());
                    } else {
                        texts.put(input, text(input));
                    }
                }
            });
        }

        private String text(EngineInput input) {
            if (input.size() > MAX_TEXT) {
                throw new SelvageException(
                        ErrorCode.TOO_LARGE,
                        "The input \"" + input.name() + "\" is larger than " + Texts.size(MAX_TEXT)
                                + ": hand it over as a file or an upload.");
            }
            try {
                var bytes = input.place() instanceof InputPlace.Inline inline
                        ? inline.bytes()
                        : Files.readAllBytes(((InputPlace.OnDisk) input.place()).path());
                return new String(bytes, StandardCharsets.UTF_8);
            } catch (IOException | ClassCastException e) {
                throw new SelvageException(
                        ErrorCode.NOT_SUPPORTED, "The input \"" + input.name() + "\" cannot be read as text.", e);
            }
        }

        /** Turns a reply that is not as it should be into its fault. */
        private void refuse(Reply reply) throws FailedException {
            var rule = rule(reply);
            if (rule != null) {
                throw new FailedException(rule);
            }
            if (!reply.ok()) {
                throw new FailedException(standard(reply));
            }
        }

        private FailedException failed(Reply reply, String state) {
            return new FailedException(EngineFailure.of(
                    ErrorCode.ENGINE_FAILED, "The service says that the run is " + state + ".", reply.text()));
        }

        private EngineFailure rule(Reply reply) {
            if (mapping.errors().isEmpty()) {
                return null;
            }
            var seen = reply.on(values);
            seen.putIfAbsent("run.foreignId", "");
            return mapping.errors().stream()
                    .filter(rule -> fits(rule, seen))
                    .findFirst()
                    .map(rule -> new EngineFailure(
                            rule.code(),
                            rule.category(),
                            rule.retryable(),
                            rule.retryAfter().map(after -> Duration.ofSeconds((Long) after.value(seen))),
                            rule.message()
                                    .map(message -> String.valueOf(message.value(seen)))
                                    .orElse(connectName() + " answered with status " + reply.status() + "."),
                            reply.text()))
                    .orElse(null);
        }

        private boolean fits(HttpMapping.ErrorRule rule, Map<String, Object> seen) {
            try {
                return Boolean.TRUE.equals(rule.when().value(seen));
            } catch (SelvageException e) {
                return false; // a reply without the field that the rule asks for
            }
        }

        private EngineFailure standard(Reply reply) {
            var code = switch (reply.status()) {
                case 429, 503 -> ErrorCode.ENGINE_BUSY;
                case 502, 504 -> ErrorCode.ENGINE_UNREACHABLE;
                default -> reply.status() >= 500 ? ErrorCode.ENGINE_FAILED : ErrorCode.ENGINE_REFUSED;
            };
            return EngineFailure.of(
                    code, connectName() + " answered with status " + reply.status() + ".", reply.text());
        }

        private String connectName() {
            return "The service of " + file().engine();
        }
    }
}
