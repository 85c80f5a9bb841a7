package dev.selvage.cli.internal;

import dev.selvage.agent.control.ControlApi;
import dev.selvage.cli.internal.local.NodeLink;
import dev.selvage.cli.internal.local.ScratchFolder;
import dev.selvage.engine.EngineConformance;
import dev.selvage.engine.EngineInput;
import dev.selvage.engine.EngineListener;
import dev.selvage.engine.EngineOutcome;
import dev.selvage.engine.EngineOutput;
import dev.selvage.engine.EngineRequest;
import dev.selvage.engine.RunKey;
import dev.selvage.engine.RunLimits;
import dev.selvage.engine.StandardEngine;
import dev.selvage.model.CanonicalJson;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.Operation;
import dev.selvage.model.SelvageException;
import dev.selvage.model.Suggestion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "engine",
        description = "Engines: check an engine file, try an operation, see what a node has.",
        subcommands = {EngineCommand.Check.class, EngineCommand.Try.class, EngineCommand.ListAll.class})
final class EngineCommand extends GroupCommand {
    /** The engine file and the operations that it implements. */
    static final class Chosen {
        @Parameters(index = "0", paramLabel = "FILE", description = "The engine file.")
        private Path file;

        @Option(
                names = "--operation",
                paramLabel = "FILE",
                description =
                        "An operation file; repeat for several (default: those of a folder \"operations\" near the engine file).")
        private List<Path> operations = List.of();

        @Option(
                names = "--patience",
                paramLabel = "DURATION",
                converter = Times.Converter.class,
                defaultValue = "30s",
                description = "How long one run may take (default 30s).")
        private Duration patience;

        EngineFiles files(Path scratch) {
            return new EngineFiles(file, operations, scratch);
        }
    }

    @Command(name = "check", description = "Run the example cases of an engine's operations, and try how it behaves.")
    static final class Check extends BaseCommand {
        @Mixin
        private Chosen chosen;

        @Override
        int run(Session session) {
            Map<String, List<EngineConformance.Check>> found = new LinkedHashMap<>();
            try (var scratch = ScratchFolder.make()) {
                var files = chosen.files(scratch.path());
                try (var engine = files.open()) {
                    for (var offer : engine.describe().operations()) {
                        session.detail("checking " + offer.operation());
                        found.put(offer.operation(), check(files, engine, offer.operation(), scratch.path()));
                    }
                }
            }
            session.answer(found, () -> text(found));
            var failed = found.values().stream()
                    .flatMap(List::stream)
                    .filter(check -> check.verdict() == EngineConformance.Verdict.FAILED)
                    .toList();
            if (failed.isEmpty()) {
                return ExitStatus.DONE;
            }
            var first = failed.get(0);
            session.progress(FaultText.of(new SelvageException(
                    ErrorCode.named(first.code()).orElse(ErrorCode.CHECK_FAILED),
                    first.name() + ": " + first.detail()
                            + (failed.size() > 1 ? " (and " + (failed.size() - 1) + " more)" : ""))));
            return ExitStatus.CHECK_SAID_NO;
        }

        private List<EngineConformance.Check> check(
                EngineFiles files, StandardEngine engine, String operation, Path scratch) {
            if (!files.knows(operation)) {
                return List.of(new EngineConformance.Check(
                        "example cases", EngineConformance.Verdict.SKIPPED, "", "no file of this operation is near"));
            }
            return EngineConformance.check(engine, files.operation(operation), scratch, chosen.patience);
        }

        private static String text(Map<String, List<EngineConformance.Check>> found) {
            var table = new TextTable("OPERATION", "CHECK", "", "DETAIL");
            found.forEach((operation, checks) -> checks.forEach(check -> table.row(
                    operation,
                    check.name(),
                    switch (check.verdict()) {
                        case PASSED -> "ok";
                        case FAILED -> "FAILED";
                        case SKIPPED -> "skipped";
                    },
                    check.detail())));
            return table.toString();
        }
    }

    @Command(name = "try", description = "Run one operation with an engine, outside of any task.")
    static final class Try extends BaseCommand {
        @Mixin
        private Chosen chosen;

        @Parameters(index = "1", paramLabel = "OPERATION", description = "Such as flights.delays/1.")
        private String operation;

        @Option(names = "--arg", paramLabel = "NAME=VALUE", description = "A parameter; repeat for several.")
        private List<String> arguments = List.of();

        @Option(
                names = "--input",
                paramLabel = "NAME=FILE",
                description = "An input; repeat for several, or for the elements of a list in order.")
        private List<String> inputs = List.of();

