package dev.selvage.cli.internal.bench;

import dev.selvage.cli.internal.process.ProcessBook;
import dev.selvage.cli.internal.process.ProcessRecord;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** CPU time and memory of the network's processes and of this one, as {@code /proc} tells them; without it only CPU time. */
public final class ProcessUse {
    private static final String SELF = "client";

    private ProcessUse() {}

    /**
     * One process.
     *
     * @param cpuMillis since it started, or since the beginning of what is measured
     * @param memory resident bytes now; 0 where the system does not tell
     * @param peak the most there ever was
     */
    public record Use(String name, long cpuMillis, long memory, long peak) {}

    /** All of them, this process last. */
    public static List<Use> of(ProcessBook book) {
        List<Use> all = new ArrayList<>();
        for (ProcessRecord record : book.running()) {
            record.process().ifPresent(process -> all.add(use(record.name(), process)));
        }
        all.add(use(SELF, ProcessHandle.current()));
        return all;
    }

    /** The same processes with the CPU time that they have used since then; one that was started since has all of it. */
    public static List<Use> since(List<Use> before, List<Use> now) {
        Map<String, Long> then = new TreeMap<>();
        before.forEach(use -> then.put(use.name(), use.cpuMillis()));
        return now.stream()
                .map(use -> {
                    long used = use.cpuMillis() - then.getOrDefault(use.name(), 0L);
                    return new Use(use.name(), used < 0 ? use.cpuMillis() : used, use.memory(), use.peak());
                })
                .toList();
    }

    /** CPU milliseconds by kind of process: node, contract, bare, peer, orderer, ledger, client. */
    static Map<String, Long> cpuByKind(ProcessBook book) {
        Map<String, Long> millis = new TreeMap<>();
        of(book).forEach(use -> millis.merge(kind(use.name()), use.cpuMillis(), Long::sum));
        return millis;
    }

    private static String kind(String name) {
        if (name.startsWith("chaincode-")) {
            return name.startsWith("chaincode-bare-create") ? "bare" : "contract";
        }
        for (String kind : List.of("node", "peer", "orderer")) {
            if (name.startsWith(kind)) {
                return kind;
            }
        }
        return name;
    }

    private static Use use(String name, ProcessHandle process) {
        long cpu = process.info().totalCpuDuration().orElse(Duration.ZERO).toMillis();
        Map<String, Long> memory = memory(process.pid());
        return new Use(name, cpu, memory.getOrDefault("VmRSS", 0L), memory.getOrDefault("VmHWM", 0L));
    }

    private static Map<String, Long> memory(long pid) {
        Map<String, Long> found = new TreeMap<>();
        try {
            for (String line :
                    Files.readAllLines(Path.of("/proc", Long.toString(pid), "status"), StandardCharsets.ISO_8859_1)) {
                String[] words = line.split("[:\\s]+", -1);
                if (words.length > 2 && (words[0].equals("VmRSS") || words[0].equals("VmHWM"))) {
                    found.put(words[0], Long.parseLong(words[1]) * 1024);
                }
            }
        } catch (IOException | NumberFormatException notTold) {
            return Map.of();
        }
        return found;
    }
}
