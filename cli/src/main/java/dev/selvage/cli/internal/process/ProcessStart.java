package dev.selvage.cli.internal.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * When a process started, by Linux' count of clock ticks since the machine did, with the machine's start. A clock that is set, by a time
 * server or after a suspended virtual machine goes on, moves the start times that Java tells, but not these.
 */
final class ProcessStart {
    /** Of {@code /proc/PID/stat}, counted after the command's name, which may hold anything. */
    private static final int START_TICKS = 19;

    private ProcessStart() {}

    /** For example {@code 3f0c...-...:184467}; empty where the system does not tell, or no such process runs. */
    static Optional<String> of(long pid) {
        return of(Path.of("/proc"), pid);
    }

    /** @param proc the folder {@code /proc} */
    static Optional<String> of(Path proc, long pid) {
        try {
            var boot = text(proc.resolve("sys/kernel/random/boot_id")).strip();
            var stat = text(proc.resolve(Long.toString(pid)).resolve("stat"));
            var fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ", -1);
            return fields.length > START_TICKS ? Optional.of(boot + ":" + fields[START_TICKS]) : Optional.empty();
        } catch (IOException none) {
            return Optional.empty();
        }
    }

    private static String text(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.ISO_8859_1);
    }
}
