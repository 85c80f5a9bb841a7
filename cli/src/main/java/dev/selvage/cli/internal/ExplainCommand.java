package dev.selvage.cli.internal;

import dev.selvage.model.CanonicalJson;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import dev.selvage.model.Suggestion;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "explain", description = "Say what an error code means and what to do.")
final class ExplainCommand extends BaseCommand {
    @Parameters(
            arity = "0..1",
            paramLabel = "CODE",
            completionCandidates = Codes.class,
            description = "The first word of an error; without it, all codes are listed.")
    private String code;

    @Override
    int run(Session session) {
        if (code == null) {
            session.answer(
                    Arrays.stream(ErrorCode.values()).map(ExplainCommand::json).toList(), ExplainCommand::catalogue);
            return ExitStatus.DONE;
        }
        var name = code.toUpperCase(Locale.ROOT).replace('-', '_');
        var found = ErrorCode.named(name).orElseThrow(() -> unknown(name));
        session.answer(json(found), () -> text(found));
        return ExitStatus.DONE;
    }

    private static Object json(ErrorCode code) {
        return CanonicalJson.object()
                .put("code", code.name())
                .put("category", code.category().name())
                .put("retryable", code.retryable())
                .put("exitStatus", ExitStatus.of(code))
                .put("cause", code.cause())
                .put("nextStep", code.nextStep());
    }

    private static String text(ErrorCode code) {
        var turn = switch (code.category()) {
            case USER -> "the request, its files or its rights are not right";
            case INTERNAL -> "a defect of Selvage, or a state that should not exist";
            case RESOURCE -> "something is used up or not there yet";
            case EXTERNAL -> "another system failed or cannot be reached";
        };
        return String.join(
                "\n",
                code.name() + "  " + code.cause(),
                "  kind       " + code.category() + ": " + turn,
                "  repeating  " + (code.retryable() ? "can help" : "changes nothing"),
                "  exit       " + ExitStatus.of(code),
                "  next       " + code.nextStep());
    }

    private static String catalogue() {
        return Arrays.stream(ErrorCode.values())
                .map(code -> String.format("%-24s %s", code.name(), code.nextStep()))
                .collect(Collectors.joining("\n"));
    }

    private static SelvageException unknown(String name) {
        List<String> names = Arrays.stream(ErrorCode.values()).map(Enum::name).toList();
        var near = Suggestion.among(name, names);
        return new SelvageException(
                ErrorCode.USAGE,
                "No error has the code \"" + name + "\"" + (near.isEmpty() ? "." : near)
                        + " All of them: selvage explain.");
    }

    /** Completion. */
    static final class Codes implements Iterable<String> {
        @Override
        public java.util.Iterator<String> iterator() {
            return Arrays.stream(ErrorCode.values()).map(Enum::name).iterator();
        }
    }
}
