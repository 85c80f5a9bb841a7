package dev.selvage.integrity.tuning;

import dev.selvage.integrity.hash.StableFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;

/** A file of random bytes to measure with; it is removed when it is closed. */
public final class SampleFile implements AutoCloseable {
    private static final int PIECE = 4 << 20;

    private final Path path;
    private final StableFile file;

    private SampleFile(Path path, StableFile file) {
        this.path = path;
        this.file = file;
    }

    /** Writes a sample into a folder and to the disk below it. */
    public static SampleFile write(Path folder, long bytes) throws IOException {
        Files.createDirectories(folder);
        Path path = Files.createTempFile(folder, "hash-sample-", ".bin");
        try {
            fill(path, bytes);
            return new SampleFile(path, StableFile.open(path));
        } catch (IOException e) {
            Files.deleteIfExists(path);
            throw e;
        }
    }

    private static void fill(Path path, long bytes) throws IOException {
        byte[] piece = new byte[PIECE];
        var random = new Random(bytes);
        random.nextBytes(piece);
        try (var channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
            for (long at = 0; at < bytes; at += PIECE) {
                var buffer = ByteBuffer.wrap(piece, 0, (int) Math.min(PIECE, bytes - at));
                buffer.putLong(0, random.nextLong()); // no two pieces are the same
                while (buffer.hasRemaining()) {
                    channel.write(buffer);
                }
            }
            channel.force(true);
        }
    }

    public Path path() {
        return path;
    }

    public StableFile file() {
        return file;
    }

    @Override
    public void close() throws IOException {
        file.close();
        Files.deleteIfExists(path);
    }
}
