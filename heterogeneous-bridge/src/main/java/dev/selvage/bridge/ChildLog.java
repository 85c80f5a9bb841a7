package dev.selvage.bridge;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the processes of one engine write to stderr: a file of at most {@link #MAX_BYTES} and the one before it, and the last words in
 * memory.
 */
final class ChildLog {
    static final long MAX_BYTES = 1 << 20;

    private static final Logger LOG = LoggerFactory.getLogger(ChildLog.class);
    private static final int LAST_WORDS = 2000;

    private final Path file;
    private final StringBuilder last = new StringBuilder();

    ChildLog(Path file) {
        this.file = file;
    }

    /** Copies a stream to its end, on the calling thread. */
    void drain(InputStream in) {
        var buffer = new byte[8192];
        try (in) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                append(buffer, read);
            }
        } catch (IOException e) {
            LOG.debug("the stderr of a process ended: {}", e.toString());
        }
    }

    private synchronized void append(byte[] buffer, int length) {
        last.append(new String(buffer, 0, length, StandardCharsets.UTF_8));
        if (last.length() > LAST_WORDS) {
            last.delete(0, last.length() - LAST_WORDS);
        }
        try {
            Files.createDirectories(file.getParent());
            long size = Files.exists(file) ? Files.size(file) : 0;
            if (size + length > MAX_BYTES) {
                Files.move(file, file.resolveSibling(file.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
            }
            try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
                out.write(buffer, 0, length);
            }
        } catch (IOException e) {
            LOG.debug("cannot write {}", file, e);
        }
    }

    /** The end of what was written. */
    synchronized String lastWords() {
        return last.toString().strip();
    }
}
