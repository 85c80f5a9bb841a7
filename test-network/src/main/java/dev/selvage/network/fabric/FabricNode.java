package dev.selvage.network.fabric;

import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import dev.selvage.network.process.Children;
import dev.selvage.network.process.LogFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/** One orderer or peer process with its environment, log and health check. */
final class FabricNode {
    private static final Duration START = Duration.ofSeconds(40);
    private static final Duration STOP = Duration.ofSeconds(20);
    private static final int QUOTED_LINES = 5;
    private static final int QUOTED_BYTES = 4096;

    /**
     * What a node is.
     *
     * @param command that starts it
     * @param ports that it listens on, the last one for operations
     * @param served those of them that clients reach, by TLS
     * @param tlsRoots of its TLS certificate
     * @param environment by which it differs from others of its kind
     */
    record Description(
            String name,
            List<String> command,
            List<Integer> ports,
            List<Integer> served,
            Path tlsRoots,
            Map<String, String> environment) {}

    private final Description description;
    private final FabricPlan plan;
    private final NativeFabric.Processes processes;
    private final TlsProbe probe;
    private final NodeOperations operations;

    /** A node of a network; nothing is started. */
    FabricNode(Description description, FabricPlan plan, NativeFabric.Processes processes) {
        this.description = description;
        this.plan = plan;
        this.processes = processes;
        this.probe = new TlsProbe(description.tlsRoots());
        List<Integer> ports = description.ports();
        this.operations = new NodeOperations(FabricPlan.local(ports.get(ports.size() - 1)));
    }

    String name() {
        return description.name();
    }

    Path log() {
        return plan.logs().resolve(name() + ".log");
    }

    /** Starts the process unless it runs; {@link #awaitHealthy} says when it serves. */
    void start() {
        if (running().isPresent()) {
            return;
        }
        try {
            Files.createDirectories(plan.logs());
            LogFile.rotate(log());
            ProcessBuilder builder = new ProcessBuilder(Children.ownSession(description.command()))
                    .directory(plan.folder().toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
            Children.setEnvironment(builder, description.environment());
            Process process = builder.start();
            process.getOutputStream().close();
            processes.started(name(), process.toHandle(), description.ports());
        } catch (IOException e) {
            throw new SelvageException(ErrorCode.PROCESS_FAILED, "cannot start " + name() + ": " + e.getMessage(), e);
        }
    }

    void awaitHealthy() {
        long until = System.nanoTime() + START.toNanos();
        while (System.nanoTime() < until) {
            if (running().isEmpty()) {
                throw new SelvageException(ErrorCode.PROCESS_FAILED, name() + " ended at once; " + lastLines());
            }
            // operations are served before all else, and its ports may be bound by nobody but itself: no probing by
            // that
            if (operations.healthy()
                    && description.served().stream().map(FabricPlan::local).allMatch(probe::serves)) {
                return;
            }
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
        }
        throw new SelvageException(ErrorCode.PROCESS_FAILED, name() + " is not healthy; " + lastLines());
    }

    /** What it says of itself. */
    NodeOperations operations() {
        return operations;
    }

    /** The process, if it runs. */
    Optional<ProcessHandle> running() {
        return processes.running(name());
    }

    /** Asks it to end, and waits. */
    void stop() {
        running().ifPresent(handle -> end(handle, false));
    }

    /** Ends it with no chance to clean up, and waits. */
    void kill() {
        running().ifPresent(handle -> end(handle, true));
    }

    private void end(ProcessHandle handle, boolean forcibly) {
        if (forcibly) {
            handle.destroyForcibly();
        } else {
            handle.destroy();
        }
        try {
            handle.onExit().get(STOP.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            handle.destroyForcibly();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            handle.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private String lastLines() {
        List<String> lines = LogFile.tail(log(), QUOTED_BYTES)
                .lines()
                .filter(line -> !line.isBlank())
                .toList();
        return "its log " + log() + " ends: "
                + String.join("\n", lines.subList(Math.max(0, lines.size() - QUOTED_LINES), lines.size()));
    }
}
