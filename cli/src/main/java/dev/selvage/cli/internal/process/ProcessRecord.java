package dev.selvage.cli.internal.process;

import dev.selvage.model.Names;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A process that was started here. The pid alone does not name a process, since pids are used again: with its start it does.
 *
 * @param name such as {@code ledger}, {@code chaincode-reference}, {@code node-EwrMSP-node1}
 * @param kind in which order it is stopped
 * @param pid of the process
 * @param started milliseconds since 1970 as the system tells it; 0 where the system does not tell
 * @param start the same by the kernel's own count, which no clock changes ({@link ProcessStart}); null where there is none
 * @param ports on which it listens
 */
public record ProcessRecord(String name, Kind kind, long pid, long started, String start, List<Integer> ports) {
    /** Start times are told in clock ticks. */
    private static final long TICK_MILLIS = 50;

    /** What a process is, in the order of stopping: first those that need the others. */
    public enum Kind {
        NODE,
        ENGINE,
        CHAINCODE,
        LEDGER
    }

    public ProcessRecord {
        Names.component("The process", name);
        ports = ports == null ? List.of() : List.copyOf(ports);
    }

    /** The record of a process that was started just now. */
    public static ProcessRecord of(String name, Kind kind, ProcessHandle handle, List<Integer> ports) {
        return new ProcessRecord(
                name,
                kind,
                handle.pid(),
                startOf(handle),
                ProcessStart.of(handle.pid()).orElse(null),
                ports);
    }

    /** The process itself, if it still runs. */
    public Optional<ProcessHandle> process() {
        return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).filter(this::isSame);
    }

    private boolean isSame(ProcessHandle handle) {
        if (start != null) {
            return ProcessStart.of(pid).filter(start::equals).isPresent();
        }
        long now = startOf(handle);
        return started == 0 || now == 0 || Math.abs(now - started) <= TICK_MILLIS;
    }

    private static long startOf(ProcessHandle handle) {
        return handle.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
    }
}
