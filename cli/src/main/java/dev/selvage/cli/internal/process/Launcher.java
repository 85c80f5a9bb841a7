package dev.selvage.cli.internal.process;

import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import dev.selvage.network.process.Children;
import dev.selvage.network.process.LogFile;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Starts processes that outlive the command: in a session of their own where the system has {@code setsid}, with their output in a log file,
 * with an environment of few variables, and with flags by which many JVMs fit on a laptop (serial collector, first compiler, class-data
 * archive).
 */
public final class Launcher {
    private static final int TAIL_BYTES = 2048;

    private final ProcessBook book;
    private final Path logs;
    private final Path data;
    private final ClassArchives archives;
    private boolean stopped;

    /**
     * @param data the data folder; it stands in the command line of every process, by which people tell them apart
     */
    public Launcher(ProcessBook book, Path logs, Path data, ClassArchives archives) {
        this.book = book;
        this.logs = logs;
        this.data = data;
        this.archives = archives;
    }

    /** The log of a process. */
    public Path log(String name) {
        return logs.resolve(name + ".log");
    }

    /** Starts a program and remembers it. */
    public Process start(JavaProgram program) {
        return start(
                program.name(),
                program.kind(),
                Children.ownSession(javaCommand(program)),
                program.environment(),
                program.ports());
    }

    /** Starts nothing from here on; a start that is under way is finished and in the book when this returns. */
    public synchronized void stopStarting() {
        stopped = true;
    }

    private synchronized Process start(
            String name,
            ProcessRecord.Kind kind,
            List<String> command,
            Map<String, String> environment,
            List<Integer> ports) {
        if (stopped) {
            throw new SelvageException(ErrorCode.INTERRUPTED, name + " is not started any more.");
        }
        try {
            Files.createDirectories(logs);
            LogFile.rotate(log(name));
            var builder = new ProcessBuilder(command)
                    .directory(data.toFile())
                    .redirectInput(new File("/dev/null"))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log(name).toFile()));
            Children.setEnvironment(builder, environment);
            var process = builder.start();
            book.add(ProcessRecord.of(name, kind, process.toHandle(), ports));
            return process;
        } catch (IOException e) {
            throw new SelvageException(
                    ErrorCode.PROCESS_FAILED, name + " could not be started: " + e.getMessage() + ".", e);
        }
    }

    private List<String> javaCommand(JavaProgram program) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Dselvage.process=" + program.name());
        command.add("-Dselvage.data=" + data);
        command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto", "-XX:-UsePerfData"));
        command.addAll(List.of("-Xlog:disable", "-Xlog:all=error:stderr"));
        command.add("-Xmx" + program.memory() + "m");
        command.add("-Xss512k");
        command.add("-XX:+ExitOnOutOfMemoryError");
        if (Runtime.version().feature() >= 24) {
            command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
        }
        var classPath =
                program.classPath().stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
        command.addAll(archives.flags(program.program(), program.name(), classPath));
        new TreeMap<>(program.properties()).forEach((key, value) -> command.add("-D" + key + "=" + value));
        command.add("-cp");
        command.add(classPath);
        command.add(program.mainClass());
        command.addAll(program.arguments());
        return command;
    }

    /**
     * The fault of a process that ended although it should run, with the last lines of its log; a code of the catalogue that stands there
     * is kept.
     */
    public SelvageException ended(String name) {
        var tail = LogFile.tail(log(name), TAIL_BYTES);
        var lines = tail.lines().filter(line -> !line.isBlank()).toList();
        for (String line : lines) {
            for (String word : line.split("[^A-Z_]+", -1)) {
                var code = ErrorCode.named(word).filter(known -> known != ErrorCode.INTERNAL);
                if (code.isPresent()) {
                    var sentence = line.substring(line.indexOf(word) + word.length());
                    return new SelvageException(code.get(), sentence.replaceFirst("^[^A-Za-z0-9\"/]+", ""));
                }
            }
        }
        var last = lines.isEmpty()
                ? "its log is empty"
                : "it last wrote: " + lines.get(lines.size() - 1).strip();
        return new SelvageException(
                ErrorCode.PROCESS_FAILED,
                String.format(Locale.ROOT, "%s ended at once; %s (log: %s).", name, last, log(name)));
    }
}
