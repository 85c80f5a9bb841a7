package dev.selvage.cli.internal;

import dev.selvage.agent.control.ControlApi;
import dev.selvage.cli.internal.local.NodeLink;
import dev.selvage.cli.internal.local.ScratchFolder;
import dev.selvage.engine.EngineConformance;
import dev.selvage.engine.EngineDescription;
import dev.selvage.engine.EngineListener;
import dev.selvage.engine.EngineOutcome;
import dev.selvage.engine.EngineOutput;
import dev.selvage.engine.EngineRequest;
import dev.selvage.engine.EngineTrial;
import dev.selvage.engine.RunLimits;
import dev.selvage.engine.StandardEngine;
import dev.selvage.model.CanonicalJson;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.Operation;
import dev.selvage.model.SelvageException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

        EngineFiles files(Session session, Path scratch) {
            return new EngineFiles(file, operations, scratch, session.environment()::get);
        }
    }

    @Command(name = "check", description = "Run the example cases of an engine's operations, and try how it behaves.")
    static final class Check extends BaseCommand {
        /** A check whose failure speaks for itself. */
        private static final String DESCRIBES = "describes itself";

        @Mixin
        private Chosen chosen;

        @Override
        int run(Session session) {
            Map<String, List<EngineConformance.Check>> found;
            try (var scratch = ScratchFolder.make()) {
                var files = chosen.files(session, scratch.path());
                try (var engine = files.open()) {
                    found = all(session, files, engine, scratch.path());
                }
            }
            session.answer(found, () -> text(found));
            var fault = fault(found.values().stream().flatMap(List::stream).toList());
            fault.ifPresent(no -> session.progress(FaultText.of(no)));
            return fault.isEmpty() ? ExitStatus.DONE : ExitStatus.CHECK_SAID_NO;
        }

        /** The checks by operation; one that is of no operation stands under "". */
        private Map<String, List<EngineConformance.Check>> all(
                Session session, EngineFiles files, StandardEngine engine, Path scratch) {
            EngineDescription description;
            try {
                description = engine.describe();
            } catch (SelvageException e) {
                return Map.of(
                        "",
                        List.of(new EngineConformance.Check(
                                DESCRIBES,
                                EngineConformance.Verdict.FAILED,
                                e.code().name(),
                                e.sentence())));
            }
            Map<String, List<EngineConformance.Check>> found = new LinkedHashMap<>();
            for (var offer : description.operations()) {
                session.detail("checking " + offer.operation());
                found.put(offer.operation(), check(files, engine, offer.operation(), scratch));
            }
            return found;
        }

        /** What a check that is not content says: the first failure, or that there was nothing to try. */
        private static Optional<SelvageException> fault(List<EngineConformance.Check> checks) {
            if (checks.stream().allMatch(check -> check.verdict() == EngineConformance.Verdict.SKIPPED)) {
                return Optional.of(
                        new SelvageException(
                                ErrorCode.CHECK_FAILED,
                                "Nothing was checked: no file of the engine's operations is near; name it with --operation FILE."));
            }
            var failed = checks.stream()
                    .filter(check -> check.verdict() == EngineConformance.Verdict.FAILED)
                    .toList();
            return failed.stream()
                    .findFirst()
                    .map(first -> new SelvageException(
                            ErrorCode.named(first.code()).orElse(ErrorCode.CHECK_FAILED),
                            (first.name().equals(DESCRIBES) ? "" : first.name() + ": ")
                                    + first.detail()
                                    + (failed.size() > 1 ? " (and " + (failed.size() - 1) + " more)" : "")));
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
                var files = chosen.files(session, scratch.path());
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
            Map<String, List<EngineTrial.Given>> given = new LinkedHashMap<>();
            for (String input : inputs) {
                int equals = input.indexOf('=');
                if (equals < 0) {
                    throw new SelvageException(ErrorCode.ARGUMENT_INVALID, input + ": an input is written NAME=FILE.");
                }
                var elements = given.computeIfAbsent(input.substring(0, equals), name -> new ArrayList<>());
                elements.add(new EngineTrial.GivenFile(
                        Integer.toString(elements.size()), Path.of(input.substring(equals + 1))));
            }
            return EngineTrial.request(
                    wanted,
                    Arguments.parse(wanted.parameters(), arguments),
                    given,
                    new RunLimits(chosen.patience, RunLimits.usual().outputBytes(), 0, 0),
                    Files.createDirectories(scratch.resolve("run")));
        }

        private static int answer(Session session, EngineOutcome outcome) throws IOException {
            if (outcome instanceof EngineOutcome.Failed failed) {
                var failure = failed.failure();
                var known = ErrorCode.named(failure.code());
                throw new SelvageException(
                        known.orElse(ErrorCode.ENGINE_FAILED),
                        (known.isPresent() ? "" : failure.code() + ": ")
                                + failure.message()
                                + (failure.detail().isEmpty() ? "" : " (" + failure.detail() + ")"));
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
