package dev.selvage.integrity.audit;

import dev.selvage.proofs.Anchor;
import java.io.IOException;

/** A file as blocks of one size; the last may be shorter, and an empty file is one empty block. Safe for many threads. */
public interface BlockSource {
    /** Bytes of the file. */
    long length();

    /** Bytes of a block. */
    int blockSize();

    /**
     * The bytes of a block.
     *
     * @throws IOException when it cannot be read as a whole
     */
    byte[] block(int index) throws IOException;

    default int blocks() {
        return Anchor.leavesFor(length(), blockSize());
    }
}
