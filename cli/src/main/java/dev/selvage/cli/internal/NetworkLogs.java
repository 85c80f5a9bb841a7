package dev.selvage.cli.internal;

import dev.selvage.cli.internal.process.LogTail;
import dev.selvage.model.CanonicalJson;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "logs", description = "Show what the processes of the network wrote.")
final class NetworkLogs extends BaseCommand {
    private static final String ENDING = ".log";
    private static final long PAUSE_MILLIS = 250;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "NAME",
            description = "Of this process, as \"network status\" calls it (default: all of them).")
    private String name;

    @Option(
            names = {"-f", "--follow"},
            description = "Go on with what is written from now on, until Ctrl-C.")
    private boolean follow;

    @Option(
            names = "--lines",
            paramLabel = "N",
            description = "Begin with the last N lines of each (default 50 of one, 5 of all).")
    private Integer lines;

    @Override
    int run(Session session) throws IOException, InterruptedException {
        var logs = logs(session);
        Map<String, LogTail> tails = new TreeMap<>();
        int last = lines == null ? (name == null ? 5 : 50) : lines;
        for (var log : logs.entrySet()) {
            tails.put(log.getKey(), LogTail.open(log.getValue(), last));
        }
        do {
            for (var tail : tails.entrySet()) {
                for (var line : tail.getValue().next()) {
                    say(session, tail.getKey(), line);
                }
            }
            if (follow) {
                Thread.sleep(PAUSE_MILLIS);
            }
        } while (follow);
        return ExitStatus.DONE;
    }

    private void say(Session session, String process, String line) {
        session.line(
                CanonicalJson.object().put("process", process).put("line", line),
                () -> name == null ? process + ": " + line : line);
    }

    private Map<String, Path> logs(Session session) throws IOException {
        Map<String, Path> logs = new TreeMap<>();
        for (var folder : new Path[] {session.data().logs(), session.data().fabricLogs()}) {
            if (Files.isDirectory(folder)) {
                try (var files = Files.newDirectoryStream(folder, "*" + ENDING)) {
                    for (var file : files) {
                        var process = file.getFileName().toString();
                        logs.put(process.substring(0, process.length() - ENDING.length()), file);
                    }
                }
            }
        }
        if (name == null) {
            return logs;
        }
        if (!logs.containsKey(name)) {
            throw new SelvageException(
                    ErrorCode.USAGE,
                    "No process \"" + name + "\" has a log here"
                            + (logs.isEmpty() ? "." : ", only " + logs.keySet() + "."));
        }
        return Map.of(name, logs.get(name));
    }
}
