package dev.selvage.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.selvage.model.CanonicalJson;
import dev.selvage.model.Digest;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.Operation;
import dev.selvage.model.Operation.Case;
import dev.selvage.model.Parameters;
import dev.selvage.model.SelvageException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Tries an engine, whatever it is made of: an operation's example cases, byte for byte, and how it behaves towards its host. {@code
 * selvage engine check} prints what this finds.
 */
public final class EngineConformance {
    private static final String UNKNOWN = "selvage.unknown/1";

    private final StandardEngine engine;
    private final Operation operation;
    private final Path directory;
    private final Duration patience;
    private final String task;
    private final List<Check> checks = new ArrayList<>();
    private int runs;

    /** What became of a check. */
    public enum Verdict {
        PASSED,
        FAILED,
        SKIPPED
    }

    /**
     * One thing that was tried.
     *
     * @param name what, for a person
     * @param code of a failure; CASE_FAILED where the bytes differ; empty otherwise
     * @param detail why it failed or was left out
     */
    public record Check(String name, Verdict verdict, String code, String detail) {}

    private EngineConformance(
            StandardEngine engine, Operation operation, Path directory, Duration patience, String task) {
        this.engine = engine;
        this.operation = operation;
        this.directory = directory;
        this.patience = patience;
        this.task = task;
    }

    /**
     * Tries an engine on an operation.
     *
     * @param directory an empty directory for the runs' files; left to the caller
     * @param patience how long one run may take before it counts as hanging
     * @return every check, in order
     */
    public static List<Check> check(StandardEngine engine, Operation operation, Path directory, Duration patience) {
        var stamp = Digest.of((System.nanoTime() + operation.operation()).getBytes(StandardCharsets.UTF_8));
        var kit = new EngineConformance(
                engine, operation, directory, patience, stamp.hex().substring(0, 32));
        try {
            kit.all();
        } catch (IOException e) {
            throw new SelvageException(ErrorCode.FILE_UNREADABLE, "Cannot write to " + directory + ".", e);
        }
        return List.copyOf(kit.checks);
    }

    private void all() throws IOException {
        EngineDescription description;
        try {
            description = engine.describe();
        } catch (SelvageException e) {
            add("describes itself", Verdict.FAILED, e.code().name(), e.sentence());
            return;
        }
        boolean offers = description.offers(operation.operation(), operation.digest());
        add(
                "offers " + operation.operation(),
                offers ? Verdict.PASSED : Verdict.FAILED,
                offers ? "" : ErrorCode.NO_ENGINE.name(),
                offers ? "" : "it offers " + description.operations());
        if (!offers) {
            return;
        }
        for (Case example : operation.cases()) {
            example(example);
        }
        if (operation.cases().isEmpty()) {
            add("example cases", Verdict.SKIPPED, "", "the operation has none");
            return;
        }
        var first = operation.cases().get(0);
        repeats(first);
        if (description.deterministic()) {
            deterministic(first);
        }
        cancels(first);
        unknownOperation();
    }

    private void example(Case example) throws IOException {
        var name = "case " + example.name();
        var outcome = await(engine.run(request(operation, example, nextKey()), EngineListener.NONE));
        if (outcome instanceof EngineOutcome.Failed failed) {
            fail(name, failed);
            return;
        }
        var problem = difference(example, (EngineOutcome.Succeeded) outcome);
        add(
                name,
                problem.isEmpty() ? Verdict.PASSED : Verdict.FAILED,
                problem.isEmpty() ? "" : ErrorCode.CASE_FAILED.name(),
                problem);
    }

    private void repeats(Case example) throws IOException {
        var key = nextKey();
        var request = request(operation, example, key);
        var first = await(engine.run(request, EngineListener.NONE));
        var second = await(engine.run(request, EngineListener.NONE));
        if (first instanceof EngineOutcome.Succeeded one && second instanceof EngineOutcome.Succeeded two) {
            boolean same = Arrays.deepEquals(contents(one), contents(two));
            add(
                    "the same key twice is the same run",
                    same ? Verdict.PASSED : Verdict.FAILED,
                    same ? "" : ErrorCode.CASE_FAILED.name(),
                    same ? "" : "the bytes differ");
        } else {
            fail("the same key twice is the same run", first instanceof EngineOutcome.Failed ? first : second);
        }
        ObjectNode other = CanonicalJson.object();
        other.put("another", "request");
        var reused = new EngineRequest(
                key, operation, CanonicalJson.text(other), request.inputs(), request.limits(), request.directory(), "");
        expect(
                "the same key with other content is refused",
                ErrorCode.KEY_REUSED,
                await(engine.run(reused, EngineListener.NONE)));
    }

    private void deterministic(Case example) throws IOException {
        var one = await(engine.run(request(operation, example, nextKey()), EngineListener.NONE));
        var two = await(engine.run(request(operation, example, nextKey()), EngineListener.NONE));
        boolean same = one instanceof EngineOutcome.Succeeded a
                && two instanceof EngineOutcome.Succeeded b
                && Arrays.deepEquals(contents(a), contents(b));
        add(
                "equal requests give equal bytes",
                same ? Verdict.PASSED : Verdict.FAILED,
                same ? "" : ErrorCode.CASE_FAILED.name(),
                same ? "" : "it says that it is deterministic, and is not");
    }

