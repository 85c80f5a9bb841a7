package dev.selvage.cli.internal.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Class-data archives, by which JVMs of the same program start faster and share memory. The first run of a program notes which classes
 * it loads; from these notes the archive is made once it has ended, by a JVM of its own. Archives only save time: whatever goes wrong
 * with them is noted and otherwise of no consequence.
 */
public final class ClassArchives {
    private static final Logger LOG = LoggerFactory.getLogger(ClassArchives.class);
    private static final long PATIENCE_SECONDS = 120;

    private final Path folder;
    private final int javaVersion = Runtime.version().feature();

    /** @param folder of archives and notes; removed by a new build */
    public ClassArchives(Path folder) {
        this.folder = folder;
    }

    /**
     * The flags by which a program uses its archive, or notes what should be in it.
     *
     * @param program several processes may run the same
     * @param process this one
     */
    List<String> flags(String program, String process, String classPath) {
        var archive = archive(program);
        if (Files.exists(archive)) {
            boolean failed = archive.toFile().length() == 0;
            return failed ? List.of() : List.of("-XX:SharedArchiveFile=" + archive);
        }
        try {
            Files.createDirectories(notes(program));
            Files.writeString(notes(program).resolve("class-path"), classPath);
        } catch (IOException e) {
            LOG.debug("no notes for {}: {}", program, e.toString());
            return List.of();
        }
        return List.of("-XX:DumpLoadedClassList=" + notes(program).resolve(process + ".classes"));
    }

    /** Whether {@link #make} has something to do. */
    public boolean isDue() {
        return !due().isEmpty();
    }

    /** Makes the archives of all programs that have left notes and whose processes have ended. */
    public void make() {
        Map<String, Process> dumps = new LinkedHashMap<>();
        for (var program : due()) {
            try {
                dumps.put(program, start(program));
            } catch (IOException e) {
                LOG.debug("no archive for {}: {}", program, e.toString());
            }
        }
        try {
            for (var dump : dumps.entrySet()) {
                if (dump.getValue().waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                    publish(dump.getKey());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            dumps.values().forEach(Process::destroyForcibly);
        }
    }

    private List<String> due() {
        List<String> programs = new ArrayList<>();
        if (Files.isDirectory(folder)) {
            try (var found = Files.newDirectoryStream(folder, "*-" + javaVersion + ".notes")) {
                for (Path notes : found) {
                    var name = notes.getFileName().toString();
                    programs.add(name.substring(0, name.lastIndexOf('-')));
                }
            } catch (IOException e) {
                LOG.debug("no archives: {}", e.toString());
            }
        }
        programs.removeIf(program -> Files.exists(archive(program)));
        return programs;
    }

    private Process start(String program) throws IOException {
        Set<String> lines = new LinkedHashSet<>();
        try (var lists = Files.newDirectoryStream(notes(program), "*.classes")) {
            for (Path list : lists) {
                lines.addAll(Files.readAllLines(list, StandardCharsets.UTF_8));
            }
        }
        // notes of lambdas are left out: JDK 17 fails on those of classes that it cannot archive, such as signed ones
        lines.removeIf(line -> line.startsWith("@") || line.contains("$Proxy"));
        var all = notes(program).resolve("all");
        Files.write(all, lines);
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-Xshare:dump",
                        "-XX:SharedClassListFile=" + all,
                        "-XX:SharedArchiveFile=" + fresh(program),
                        "-cp",
                        Files.readString(notes(program).resolve("class-path")))
                .directory(notes(program).toFile())
                .redirectErrorStream(true)
                .redirectOutput(notes(program).resolve("dump.log").toFile())
                .start();
    }

    private void publish(String program) {
        try {
            if (Files.exists(fresh(program))) {
                Files.move(fresh(program), archive(program), StandardCopyOption.ATOMIC_MOVE);
            } else {
                Files.createFile(archive(program)); // empty: it failed and is not tried again
            }
        } catch (IOException e) {
            LOG.debug("no archive for {}: {}", program, e.toString());
        }
    }

    private Path archive(String program) {
        return folder.resolve(program + "-" + javaVersion + ".jsa");
    }

    private Path fresh(String program) {
        return notes(program).resolve("fresh.jsa");
    }

    private Path notes(String program) {
        return folder.resolve(program + "-" + javaVersion + ".notes");
    }
}
