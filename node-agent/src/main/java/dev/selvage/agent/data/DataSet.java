package dev.selvage.agent.data;

import dev.selvage.model.Digest;
import dev.selvage.model.Names;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Objects;

/**
 * A data set of this node.
 *
 * @param name by which workflows name it
 * @param mediaType such as {@code text/csv}
 */
public record DataSet(String name, String mediaType, Source source, Instant added) {
    public DataSet {
        Names.component("The data set", name);
        Objects.requireNonNull(mediaType);
        Objects.requireNonNull(source);
        Objects.requireNonNull(added);
    }

    /** Where its bytes are. */
    public sealed interface Source {
        /** What a trace calls this state of the data: a digest, or a count of rows with a version. */
        String version();
    }

    /** A copy in the content store. */
    public record Copied(Digest digest, long size) implements Source {
        @Override
        public String version() {
            return digest.hex();
        }
    }

    /**
     * A file that stays where it is and must not change.
     *
     * @param modifiedMs its time of modification when it was added, in milliseconds since 1970 UTC
     */
    public record Referenced(Path path, Digest digest, long size, long modifiedMs) implements Source {
        @Override
        public String version() {
            return digest.hex();
        }
    }

    /**
     * A table that never leaves its engine.
     *
     * @param engineVersion what the engine told when it was added; may be empty
     */
    public record Table(String engine, String table, long rows, String engineVersion) implements Source {
        @Override
        public String version() {
            return rows + " rows" + (engineVersion.isEmpty() ? "" : ", " + engineVersion);
        }
    }
}
