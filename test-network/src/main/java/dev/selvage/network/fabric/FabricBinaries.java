package dev.selvage.network.fabric;

import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import dev.selvage.network.process.ToolRun;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Fabric's executables as its own installer lays them out. */
public final class FabricBinaries {
    private static final List<String> NEEDED = List.of("peer", "orderer", "configtxgen", "osnadmin");
    /** Those that say their version, and how they are asked; osnadmin has no way to say it. */
    private static final Map<String, String> VERSIONED =
            Map.of("peer", "version", "orderer", "version", "configtxgen", "--version");

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Pattern VERSION = Pattern.compile("Version: v?(\\d+)\\.(\\d+)\\.(\\S+)");
    private static final String HOW =
            " Get Fabric's binaries by its own installer: ./install-fabric.sh --fabric-version 3.1.5 binary"
                    + " (https://hyperledger-fabric.readthedocs.io/en/latest/install.html), then give the folder"
                    + " fabric-samples/bin, or PATH for the ones on the PATH.";

    private final Path folder;
    private final String version;

    private FabricBinaries(Path folder, String version) {
        this.folder = folder;
        this.version = version;
    }

    /**
     * Finds them in a folder, or in its {@code bin}; {@code PATH} stands for the ones on the PATH.
     *
     * @throws SelvageException TOOL_MISSING naming what is missing or has the wrong version
     */
    public static FabricBinaries in(Path directory) {
        return in(directory, LIMIT);
    }

    /** @param limit within which each program says its version */
    static FabricBinaries in(Path directory, Duration limit) {
        if (String.valueOf(directory.getFileName()).equals("PATH") && !Files.exists(directory)) {
            return onPath().orElseThrow(() -> missing("No folder of the PATH has \"peer\"."));
        }
        for (Path candidate : List.of(directory.resolve("bin"), directory)) {
            if (Files.isExecutable(candidate.resolve("peer"))) {
                return checked(candidate.toAbsolutePath().normalize(), limit);
            }
        }
        throw missing("No Fabric in " + directory + ": \"peer\" is neither there nor in its bin folder.");
    }

    /** Finds them on the PATH; empty when there is no {@code peer}. */
    public static Optional<FabricBinaries> onPath() {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        for (String entry : path.split(File.pathSeparator, -1)) {
            if (!entry.isEmpty() && Files.isExecutable(Path.of(entry, "peer"))) {
                return Optional.of(checked(Path.of(entry).toAbsolutePath().normalize(), LIMIT));
            }
        }
        return Optional.empty();
    }

    /** For example {@code 3.1.5}. */
    public String version() {
        return version;
    }

    /**
     * Makes sure that they can order blocks in that way.
     *
     * @throws SelvageException TOOL_MISSING
     */
    public void require(FabricPlan.Profile profile) {
        if (profile == FabricPlan.Profile.BFT && !version.startsWith("3.")) {
            throw missing("BFT orderers need Fabric 3, and " + folder + " has " + version + ".");
        }
    }

    /** Where they are, absolute. */
    public Path folder() {
        return folder;
    }

    Path command(String name) {
        return folder.resolve(name);
    }

    private static FabricBinaries checked(Path folder, Duration limit) {
        List<String> missing = NEEDED.stream()
                .filter(name -> !Files.isExecutable(folder.resolve(name)))
                .toList();
        if (!missing.isEmpty()) {
            throw missing(folder + " lacks Fabric's " + String.join(", ", missing) + ".");
        }
        var versions = new TreeMap<String, String>();
        VERSIONED.forEach((name, word) -> versions.put(name, version(folder.resolve(name), word, limit)));
        if (new TreeSet<>(versions.values()).size() > 1) {
            throw missing(folder + " mixes versions of Fabric: " + versions + ".");
        }
        return new FabricBinaries(folder, versions.firstEntry().getValue());
    }

    private static SelvageException missing(String what) {
        return new SelvageException(ErrorCode.TOOL_MISSING, what + HOW);
    }

    private static String version(Path program, String word, Duration limit) {
        Matcher matcher = VERSION.matcher(versionOf(program, word, limit));
        if (!matcher.find()) {
            throw missing(program + " does not tell its version.");
        }
        int major = Integer.parseInt(matcher.group(1));
        int minor = Integer.parseInt(matcher.group(2));
        String version = major + "." + minor + "." + matcher.group(3);
        if (major < 2 || major > 3 || (major == 2 && minor < 5)) {
            throw missing(program + " is of Fabric " + version + "; 2.5 or 3.x is needed.");
        }
        return version;
    }

    private static String versionOf(Path program, String word, Duration limit) {
        try {
            Path answer = Files.createTempFile("selvage-version", ".txt");
            try {
                ToolRun run = ToolRun.of(List.of(program.toString(), word), Map.of(), answer, limit);
                if (!run.ended()) {
                    throw missing(program + " " + word + " did not end in " + limit.toSeconds() + " s.");
                }
                return run.text();
            } finally {
                Files.deleteIfExists(answer);
            }
        } catch (IOException e) {
            throw new SelvageException(
                    ErrorCode.TOOL_MISSING, program + " cannot be run: " + e.getMessage() + "." + HOW, e);
        }
    }
}
