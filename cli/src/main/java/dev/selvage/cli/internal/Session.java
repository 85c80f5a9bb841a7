package dev.selvage.cli.internal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.selvage.cli.internal.local.DataFolder;
import dev.selvage.cli.internal.local.Distribution;
import dev.selvage.cli.internal.local.NetworkPorts;
import dev.selvage.formats.config.Profile;
import dev.selvage.formats.config.ProfileFile;
import dev.selvage.model.CanonicalJson;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What one run of a command has: where things are, and where answers and progress go. Answers go to stdout, in the form that was asked for;
 * everything else goes to stderr.
 */
final class Session {
    private static final ObjectMapper PRETTY = JsonMapper.builder().build();

    private final SelvageCommand options;
    private final PrintWriter out;
    private final PrintWriter err;
    private final Map<String, String> environment;
    private final boolean local;

    Session(SelvageCommand options, PrintWriter out, PrintWriter err, Map<String, String> environment) {
        this(options, out, err, environment, false);
    }

    private Session(
            SelvageCommand options, PrintWriter out, PrintWriter err, Map<String, String> environment, boolean local) {
        this.local = local;
        this.options = options;
        this.out = out;
        this.err = err;
        this.environment = environment;
    }

    /** The same for a user of the local network, whatever profile is named. */
    Session ofLocalNetwork() {
        return new Session(options, out, err, environment, true);
    }

    boolean json() {
        return options.output == OutputFormat.json;
    }

    boolean verbose() {
        return options.verbose;
    }

    Map<String, String> environment() {
        return environment;
    }

    /** The folder of {@code ./selvage}: the sources, the examples and, unless {@code --data} says otherwise, the state. */
    Path home() {
        return Path.of(System.getProperty("selvage.home", ".")).toAbsolutePath().normalize();
    }

    /** What the build has put together: the class paths of the processes. */
    Distribution distribution() {
        var set = System.getProperty("selvage.dist");
        return new Distribution(
                set == null
                        ? home().resolve("cli/target/selvage")
                        : Path.of(set).toAbsolutePath());
    }

    DataFolder data() {
        var folder = options.data == null ? home().resolve("selvage-data") : options.data;
        return new DataFolder(folder.toAbsolutePath().normalize());
    }

    /** What {@code --profile} says; null when it was not given. */
    String profileOption() {
        return options.profile == null ? null : options.profile.toString();
    }

    /** Whether the user said which profile. */
    boolean profileNamed() {
        return !local && (options.profile != null || environment.containsKey("SELVAGE_PROFILE"));
    }

    /** The file of {@code --profile}, else the one that {@code network up} writes. */
    Path profileFile() {
        var named = options.profile == null ? environment.get("SELVAGE_PROFILE") : options.profile.toString();
        return local || named == null || named.isEmpty()
                ? data().profile()
                : Path.of(named).toAbsolutePath().normalize();
    }

    /**
     * The user's profile.
     *
     * @throws SelvageException LEDGER_UNREACHABLE when none was named and no network was ever started here
     */
    Profile profile() {
        var file = profileFile();
        if (file.equals(data().profile()) && !Files.exists(file)) {
            throw new SelvageException(
                    ErrorCode.LEDGER_UNREACHABLE,
                    "No ledger answers at " + NetworkPorts.DEFAULT.peer(0) + " (profile \"local\").");
        }
        return ProfileFile.read(file, environment);
    }

    /** Gives the command's answer: a value for machines, or its text for people. */
    void answer(Object value, Supplier<String> text) {
        if (json()) {
            try {
                out.println(PRETTY.writerWithDefaultPrettyPrinter().writeValueAsString(CanonicalJson.tree(value)));
            } catch (JsonProcessingException e) {
                throw new IllegalStateException("an answer that is not JSON", e);
            }
        } else {
            var lines = text.get();
            if (!lines.isEmpty()) {
                out.println(lines.stripTrailing());
            }
        }
        out.flush();
    }

    /** A line of a long answer, where each line stands for itself: in JSON one value a line. */
    void line(Object value, Supplier<String> text) {
        out.println(json() ? CanonicalJson.text(value) : text.get());
        out.flush();
    }

    /** Tells a person what is going on. */
    void progress(String text) {
        err.println(text);
        err.flush();
    }

    /** As {@link #progress}, only with {@code -v}. */
    void detail(String text) {
        if (verbose()) {
            progress(text);
        }
    }

    PrintWriter out() {
        return out;
    }
}
