package dev.selvage.cli.internal;

import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The root of the commands, with the options that all have. */
@Command(
        name = "selvage",
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        versionProvider = VersionCommand.Provider.class,
        description = {
            "Computations shared by the organisations of a Hyperledger Fabric channel, off the chain.",
            "First steps: selvage quickstart. What an error means: selvage explain CODE."
        },
        subcommands = {
            QuickstartCommand.class,
            NetworkCommand.class,
            NodeCommand.class,
            WorkflowCommand.class,
            TaskCommand.class,
            EngineCommand.class,
            DataCommand.class,
            BenchCommand.class,
            DoctorCommand.class,
            ExplainCommand.class,
            VersionCommand.class,
            CompletionCommand.class
        })
public final class SelvageCommand extends GroupCommand {
    @Option(
            names = "--output",
            scope = ScopeType.INHERIT,
            paramLabel = "FORMAT",
            defaultValue = "text",
            description = "How answers are written: ${COMPLETION-CANDIDATES} (default ${DEFAULT-VALUE}).")
    OutputFormat output;

    @Option(
            names = "--profile",
            scope = ScopeType.INHERIT,
            paramLabel = "FILE",
            description = "Who you are and which ledger to talk to (default: what \"network up\" wrote).")
    Path profile;

    @Option(
            names = "--data",
            scope = ScopeType.INHERIT,
            paramLabel = "DIR",
            description = "Where the local network keeps its state (default: selvage-data beside the command).")
    Path data;

    @Option(
            names = {"-v", "--verbose"},
            scope = ScopeType.INHERIT,
            description = "Say more on stderr.")
    boolean verbose;

    private final Map<String, String> environment;

    private SelvageCommand(Map<String, String> environment) {
        this.environment = environment;
    }

    Map<String, String> environment() {
        return environment;
    }

    /** Runs a command line against the process's streams; the exit status is returned. */
    public static int execute(String[] args, Map<String, String> environment) {
        return execute(
                args,
                environment,
                new PrintWriter(System.out, false, StandardCharsets.UTF_8),
                new PrintWriter(System.err, true, StandardCharsets.UTF_8));
    }

    static int execute(String[] args, Map<String, String> environment, PrintWriter out, PrintWriter err) {
        var line = commandLine(environment).setOut(out).setErr(err);
        try {
            return line.execute(args);
        } finally {
            out.flush();
            err.flush();
        }
    }

    static CommandLine commandLine(Map<String, String> environment) {
        return new CommandLine(new SelvageCommand(environment))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpAutoWidth(true)
                .setAbbreviatedOptionsAllowed(false)
                .setParameterExceptionHandler(SelvageCommand::usage)
                .setExecutionExceptionHandler(SelvageCommand::fault);
    }

    private static int usage(CommandLine.ParameterException e, String[] args) {
        var line = e.getCommandLine();
        var err = line.getErr();
        var message = e.getMessage().strip();
        err.println(ErrorCode.USAGE + " " + message + (message.endsWith(".") ? "" : ".") + " See: "
                + line.getCommandSpec().qualifiedName() + " --help");
        if (e instanceof CommandLine.UnmatchedArgumentException unmatched) {
            CommandLine.UnmatchedArgumentException.printSuggestions(unmatched, err);
        }
        return ExitStatus.BAD_INPUT;
    }

    private static int fault(Exception e, CommandLine line, CommandLine.ParseResult parsed) {
        var verbose = ((SelvageCommand) line.getCommandSpec().root().userObject()).verbose;
        var err = line.getErr();
        if (e instanceof SelvageException fault) {
            err.println(FaultText.of(fault));
            if (verbose) {
                fault.printStackTrace(err);
            }
            return ExitStatus.of(fault.code());
        }
        if (e instanceof InterruptedException) {
            err.println(ErrorCode.INTERRUPTED + " Stopped.");
            return ExitStatus.INTERRUPTED;
        }
        err.println(ErrorCode.INTERNAL + " " + e + ". " + ErrorCode.INTERNAL.nextStep());
        e.printStackTrace(err);
        return ExitStatus.INTERNAL;
    }
}