    private void cancels(Case example) throws IOException {
        var run = engine.run(request(operation, example, nextKey()), EngineListener.NONE);
        run.cancel("conformance check", Duration.ofMillis(100));
        var outcome = await(run);
        var failed = outcome instanceof EngineOutcome.Failed failure
                ? failure.failure().code()
                : "";
        boolean fine = failed.isEmpty() || failed.equals(ErrorCode.CANCELLED.name());
        add(
                "a cancelled run ends",
                fine ? Verdict.PASSED : Verdict.FAILED,
                fine ? "" : failed,
                fine ? "" : "expected CANCELLED, or an outcome that came first");
    }

    private void unknownOperation() throws IOException {
        var unknown = new Operation(
                Operation.FORMAT,
                UNKNOWN,
                "",
                Map.of(),
                Map.of(),
                Map.of("out", new Operation.OutputSpec("text/plain", null, null, null)),
                true,
                null,
                List.of());
        var empty = new Case("unknown", Map.of(), Map.of(), Map.of());
        var outcome = await(engine.run(request(unknown, empty, nextKey()), EngineListener.NONE));
        boolean refused = outcome instanceof EngineOutcome.Failed;
        add(
                "an operation that it does not offer is refused",
                refused ? Verdict.PASSED : Verdict.FAILED,
                refused ? "" : ErrorCode.CASE_FAILED.name(),
                refused ? "" : "it ran " + UNKNOWN);
    }

    private EngineRequest request(Operation of, Case example, RunKey key) throws IOException {
        var given = CanonicalJson.object();
        example.parameters().forEach(given::set);
        List<EngineInput> inputs = new ArrayList<>();
        example.inputs().forEach((name, elements) -> {
            var spec = of.inputs().get(name);
            var mediaType = spec == null || spec.mediaType() == null ? "application/octet-stream" : spec.mediaType();
            for (int i = 0; i < elements.size(); i++) {
                var bytes = elements.get(i).text().getBytes(StandardCharsets.UTF_8);
                var label = elements.get(i).label();
                var inline = EngineInput.inline(name, mediaType, bytes);
                inputs.add(new EngineInput(
                        name, label == null ? "" : label, i, mediaType, inline.digest(), bytes.length, inline.place()));
            }
        });
        var usual = RunLimits.usual();
        return new EngineRequest(
                key,
                of,
                CanonicalJson.text(Parameters.complete(of.parameters(), given)),
                inputs,
                new RunLimits(patience, usual.outputBytes(), 0, 0),
                Files.createDirectories(directory.resolve(key.hex32())).toAbsolutePath(),
                "");
    }

    private RunKey nextKey() {
        return new RunKey(task, "check", runs++, 1, "engine");
    }

    private EngineOutcome await(EngineRun run) {
        try {
            return run.outcome().get(patience.toMillis() * 2, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            run.cancel("it hangs", Duration.ZERO);
            return EngineOutcome.failed(EngineFailure.of(ErrorCode.ENGINE_TIMEOUT, "No outcome came."));
        } catch (ExecutionException e) {
            return EngineOutcome.failed(EngineFailure.of(ErrorCode.INTERNAL, "The engine broke.", e.toString()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SelvageException(ErrorCode.INTERRUPTED, "The check was interrupted.", e);
        }
    }

    private static String difference(Case example, EngineOutcome.Succeeded outcome) throws IOException {
        for (var output : outcome.outputs()) {
            var expected = example.outputs().get(output.name());
            var actual = content(output);
            if (expected != null && !Arrays.equals(expected.getBytes(StandardCharsets.UTF_8), actual)) {
                return firstDifference(output.name(), expected, new String(actual, StandardCharsets.UTF_8));
            }
        }
        return "";
    }

    private static String firstDifference(String output, String expected, String actual) {
        var want = expected.split("\n", -1);
        var have = actual.split("\n", -1);
        int line = 0;
        while (line < want.length && line < have.length && want[line].equals(have[line])) {
            line++;
        }
        return output + ", line " + (line + 1) + ": expected " + quote(want, line) + ", got " + quote(have, line);
    }

    private static String quote(String[] lines, int at) {
        if (at >= lines.length) {
            return "the end";
        }
        return "\"" + (lines[at].length() <= 120 ? lines[at] : lines[at].substring(0, 117) + "...") + "\"";
    }

    private static byte[][] contents(EngineOutcome.Succeeded outcome) throws IOException {
        var all = new byte[outcome.outputs().size()][];
        for (int i = 0; i < all.length; i++) {
            all[i] = content(outcome.outputs().get(i));
        }
        return all;
    }

    private static byte[] content(EngineOutput output) throws IOException {
        return output.content() instanceof EngineOutput.Bytes inline
                ? inline.bytes()
                : Files.readAllBytes(((EngineOutput.OnDisk) output.content()).path());
    }

    private void expect(String name, ErrorCode code, EngineOutcome outcome) {
        var got = outcome instanceof EngineOutcome.Failed failed
                ? failed.failure().code()
                : "an outcome";
        boolean fine = got.equals(code.name());
        add(name, fine ? Verdict.PASSED : Verdict.FAILED, fine ? "" : got, fine ? "" : "expected " + code);
    }

    private void fail(String name, EngineOutcome outcome) {
        var failure = ((EngineOutcome.Failed) outcome).failure();
        var detail = failure.detail().isEmpty() ? "" : " (" + failure.detail() + ")";
        add(name, Verdict.FAILED, failure.code(), failure.message() + detail);
    }

    private void add(String name, Verdict verdict, String code, String detail) {
        checks.add(new Check(name, verdict, code, detail));
    }
}