        @Override
        int run(Session session) throws Exception {
            try (var scratch = ScratchFolder.make()) {
                var files = chosen.files(scratch.path());
                var wanted = files.operation(operation);
                try (var engine = files.open()) {
                    if (!engine.describe().offers(wanted.operation(), wanted.digest())) {
                        throw new SelvageException(
                                ErrorCode.NO_ENGINE, "The engine does not offer " + wanted.operation() + ".");
                    }
                    var run = engine.run(request(wanted, scratch.path()), EngineListener.NONE);
                    try {
                        return answer(session, run.outcome().get(chosen.patience.toMillis(), TimeUnit.MILLISECONDS));
                    } catch (TimeoutException e) {
                        run.cancel("the patience is over", Duration.ZERO);
                        throw new SelvageException(
                                ErrorCode.ENGINE_TIMEOUT, "No outcome within " + Times.whole(chosen.patience) + ".", e);
                    } catch (ExecutionException e) {
                        throw new SelvageException(ErrorCode.INTERNAL, "The engine broke: " + e.getCause(), e);
                    }
                }
            }
        }

        private EngineRequest request(Operation wanted, Path scratch) throws IOException {
            var params = dev.selvage.model.Parameters.complete(
                    wanted.parameters(), dev.selvage.cli.internal.Arguments.parse(wanted.parameters(), arguments));
            Map<String, Integer> counts = new LinkedHashMap<>();
            List<EngineInput> given = new ArrayList<>();
            for (String input : inputs) {
                int equals = input.indexOf('=');
                var name = equals < 0 ? input : input.substring(0, equals);
                var spec = wanted.inputs().get(name);
                if (equals < 0 || spec == null) {
                    var near = Suggestion.among(name, wanted.inputs().keySet());
                    throw new SelvageException(
                            ErrorCode.ARGUMENT_INVALID,
                            input + ": the inputs are " + wanted.inputs().keySet() + ", written NAME=FILE" + near);
                }
                var bytes = Files.readAllBytes(Path.of(input.substring(equals + 1)));
                int index = counts.merge(name, 1, Integer::sum) - 1;
                var type = spec.mediaType() == null ? "application/octet-stream" : spec.mediaType();
                var inline = EngineInput.inline(name, type, bytes);
                given.add(new EngineInput(
                        name, Integer.toString(index), index, type, inline.digest(), bytes.length, inline.place()));
            }
            return new EngineRequest(
                    new RunKey("0".repeat(32), "try", 0, 1, "engine"),
                    wanted,
                    CanonicalJson.text(params),
                    given,
                    new RunLimits(chosen.patience, RunLimits.usual().outputBytes(), 0, 0),
                    Files.createDirectories(scratch.resolve("run")),
                    "");
        }

        private static int answer(Session session, EngineOutcome outcome) throws IOException {
            if (outcome instanceof EngineOutcome.Failed failed) {
                var failure = failed.failure();
                if (!failure.detail().isEmpty()) {
                    session.progress(failure.detail());
                }
                throw new SelvageException(
                        ErrorCode.named(failure.code()).orElse(ErrorCode.ENGINE_FAILED),
                        ErrorCode.named(failure.code()).isPresent()
                                ? failure.message()
                                : failure.code() + ": " + failure.message());
            }
            var answer = CanonicalJson.object();
            var text = new StringBuilder();
            for (var output : ((EngineOutcome.Succeeded) outcome).outputs()) {
                var words = new String(bytes(output), StandardCharsets.UTF_8);
                answer.put(output.name(), words);
                text.append(words);
            }
            session.answer(answer, text::toString);
            return ExitStatus.DONE;
        }

        private static byte[] bytes(EngineOutput output) throws IOException {
            return output.content() instanceof EngineOutput.Bytes inline
                    ? inline.bytes()
                    : Files.readAllBytes(((EngineOutput.OnDisk) output.content()).path());
        }
    }

    @Command(name = "list", description = "List the engines of a node of this machine.")
    static final class ListAll extends BaseCommand {
        @Mixin
        private NodeCommand.NodeChoice choice;

        @Override
        int run(Session session) {
            var config = choice.config(session);
            try (var control = NodeLink.open(config, Nodes.owner(session, config))) {
                var engines = NodeCommand.engines(control, ControlApi.ENGINES);
                session.answer(engines, () -> NodeCommand.text(engines));
            }
            return ExitStatus.DONE;
        }
    }
}
