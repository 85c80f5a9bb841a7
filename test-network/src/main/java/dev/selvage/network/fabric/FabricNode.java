package dev.selvage.network.fabric;

import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import dev.selvage.network.org.HostPort;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** One orderer or peer process with its environment, log and health check. */
final class FabricNode {
    private static final Duration START = Duration.ofSeconds(40);
    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(1)).build();

    private final String name;
    private final List<String> command;
    private final Path folder;
    private final HostPort operations;
    private final Map<String, String> environment;
    private Process process;

    FabricNode(String name, List<String> command, Path folder, HostPort operations, Map<String, String> environment) {
        this.name = name;
        this.command = List.copyOf(command);
        this.folder = folder;
        this.operations = operations;
        this.environment = new TreeMap<>(environment);
    }

    Path log() {
        return folder.resolve(name + ".log");
    }

    /** Starts the process; {@link #awaitHealthy} says when it serves. */
    void start() {
        try {
            Files.createDirectories(folder);
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
            builder.environment().keySet().removeIf(key -> key.startsWith("CORE_") || key.startsWith("ORDERER_"));
            builder.environment().putAll(environment);
            process = builder.start();
            process.getOutputStream().close();
        } catch (IOException e) {
            throw new SelvageException(ErrorCode.PROCESS_FAILED, "cannot start " + name + ": " + e.getMessage(), e);
        }
    }

    void awaitHealthy() {
        long until = System.nanoTime() + START.toNanos();
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + operations + "/healthz"))
                .timeout(Duration.ofSeconds(2))
                .build();
        while (System.nanoTime() < until) {
            if (!process.isAlive()) {
                throw new SelvageException(
                        ErrorCode.PROCESS_FAILED,
                        name + " ended with " + process.exitValue() + "; its log ends: " + lastLines());
            }
            try {
                if (HTTP.send(request, HttpResponse.BodyHandlers.ofString()).statusCode() == 200) {
                    return;
                }
            } catch (IOException notYet) {
                LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new SelvageException(ErrorCode.INTERRUPTED, "interrupted while " + name + " starts", e);
            }
        }
        throw new SelvageException(ErrorCode.PROCESS_FAILED, name + " is not healthy; its log ends: " + lastLines());
    }

    boolean alive() {
        return process != null && process.isAlive();
    }

    /** Asks it to end, and waits. */
    void stop() {
        end(false);
    }

    /** Ends it with no chance to clean up, and waits. */
    void kill() {
        end(true);
    }

    private void end(boolean forcibly) {
        if (process == null) {
            return;
        }
        if (forcibly) {
            process.destroyForcibly();
        } else {
            process.destroy();
        }
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private String lastLines() {
        try {
            List<String> lines = Files.readAllLines(log(), StandardCharsets.UTF_8);
            return String.join("\n", lines.subList(Math.max(0, lines.size() - 5), lines.size()));
        } catch (IOException e) {
            return "(no log)";
        }
    }
}
