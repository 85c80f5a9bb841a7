package dev.selvage.cli.internal.process;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The end of a log that a process may be writing to. Not thread-safe. */
public final class LogTail {
    private static final int BLOCK = 1 << 20;
    private static final int LONGEST = 1 << 16;

    private final Path file;
    private final ByteArrayOutputStream unfinished = new ByteArrayOutputStream();
    private long position;

    private LogTail(Path file, long position) {
        this.file = file;
        this.position = position;
    }

    /** Opens a log before its last lines, of which not more than a mebibyte is looked at. */
    public static LogTail open(Path file, int lines) throws IOException {
        try (var log = new RandomAccessFile(file.toFile(), "r")) {
            long from = Math.max(0, log.length() - BLOCK);
            byte[] end = new byte[(int) (log.length() - from)];
            log.seek(from);
            log.readFully(end);
            int at = end.length;
            int left = lines;
            while (at > 0 && (left > 0 || end[at - 1] != '\n')) {
                at--;
                if (at > 0 && end[at - 1] == '\n') {
                    left--;
                }
            }
            return new LogTail(file, from + at);
        }
    }

    /** The whole lines that were written since, very long ones in pieces; a file that became shorter is read from its start. */
    public List<String> next() throws IOException {
        List<String> lines = new ArrayList<>();
        if (!Files.exists(file)) {
            return lines;
        }
        try (var log = new RandomAccessFile(file.toFile(), "r")) {
            if (log.length() < position) {
                position = 0;
                unfinished.reset();
            }
            log.seek(position);
            byte[] block = new byte[(int) Math.min(BLOCK, log.length() - position)];
            log.readFully(block);
            position += block.length;
            for (byte one : block) {
                if (one != '\n') {
                    unfinished.write(one);
                }
                if (one == '\n' || unfinished.size() == LONGEST) {
                    lines.add(unfinished.toString(StandardCharsets.UTF_8));
                    unfinished.reset();
                }
            }
        }
        return lines;
    }
}
