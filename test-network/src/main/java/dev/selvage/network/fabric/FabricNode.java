package dev.selvage.network.fabric;

import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import dev.selvage.network.org.HostPort;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/**
 * One orderer or peer process with its environment, log and health check. Its pid and start time are on disk, so that another process
 * finds it again; a pid that was given to somebody else since is told by the start time.
 */
final class FabricNode {
    private static final Duration START = Duration.ofSeconds(40);
    private static final Duration STOP = Duration.ofSeconds(20);
    /** Systems tell start times in clock ticks since they were started themselves. */
    private static final long TICK_MILLIS = 50;

    private static final int QUOTED_LINES = 5;
    private static final long LARGEST_LOG = 8L << 20;

    private final String name;
    private final List<String> command;
    private final Path folder;
    private final List<Integer> ports;
    private final List<HostPort> served;
    private final TlsProbe probe;
    private final NodeOperations operations;
    private final Map<String, String> environment;
    private final NativeFabric.Starts starts;

    /**
     * Describes a node; nothing is started.
     *
     * @param folder of the network
     * @param ports that it listens on, the last one for operations
     * @param served those of them that clients reach, by TLS
     * @param tlsRoots of its TLS certificate
     * @param starts is told of the process as soon as it is there
     */
    FabricNode(
            String name,
            List<String> command,
            Path folder,
            List<Integer> ports,
            List<Integer> served,
            Path tlsRoots,
            Map<String, String> environment,
            NativeFabric.Starts starts) {
        this.name = name;
        this.command = List.copyOf(command);
        this.folder = folder;
        this.ports = List.copyOf(ports);
        this.served = served.stream().map(FabricPlan::local).toList();
        this.probe = new TlsProbe(tlsRoots);
        this.operations = new NodeOperations(FabricPlan.local(ports.get(ports.size() - 1)));
        this.environment = new TreeMap<>(environment);
        this.starts = starts;
    }

    String name() {
        return name;
    }

    Path log() {
        return folder.resolve("logs").resolve(name + ".log");
    }

    /**
     * Makes sure that it can be started.
     *
     * @throws SelvageException PORT_TAKEN naming the ports that another process has
     */
    void requireFreePorts() {
        List<Integer> taken = running().isPresent()
                ? List.of()
                : ports.stream().filter(Ports::taken).toList();
        if (!taken.isEmpty()) {
            throw new SelvageException(
                    ErrorCode.PORT_TAKEN,
                    Map.of("ports", taken.toString()),
                    "Another program listens on 127.0.0.1:"
                            + taken.stream().map(String::valueOf).collect(Collectors.joining(", 127.0.0.1:"))
                            + ", wanted for " + name + ". Stop it, or move all ports with --port-shift N.");
        }
    }

    /** Starts the process unless it runs; {@link #awaitHealthy} says when it serves. */
    void start() {
        if (running().isPresent()) {
            return;
        }
        try {
            Files.createDirectories(log().getParent());
            Files.createDirectories(pid().getParent());
            limitLog();
            ProcessBuilder builder = new ProcessBuilder(Sessions.own(command))
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
            builder.environment().keySet().removeIf(key -> key.startsWith("CORE_") || key.startsWith("ORDERER_"));
            builder.environment().putAll(environment);
            Process process = builder.start();
            process.getOutputStream().close();
            Files.writeString(pid(), process.pid() + " " + started(process.toHandle()) + "\n");
            starts.started(name, process.toHandle(), ports);
        } catch (IOException e) {
            throw new SelvageException(ErrorCode.PROCESS_FAILED, "cannot start " + name + ": " + e.getMessage(), e);
        }
    }

    void awaitHealthy() {
        long until = System.nanoTime() + START.toNanos();
        while (System.nanoTime() < until) {
            if (running().isEmpty()) {
                throw new SelvageException(
                        ErrorCode.PROCESS_FAILED, name + " ended at once; its log ends: " + lastLines());
            }
            // operations are served before all else, and its ports may be bound by nobody but itself: no probing by
            // that
            if (operations.healthy() && served.stream().allMatch(probe::serves)) {
                return;
            }
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
        }
        throw new SelvageException(ErrorCode.PROCESS_FAILED, name + " is not healthy; its log ends: " + lastLines());
    }

    /** What it says of itself. */
    NodeOperations operations() {
        return operations;
    }

    /** The process, if it runs. */
    Optional<ProcessHandle> running() {
        try {
            String[] record = Files.readString(pid()).strip().split(" ", 2);
            long since = Long.parseLong(record[1]);
            return ProcessHandle.of(Long.parseLong(record[0]))
                    .filter(ProcessHandle::isAlive)
                    .filter(handle -> Math.abs(started(handle) - since) <= TICK_MILLIS);
        } catch (IOException | NumberFormatException | ArrayIndexOutOfBoundsException none) {
            return Optional.empty();
        }
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

    private void limitLog() throws IOException {
        if (Files.exists(log()) && Files.size(log()) > LARGEST_LOG) {
            Files.move(log(), log().resolveSibling(name + ".log.1"), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private Path pid() {
        return folder.resolve("pids").resolve(name);
    }

    private static long started(ProcessHandle handle) {
        return handle.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
    }

    private String lastLines() {
        try {
            List<String> lines = Files.readAllLines(log(), StandardCharsets.UTF_8);
            return String.join("\n", lines.subList(Math.max(0, lines.size() - QUOTED_LINES), lines.size()));
        } catch (IOException e) {
            return "(no log)";
        }
    }
}
