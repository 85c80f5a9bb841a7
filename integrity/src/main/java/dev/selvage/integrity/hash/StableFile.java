package dev.selvage.integrity.hash;

import dev.selvage.integrity.audit.BlockSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Objects;

/**
 * A file that must stay what it was when it was opened. Reads are whole or fail; {@link #requireUnchanged} tells afterwards whether size, time of
 * writing and identity are still the same. Safe for many threads.
 */
public final class StableFile implements AutoCloseable {
    private final Path path;
    private final FileChannel channel;
    private final long length;
    private final FileTime modified;
    private final Object identity;

    private StableFile(Path path, FileChannel channel) throws IOException {
        this.path = path;
        this.channel = channel;
        var attributes = Files.readAttributes(path, BasicFileAttributes.class);
        this.length = attributes.size();
        this.modified = attributes.lastModifiedTime();
        this.identity = attributes.fileKey();
    }

    public static StableFile open(Path path) throws IOException {
        var channel = FileChannel.open(path, StandardOpenOption.READ);
        try {
            return new StableFile(path, channel);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /** Bytes of the file when it was opened. */
    public long length() {
        return length;
    }

    /**
     * Reads exactly so many bytes.
     *
     * @throws FileChangedException when the file ends before
     */
    public void read(long position, byte[] into, int count) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(into, 0, count);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, position + buffer.position()) < 0) {
                throw new FileChangedException(path.getFileName() + " was truncated while it was read");
            }
        }
    }

    /**
     * Checks that the file under its path is still the one that was read.
     *
     * @throws FileChangedException otherwise
     */
    public void requireUnchanged() throws IOException {
        var now = Files.readAttributes(path, BasicFileAttributes.class);
        if (now.size() != length
                || !now.lastModifiedTime().equals(modified)
                || !Objects.equals(now.fileKey(), identity)
                || channel.size() != length) {
            throw new FileChangedException(path.getFileName() + " was changed while it was read");
        }
    }

    /** The file as blocks, for audits. */
    public BlockSource blocks(int blockSize) {
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
                read(from, block, block.length);
                return block;
            }
        };
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
