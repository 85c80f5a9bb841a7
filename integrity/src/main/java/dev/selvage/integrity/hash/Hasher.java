package dev.selvage.integrity.hash;

import dev.selvage.integrity.audit.FileKey;
import java.io.IOException;

/** Computes the salted hashes of a file's blocks. The results of all hashers are the same bytes. */
public interface Hasher {
    /** What does the work, for the record of the decision. */
    String name();

    /**
     * The salted hash of each block, 32 bytes each, one after another.
     *
     * @throws FileChangedException when the file changes meanwhile
     */
    byte[] hash(StableFile file, HashLayout layout, FileKey key, Progress progress) throws IOException;

    /** Told how far the work is; called by many threads. */
    @FunctionalInterface
    interface Progress {
        /** Nobody listens. */
        Progress NONE = bytes -> {};

        /** So many more bytes are hashed. */
        void hashed(long bytes);
    }
}
