package dev.selvage.cli.internal.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * What a process takes from the machine.
 *
 * @param memory bytes resident; empty where the system does not tell
 * @param cpu time on processors since its start; zero where the system does not tell
 */
public record ProcessUse(OptionalLong memory, Duration cpu) {
    private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");
    private static final int LARGEST = 64;

    /** What the process takes now. */
    public static ProcessUse of(ProcessRecord record) {
        return new ProcessUse(
                memory(record.pid()),
                record.process()
                        .flatMap(process -> process.info().totalCpuDuration())
                        .orElse(Duration.ZERO));
    }

    private static OptionalLong memory(long pid) {
        var status = Path.of("/proc", Long.toString(pid), "status");
        try {
            if (Files.exists(status)) {
                var found = RESIDENT.matcher(Files.readString(status, StandardCharsets.ISO_8859_1));
                return found.find() ? kilobytes(found.group(1)) : OptionalLong.empty();
            }
            var ps = new ProcessBuilder("ps", "-o", "rss=", "-p", Long.toString(pid)).start();
            ps.getOutputStream().close();
            var answer = new String(ps.getInputStream().readNBytes(LARGEST), StandardCharsets.US_ASCII).strip();
            boolean ended = ps.waitFor(2, TimeUnit.SECONDS);
            return ended && answer.matches("\\d{1,15}") ? kilobytes(answer) : OptionalLong.empty();
        } catch (IOException gone) {
            return OptionalLong.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return OptionalLong.empty();
        }
    }

    private static OptionalLong kilobytes(String number) {
        return OptionalLong.of(Long.parseLong(number) * 1024);
    }
}
