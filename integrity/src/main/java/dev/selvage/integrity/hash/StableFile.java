package dev.selvage.integrity.hash;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A file that must stay what it was when it was opened. Reads are whole or fail; {@link #requireUnchanged} tells afterwards whether size, time of
 * writing and identity are still the same. Safe for many threads.
 */
public final class StableFile implements ByteSource, AutoCloseable {
    private static final int WINDOW = 256 << 20;

    private final Path path;
    private final FileChannel channel;
    private final long length;
    private final FileTime modified;
    private final Object identity;
    private final Map<Integer, ByteBuffer> windows = new ConcurrentHashMap<>();

    private StableFile(Path path, FileChannel channel, BasicFileAttributes attributes) {
        this.path = path;
        this.channel = channel;
        this.length = attributes.size();
        this.modified = attributes.lastModifiedTime();
        this.identity = attributes.fileKey();
    }

    /**
     * Opens a file.
     *
     * @throws FileChangedException when another file takes its place meanwhile
     */
    public static StableFile open(Path path) throws IOException {
        return open(path, () -> FileChannel.open(path, StandardOpenOption.READ));
    }

    /** Opens the channel. */
    interface Opening {
        FileChannel open() throws IOException;
    }

    /** The path says nothing of the channel: only what it names both before and after the opening is surely what was opened. */
    static StableFile open(Path path, Opening opening) throws IOException {
        var before = Files.readAttributes(path, BasicFileAttributes.class);
        var channel = opening.open();
        try {
            var file = new StableFile(path, channel, before);
            file.requireUnchanged();
            return file;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /** Bytes of the file when it was opened. */
    @Override
    public long length() {
        return length;
    }

    @Override
    public void read(long position, ByteBuffer into) throws IOException {
        long at = position;
        while (into.hasRemaining()) {
            int count = channel.read(into, at);
            if (count < 0) {
                throw truncated();
            }
            at += count;
        }
    }

    private FileChangedException truncated() {
        return new FileChangedException(path.getFileName() + " was truncated while it was read");
    }

    /** A part of a window that is mapped once for all; empty where the bytes lie in two windows. */
    @Override
    public Optional<ByteBuffer> mapped(long position, int count) throws IOException {
        int number = Math.toIntExact(position / WINDOW);
        int from = (int) (position % WINDOW);
        if (from + (long) count > WINDOW) {
            return Optional.empty();
        }
        ByteBuffer window = windows.get(number);
        if (window == null) {
            window = map((long) number * WINDOW);
            windows.put(number, window);
        }
        return Optional.of(window.slice(from, count));
    }

    private ByteBuffer map(long from) throws IOException {
        long bytes = Math.min(WINDOW, length - from);
        try {
            return channel.map(FileChannel.MapMode.READ_ONLY, from, bytes);
        } catch (IOException e) {
            requireUnchanged(); // a file that ends before cannot be mapped
            throw e;
        }
    }

    /** Checks that the file under its path is still the one that was read. */
    @Override
    public void requireUnchanged() throws IOException {
        var now = attributesNow();
        if (now.size() != length
                || !now.lastModifiedTime().equals(modified)
                || !Objects.equals(now.fileKey(), identity)
                || channel.size() != length) {
            throw new FileChangedException(path.getFileName() + " was changed while it was read");
        }
    }

    private BasicFileAttributes attributesNow() throws IOException {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class);
        } catch (NoSuchFileException e) {
            throw new FileChangedException(path.getFileName() + " was removed while it was read");
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
