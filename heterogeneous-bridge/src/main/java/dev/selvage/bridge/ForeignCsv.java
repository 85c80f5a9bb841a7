package dev.selvage.bridge;

import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads CSV as programs of all kinds write it (RFC 4180, either line end, needless quotes). A cell without quotes that is empty is
 * null.
 */
final class ForeignCsv {
    private static final int MAX_CELL = 1 << 20;
    private static final int MAX_CELLS = 1000;

    private final BufferedReader in;
    private int pushed = -2;

    ForeignCsv(Reader in) {
        this.in = new BufferedReader(in);
    }

    /** The next row; null at the end. Empty lines are skipped. */
    List<String> next() throws IOException {
        int c = read();
        while (c == '\n' || c == '\r') {
            c = read();
        }
        if (c < 0) {
            return null;
        }
        List<String> row = new ArrayList<>();
        while (true) {
            var cell = new StringBuilder();
            boolean quoted = c == '"';
            c = quoted ? quoted(cell) : plain(cell, c);
            row.add(!quoted && cell.length() == 0 ? null : cell.toString());
            if (row.size() > MAX_CELLS) {
                throw bad("a row has more than " + MAX_CELLS + " cells");
            }
            if (c != ',') {
                return row;
            }
            c = read();
        }
    }

    private int plain(StringBuilder cell, int first) throws IOException {
        int c = first;
        while (c >= 0 && c != ',' && c != '\n' && c != '\r') {
            append(cell, c);
            c = read();
        }
        return lineEnd(c);
    }

    private int quoted(StringBuilder cell) throws IOException {
        while (true) {
            int c = read();
            if (c < 0) {
                throw bad("a quote is not closed");
            }
            if (c == '"') {
                c = read();
                if (c != '"') {
                    if (c >= 0 && c != ',' && c != '\n' && c != '\r') {
                        throw bad("text after a closing quote");
                    }
                    return lineEnd(c);
                }
            }
            append(cell, c);
        }
    }

    private int lineEnd(int c) throws IOException {
        if (c == '\r') {
            int after = read();
            if (after != '\n') {
                pushed = after;
            }
            return '\n';
        }
        return c;
    }

    private int read() throws IOException {
        if (pushed != -2) {
            int c = pushed;
            pushed = -2;
            return c;
        }
        return in.read();
    }

    private static void append(StringBuilder cell, int c) {
        if (cell.length() == MAX_CELL) {
            throw bad("a cell is longer than " + MAX_CELL + " characters");
        }
        cell.append((char) c);
    }

    private static SelvageException bad(String what) {
        return new SelvageException(ErrorCode.OUTPUT_INVALID, "The engine's CSV cannot be read: " + what + ".");
    }
}
