package dev.selvage.network.fabric;

import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Fabric's executables as its own installer lays them out. */
public final class FabricBinaries {
    private static final List<String> NEEDED = List.of("peer", "orderer", "configtxgen", "osnadmin");
    private static final Pattern VERSION = Pattern.compile("Version: v?(\\d+)\\.(\\d+)\\.(\\S+)");

    private final Path folder;
    private final String version;

    private FabricBinaries(Path folder, String version) {
        this.folder = folder;
        this.version = version;
    }

    /**
     * Finds them in a folder, or in its {@code bin}.
     *
     * @throws SelvageException TOOL_MISSING naming what is missing or has the wrong version
     */
    public static FabricBinaries in(Path directory) {
        for (Path candidate : List.of(directory.resolve("bin"), directory)) {
            if (Files.isExecutable(candidate.resolve("peer"))) {
                return checked(candidate.toAbsolutePath().normalize());
            }
        }
        throw new SelvageException(
                ErrorCode.TOOL_MISSING,
                "no Fabric in " + directory + ": \"peer\" is neither there nor in its bin folder");
    }

    /** Finds them on the PATH; empty when there is no {@code peer}. */
    public static Optional<FabricBinaries> onPath() {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        for (String entry : path.split(File.pathSeparator, -1)) {
            if (!entry.isEmpty() && Files.isExecutable(Path.of(entry, "peer"))) {
                return Optional.of(checked(Path.of(entry).toAbsolutePath().normalize()));
            }
        }
        return Optional.empty();
    }

    /** For example {@code 3.1.5}. */
    public String version() {
        return version;
    }

    Path command(String name) {
        return folder.resolve(name);
    }

    private static FabricBinaries checked(Path folder) {
        List<String> missing = NEEDED.stream()
                .filter(name -> !Files.isExecutable(folder.resolve(name)))
                .toList();
        if (!missing.isEmpty()) {
            throw new SelvageException(
                    ErrorCode.TOOL_MISSING, folder + " lacks Fabric's " + String.join(", ", missing));
        }
        String answer = versionOf(folder.resolve("peer"));
        Matcher matcher = VERSION.matcher(answer);
        if (!matcher.find()) {
            throw new SelvageException(ErrorCode.TOOL_MISSING, folder.resolve("peer") + " does not tell its version");
        }
        int major = Integer.parseInt(matcher.group(1));
        int minor = Integer.parseInt(matcher.group(2));
        String version = major + "." + minor + "." + matcher.group(3);
        if (major < 2 || major > 3 || (major == 2 && minor < 5)) {
            throw new SelvageException(
                    ErrorCode.TOOL_MISSING, folder + " has Fabric " + version + "; 2.5 or 3.x is needed");
        }
        return new FabricBinaries(folder, version);
    }

    private static String versionOf(Path peer) {
        try {
            Process process = new ProcessBuilder(peer.toString(), "version")
                    .redirectErrorStream(true)
                    .start();
            process.getOutputStream().close();
            String answer = new String(process.getInputStream().readNBytes(64 * 1024), StandardCharsets.UTF_8);
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
            return answer;
        } catch (IOException e) {
            throw new SelvageException(ErrorCode.TOOL_MISSING, peer + " cannot be run: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SelvageException(ErrorCode.INTERRUPTED, "interrupted", e);
        }
    }
}
