package dev.selvage.network.process;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** The bound on a log: at {@link #LARGEST} bytes it becomes {@code NAME.log.1}, in the place of the one before. */
public final class LogFile {
    public static final long LARGEST = 8L << 20;

    private LogFile() {}

    /**
     * Keeps a log within its bound. Its process may be writing to it: the file is copied and emptied, not moved, and since it is open for
     * appending the process writes on at the new end. Lines written between copy and emptying are lost.
     */
    public static void rotate(Path log) throws IOException {
        if (!Files.exists(log) || Files.size(log) <= LARGEST) {
            return;
        }
        Files.copy(log, log.resolveSibling(log.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
        try (var channel = FileChannel.open(log, StandardOpenOption.WRITE)) {
            channel.truncate(0);
        }
    }

    /** The last bytes of a file as text, whatever they are; empty when it cannot be read. */
    public static String tail(Path file, int bytes) {
        try (var log = new RandomAccessFile(file.toFile(), "r")) {
            long from = Math.max(0, log.length() - bytes);
            log.seek(from);
            byte[] end = new byte[(int) (log.length() - from)];
            log.readFully(end);
            return new String(end, StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }
}
