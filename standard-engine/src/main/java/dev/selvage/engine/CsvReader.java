package dev.selvage.engine;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.List;

/** Reads the canonical form of CSV and refuses every other one. */
final class CsvReader {
    private static final int MAX_CELL = 1 << 20;
    private static final int MAX_CELLS = 1000;

    private final BufferedReader in;
    private int line;

    CsvReader(Reader in) {
        this.in = new BufferedReader(in);
    }

    /** The form is another one. */
    static final class NotCanonicalException extends Exception {
        private static final long serialVersionUID = 1L;
        private final int line;

        NotCanonicalException(int line, String message) {
            super(message);
            this.line = line;
        }

        int line() {
            return line;
        }
    }

    /** The number of the row read last, from 1. */
    int line() {
        return line;
    }

    /** The next row, null for null cells; null at the end. */
    List<String> next() throws IOException, NotCanonicalException {
        int c = in.read();
        if (c < 0) {
            return null;
        }
        line++;
        List<String> row = new ArrayList<>();
        while (true) {
            var cell = new StringBuilder();
            boolean quoted = c == '"';
            if (quoted) {
                c = quoted(cell);
            } else {
                c = plain(cell, c);
            }
            row.add(!quoted && cell.length() == 0 ? null : cell.toString());
            if (c == '\n') {
                return row;
            }
            if (c < 0) {
                throw bad("the last line has no line feed");
            }
            if (row.size() > MAX_CELLS) {
                throw bad("more than " + MAX_CELLS + " cells");
            }
            c = in.read();
        }
    }

    private int plain(StringBuilder cell, int first) throws IOException, NotCanonicalException {
        int c = first;
        while (c >= 0 && c != ',' && c != '\n') {
            if (c == '"') {
                throw bad("a quote inside a cell that is not quoted");
            }
            if (c == '\r') {
                throw bad("a carriage return; lines end with a line feed alone");
            }
            append(cell, c);
            c = in.read();
        }
        return c;
    }

    private int quoted(StringBuilder cell) throws IOException, NotCanonicalException {
        while (true) {
            int c = in.read();
            if (c < 0) {
                throw bad("a quote is not closed");
            }
            if (c == '"') {
                c = in.read();
                if (c != '"') {
                    return closed(cell, c);
                }
            }
            append(cell, c);
        }
    }

    private int closed(StringBuilder cell, int after) throws NotCanonicalException {
        if (after >= 0 && after != ',' && after != '\n') {
            throw bad("text after a closing quote");
        }
        if (cell.length() > 0 && cell.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r')) {
            throw bad("a cell is quoted without need");
        }
        return after;
    }

    private void append(StringBuilder cell, int c) throws NotCanonicalException {
        if (cell.length() == MAX_CELL) {
            throw bad("a cell is longer than " + MAX_CELL + " characters");
        }
        cell.append((char) c);
    }

    private NotCanonicalException bad(String message) {
        return new NotCanonicalException(line, message);
    }
}
