package dev.selvage.integrity.audit;

import dev.selvage.integrity.hash.ByteSource;
import dev.selvage.proofs.Anchor;
import java.io.IOException;
import java.nio.ByteBuffer;

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

    /**
     * The blocks of bytes that should have a certain length; whether they do shows when they are read.
     *
     * @param length of the file as it is anchored
     */
    static BlockSource of(ByteSource source, long length, int blockSize) {
        return new BlockSource() {
            @Override
            public long length() {
                return length;
            }

            @Override
            public int blockSize() {
                return blockSize;
            }

            @Override
            public byte[] block(int index) throws IOException {
                long from = (long) index * blockSize;
                byte[] block = new byte[(int) Math.min(blockSize, length - from)];
                source.read(from, ByteBuffer.wrap(block));
                return block;
            }
        };
    }
}
