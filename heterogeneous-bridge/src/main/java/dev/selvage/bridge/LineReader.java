package dev.selvage.bridge;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** Reads lines of bounded length, and counts bytes. Used by one thread. */
final class LineReader {
    private final InputStream in;
    private final int longest;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private long bytes;
    private int number;

    LineReader(InputStream in, int longest) {
        this.in = new BufferedInputStream(in, 1 << 16);
        this.longest = longest;
    }

    /** A line was longer than allowed. */
    static final class TooLongException extends Exception {
        private static final long serialVersionUID = 1L;
    }

    /** The next line without its end, null at the end of the stream. */
    String next() throws IOException, TooLongException {
        line.reset();
        while (true) {
            int c = in.read();
            if (c < 0) {
                if (line.size() == 0) {
                    return null;
                }
                break;
            }
            bytes++;
            if (c == '\n') {
                break;
            }
            if (line.size() >= longest) {
                throw new TooLongException();
            }
            line.write(c);
        }
        number++;
        var text = line.toString(StandardCharsets.UTF_8);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }

    /** Bytes read so far. */
    long bytes() {
        return bytes;
    }

    /** The number of the line read last, from 1. */
    int number() {
        return number;
    }
}
