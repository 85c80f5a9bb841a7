package dev.selvage.integrity.hash;

import dev.selvage.integrity.audit.FileKey;
import java.io.IOException;

/** Computes the hashes of a file's blocks, or the nodes above them. The results of all hashers are the same bytes. */
public interface Hasher {
    /** What does the work, for the record of the decision. */
    String name();

    /**
     * What the form asks of each block or node, 32 bytes each, one after another.
     *
     * @throws FileChangedException when the file changes meanwhile
     */
    byte[] hash(ByteSource source, HashLayout layout, HashForm form, Progress progress) throws IOException;

    /** The salted hash of each block. */
    default byte[] hash(StableFile file, HashLayout layout, FileKey key, Progress progress) throws IOException {
        return hash(file, layout, HashForm.salted(key), progress);
    }

    /** Told how far the work is; called by many threads. */
    @FunctionalInterface
    interface Progress {
        /** Nobody listens. */
        Progress NONE = bytes -> {};

        /** So many more bytes are hashed; less than zero where a device failed and its part is done anew. */
        void hashed(long bytes);
    }
}
