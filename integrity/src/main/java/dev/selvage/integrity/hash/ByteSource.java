package dev.selvage.integrity.hash;

import dev.selvage.integrity.audit.BlockSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Bytes to hash: a file, or bytes that are made while they are hashed. Safe for many threads. */
public interface ByteSource {
    /** How many bytes there are. */
    long length();

    /**
     * Fills the rest of a buffer; the buffer's position is then its limit.
     *
     * @throws FileChangedException when the bytes end before
     */
    void read(long position, ByteBuffer into) throws IOException;

    /**
     * The bytes where they lie in memory, without a copy; empty where that cannot be.
     *
     * @param count at most 1 GiB
     */
    default Optional<ByteBuffer> mapped(long position, int count) throws IOException {
        return Optional.empty();
    }

    /**
     * Checks that the bytes are still those that were there at the beginning.
     *
     * @throws FileChangedException otherwise
     */
    void requireUnchanged() throws IOException;

    /** The bytes as blocks, for audits. */
    default BlockSource blocks(int blockSize) {
        return BlockSource.of(this, length(), blockSize);
    }
}
