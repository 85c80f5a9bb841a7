package dev.selvage.engine;

import java.nio.file.Path;
import java.util.Objects;

/** Where the bytes of an input are when the engine is called. The host has verified their digest already. */
public sealed interface InputPlace {
    /** In the request itself. The array is not copied: neither side changes it. */
    @SuppressWarnings("ArrayRecordComponent")
    record Inline(byte[] bytes) implements InputPlace {
        public Inline {
            Objects.requireNonNull(bytes);
        }
    }

    /** In a file of this machine that the engine may read and must not change. */
    record OnDisk(Path path) implements InputPlace {
        public OnDisk {
            if (!path.isAbsolute()) {
                throw new IllegalArgumentException(path + " is not absolute");
            }
        }
    }

    /**
     * A table that never leaves its engine.
     *
     * @param engine the engine that holds it
     * @param table its name there, as the node's data catalogue gives it; may have a schema before a dot
     * @param version what the catalogue recorded, such as a row count or a digest
     */
    record Resident(String engine, String table, String version) implements InputPlace {
        public Resident {
            Objects.requireNonNull(engine);
            Objects.requireNonNull(table);
            Objects.requireNonNull(version);
        }
    }

    /** A one-time address, bound to the input's digest. */
    record Link(String url) implements InputPlace {
        public Link {
            Objects.requireNonNull(url);
        }
    }
}
