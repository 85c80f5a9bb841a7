package dev.selvage.bridge;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.selvage.engine.EngineDescription;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An engine file that was read and found good: one engine.
 *
 * @param path the file
 * @param version of the engine, for one that does not tell it itself; empty where it is not said
 * @param config the engine's own constants, seen by expressions
 * @param operations how each operation is turned into the engine's own request and back
 */
record EngineFile(
        Path path,
        String engine,
        String version,
        boolean deterministic,
        Connect connect,
        ObjectNode config,
        Map<String, Mapping> operations,
        FileLimits limits) {
    EngineFile {
        operations = Map.copyOf(operations);
    }

    /** How the engine is reached. */
    sealed interface Connect {}

    /**
     * A child process.
     *
     * @param oneShot a process a run, instead of a worker for many
     * @param hello how long a worker may take to say what it is
     * @param idle after which a worker without work is ended
     */
    record StdioConnect(
            List<String> command,
            Path directory,
            boolean oneShot,
            Map<String, Value> environment,
            Duration hello,
            Duration idle)
            implements Connect {}

    /** A service; {@code url} has no slash at its end. */
    record HttpConnect(
            String url,
            Optional<Secret> certificates,
            Optional<Secret> bearer,
            Optional<Login> basic,
            Duration connectTimeout,
            Duration requestTimeout)
            implements Connect {}

    /** A database. */
    record JdbcConnect(
            String url,
            Optional<String> user,
            Optional<Secret> password,
            boolean readOnly,
            Map<String, Value> properties)
            implements Connect {}

    /** A class of ours or of a jar. */
    record JavaConnect(String type, Optional<Path> jar) implements Connect {}

    /** User and password. */
    record Login(String user, Secret password) {}

    /** A constant or a secret: one of both. */
    record Value(Optional<String> text, Optional<Secret> secret) {
        String reveal() {
            return text.orElseGet(() -> secret.orElseThrow().reveal());
        }
    }

    /** How an operation is carried out. */
    interface Mapping {}

    /** The engine speaks the envelopes itself: nothing to map. */
    record NativeMapping() implements Mapping {}

    /**
     * What the engine may use.
     *
     * @param rows of a table
     * @param response bytes of a reply
     */
    record FileLimits(int runs, Duration run, long rows, long output, long response, int cpusMilli, long memory) {
        static final FileLimits USUAL = new FileLimits(1, Duration.ofMinutes(10), 1_000_000, 64L << 20, 4L << 20, 0, 0);

        EngineDescription.Capacity capacity() {
            return new EngineDescription.Capacity(runs, run, output, cpusMilli, memory);
        }
    }
}
