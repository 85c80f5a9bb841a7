package dev.selvage.cli.it;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A network of its own on free ports, used as a person uses it: by the script, with real processes and wires. */
final class Network implements AutoCloseable {
    private static final int[] PORTS = {
        7050, 7051, 8051, 9051, 7061, 7062, 7071, 7072, 7073, 7081, 7082, 7091, 7092, 7093
    };
    /** Each JVM that tests run in has ports of its own, below those that the system gives out itself. */
    private static final int FIRST_SHIFT = 10_000 + (Integer.getInteger("tests.jvm", 1) - 1) % 2 * 7_500;

    private static final long PATIENCE_SECONDS = 120;

    /** Ends the network when the pipe to it closes before it was told that all is well: the tests were killed. */
    private static final String GUARD = """
            trap '' INT TERM HUP
            read -r word
            [ "$word" = done ] || exec "$@"
            """;

    final Path data;
    final int shift;
    private final Process guard;

    Network(Path folder) {
        this.data = folder.resolve("data");
        this.shift = freeShift();
        this.guard = guard();
    }

    private Process guard() {
        List<String> command = new ArrayList<>();
        if (Files.isExecutable(Path.of("/usr/bin/setsid"))) {
            command.add("/usr/bin/setsid");
        }
        command.addAll(List.of("/bin/sh", "-c", GUARD, "guard"));
        command.addAll(command("network", "down"));
        try {
            return builder(command)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What a command answered. */
    record Answer(int status, String out, String err) {
        String firstWord() {
            return err.isBlank() ? "" : err.strip().split("\\s", 2)[0];
        }

        /** The last line on stderr that begins with a code. */
        String fault() {
            return err.lines()
                    .filter(line -> line.matches("[A-Z][A-Z_]+ .*"))
                    .reduce((first, second) -> second)
                    .orElse("");
        }
    }

    static Path home() {
        return Path.of("..").toAbsolutePath().normalize();
    }

    /** Where nobody listens now. */
    static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static int freeShift() {
        var random = new Random();
        for (int tries = 0; tries < 200; tries++) {
            int shift = FIRST_SHIFT + random.nextInt(5_000);
            if (isFree(shift)) {
                return shift;
            }
        }
        throw new IllegalStateException("no free ports");
    }

    private static boolean isFree(int shift) {
        for (int port : PORTS) {
            try (var socket = new ServerSocket()) {
                socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port + shift));
            } catch (IOException taken) {
                return false;
            }
        }
        return true;
    }

    /** Runs a command to its end. */
    Answer run(String... arguments) {
        try {
            var process = start(arguments);
            var out = read(process.getInputStream());
            var err = read(process.getErrorStream());
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError(List.of(arguments) + " did not end:\n" + out.join() + err.join());
            }
            return new Answer(process.exitValue(), out.join(), err.join());
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** Starts a command. */
    Process start(String... arguments) throws IOException {
        return builder(command(arguments)).start();
    }

    private List<String> command(String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(home().resolve("selvage").toString());
        command.addAll(List.of(arguments));
        command.addAll(List.of("--data", data.toString()));
        return command;
    }

    private ProcessBuilder builder(List<String> command) throws IOException {
        var builder = new ProcessBuilder(command)
                .directory(Files.createDirectories(data.getParent()).toFile());
        builder.environment().put("SELVAGE_NO_BUILD", "1");
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().remove("SELVAGE_PROFILE");
        return builder;
    }

    private static CompletableFuture<String> read(InputStream in) {
        return CompletableFuture.supplyAsync(() -> {
            try (in) {
                return new String(in.readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException e) {
                return "";
            }
        });
    }

    /** The processes that were started for this network and still run. */
    List<ProcessHandle> processes() {
        return marked("-Dselvage.data=" + data);
    }

    /** The process of that name. */
    ProcessHandle process(String name) {
        var named = marked("-Dselvage.process=" + name);
        return processes().stream()
                .filter(named::contains)
                .findFirst()
                .orElseThrow(() -> new AssertionError(name + " does not run"));
    }

    private static List<ProcessHandle> marked(String mark) {
        return ProcessHandle.allProcesses()
                .filter(ProcessHandle::isAlive)
                .filter(process -> commandLine(process).contains(mark))
                .toList();
    }

    /** In full: the platform's own call leaves long ones out. */
    private static List<String> commandLine(ProcessHandle process) {
        var file = Path.of("/proc", Long.toString(process.pid()), "cmdline");
        try {
            return Files.exists(file)
                    ? List.of(
                            Files.readString(file, StandardCharsets.ISO_8859_1).split("\0"))
                    : List.of(process.info().arguments().orElse(new String[0]));
        } catch (IOException gone) {
            return List.of();
        }
    }

    @Override
    public void close() {
        run("network", "down");
        processes().forEach(ProcessHandle::destroyForcibly);
        processes()
                .forEach(process -> process.onExit()
                        .orTimeout(Duration.ofSeconds(10).toMillis(), TimeUnit.MILLISECONDS)
                        .join());
        try (var pipe = guard.getOutputStream()) {
            pipe.write("done\n".getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
