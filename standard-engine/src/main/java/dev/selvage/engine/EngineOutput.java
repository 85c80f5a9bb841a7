package dev.selvage.engine;

import java.nio.file.Path;
import java.util.Objects;

/**
 * One output of a run. The host hashes the bytes itself.
 *
 * @param name as the operation declares it
 */
public record EngineOutput(String name, String mediaType, Content content) {
    public EngineOutput {
        Objects.requireNonNull(name);
        Objects.requireNonNull(mediaType);
        Objects.requireNonNull(content);
    }

    /** Where the bytes are. */
    public sealed interface Content {}

    /** At hand. The array is not copied: neither side changes it. */
    @SuppressWarnings("ArrayRecordComponent")
    public record Bytes(byte[] bytes) implements Content {}

    /** In a file of the run's directory, already checked to lie inside it. */
    public record OnDisk(Path path) implements Content {}

    public static EngineOutput of(String name, String mediaType, byte[] bytes) {
        return new EngineOutput(name, mediaType, new Bytes(bytes));
    }

    public static EngineOutput of(String name, String mediaType, Path file) {
        return new EngineOutput(name, mediaType, new OnDisk(file));
    }
}
