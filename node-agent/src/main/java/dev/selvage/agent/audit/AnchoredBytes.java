package dev.selvage.agent.audit;

import dev.selvage.integrity.audit.BlockSource;
import dev.selvage.integrity.hash.StableFile;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import java.io.IOException;
import java.nio.file.Path;

/** The bytes of a data set as they are now, whatever they were when it was added, in blocks of an anchor. Safe for many threads. */
final class AnchoredBytes implements BlockSource, AutoCloseable {
    private final StableFile file;
    private final long length;
    private final int blockSize;

    AnchoredBytes(Path path, long length, int blockSize) {
        try {
            this.file = StableFile.open(path);
        } catch (IOException e) {
            throw new SelvageException(
                    ErrorCode.DATA_CHANGED, "The bytes of the data set cannot be read: " + path.getFileName() + ".", e);
        }
        this.length = length;
        this.blockSize = blockSize;
    }

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
        file.read(from, block, block.length);
        return block;
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException e) {
            throw new SelvageException(ErrorCode.FILE_UNREADABLE, "A file could not be closed.", e);
        }
    }
}
