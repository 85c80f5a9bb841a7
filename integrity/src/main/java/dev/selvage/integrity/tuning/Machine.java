package dev.selvage.integrity.tuning;

import com.sun.management.OperatingSystemMXBean;
import dev.selvage.integrity.hash.CpuWay;
import dev.selvage.integrity.hash.gpu.Gpu;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The machine a measurement belongs to. On another one, or in a process that compiles its code in another way, it is not used.
 *
 * @param processor as the system names it
 * @param cores that this process may use
 * @param memory bytes
 * @param system operating system and architecture
 * @param java version and vendor of the platform
 * @param compiler which compilers of the platform this process uses
 * @param ways of hashing that work here
 * @param gpu name and driver of the device, or why there is none
 */
public record Machine(
        String processor,
        int cores,
        long memory,
        String system,
        String java,
        String compiler,
        List<String> ways,
        String gpu) {
    private static final Path PROCESSORS = Path.of("/proc/cpuinfo");
    private static final String FIRST_ONLY = "-XX:TieredStopAtLevel=1";

    public Machine {
        ways = List.copyOf(ways);
    }

    /** This machine. */
    public static Machine here(Gpu.Search search) {
        return new Machine(
                model(),
                Runtime.getRuntime().availableProcessors(),
                ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize(),
                System.getProperty("os.name") + " " + System.getProperty("os.arch"),
                System.getProperty("java.version") + " " + System.getProperty("java.vendor"),
                ManagementFactory.getRuntimeMXBean().getInputArguments().contains(FIRST_ONLY)
                        ? "first compiler only"
                        : "both compilers",
                CpuWay.available().stream().map(Enum::name).toList(),
                search.gpu()
                        .map(Gpu::description)
                        .map(gpu -> gpu.name() + ", driver for CUDA " + gpu.driver() / 1000 + "."
                                + gpu.driver() % 1000 / 10)
                        .orElse(search.absent()));
    }

    private static String model() {
        try (var lines = Files.lines(PROCESSORS, StandardCharsets.UTF_8)) {
            return lines.filter(line -> line.startsWith("model name"))
                    .findFirst()
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .orElse(System.getProperty("os.arch"));
        } catch (IOException e) {
            return System.getProperty("os.arch");
        }
    }

    /** One line for a person. */
    public String summary() {
        return processor + ", " + cores + (cores == 1 ? " core, " : " cores, ") + (memory >> 30) + " GiB, " + system
                + ", Java " + java + ", " + compiler + ", " + ways.stream().collect(Collectors.joining("/"));
    }
}
