package dev.selvage.bridge;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A static SQL statement with {@code :name} for values and {@code {input:name}} for tables. Quoted text, quoted names, comments,
 * dollar quotes and {@code ::} casts are left alone.
 */
final class Statement {
    /** A piece of the statement. */
    sealed interface Piece {}

    record Sql(String text) implements Piece {}

    record Bind(String name) implements Piece {}

    /** @param named whether the statement gives it a name of its own (an alias) */
    record Table(String input, boolean named) implements Piece {}

    /** The statement cannot be used; the message says why. */
    static final class RefusedException extends Exception {
        private static final long serialVersionUID = 1L;

        RefusedException(String message) {
            super(message);
        }
    }

    private static final String INPUT = "{input:";

    /** What may follow a table that has no alias. */
    private static final Set<String> AFTER_A_TABLE = Set.of(
            "WHERE",
            "GROUP",
            "HAVING",
            "ORDER",
            "LIMIT",
            "OFFSET",
            "FETCH",
            "FOR",
            "WINDOW",
            "QUALIFY",
            "UNION",
            "EXCEPT",
            "INTERSECT",
            "MINUS",
            "JOIN",
            "INNER",
            "LEFT",
            "RIGHT",
            "FULL",
            "CROSS",
            "NATURAL",
            "ON",
            "USING",
            "SET",
            "WHEN",
            "RETURNING",
            "TABLESAMPLE",
            "VALUES",
            "SELECT",
            "DEFAULT");

    private final String text;
    private final List<Piece> pieces = new ArrayList<>();
    private final StringBuilder sql = new StringBuilder();
    private int at;

    private Statement(String text) {
        this.text = text;
    }

    static Statement parse(String text) throws RefusedException {
        if (text.contains("${")) {
            throw new RefusedException("a statement is static: bind values by :name, tables by {input:name}");
        }
        var statement = new Statement(text.strip());
        while (statement.at < statement.text.length()) {
            statement.step();
        }
        statement.flush();
        return statement;
    }

    List<Piece> pieces() {
        return pieces;
    }

    /** The names of values. */
    Set<String> binds() {
        return pieces.stream()
                .filter(Bind.class::isInstance)
                .map(piece -> ((Bind) piece).name())
                .collect(Collectors.toSet());
    }

    /** The names of inputs used as tables. */
    Set<String> tables() {
        return pieces.stream()
                .filter(Table.class::isInstance)
                .map(piece -> ((Table) piece).input())
                .collect(Collectors.toSet());
    }

    private void step() throws RefusedException {
        char c = text.charAt(at);
        if (c == '\'' || c == '"') {
            copyTo(close(String.valueOf(c), at + 1, "a quote"));
        } else if (text.startsWith("--", at)) {
            int end = text.indexOf('\n', at);
            copyTo(end < 0 ? text.length() : end);
        } else if (text.startsWith("/*", at)) {
            copyTo(close("*/", at + 2, "a comment"));
        } else if (c == '$') {
            dollar();
        } else if (text.startsWith("::", at)) {
            copyTo(at + 2);
        } else if (c == ':' && at + 1 < text.length() && isStart(text.charAt(at + 1))) {
            int end = at + 1;
            while (end < text.length() && isPart(text.charAt(end))) {
                end++;
            }
            flush();
            pieces.add(new Bind(text.substring(at + 1, end)));
            at = end;
        } else if (text.startsWith(INPUT, at)) {
            int end = text.indexOf('}', at);
            if (end < 0) {
                throw new RefusedException("\"" + INPUT + "\" is not closed");
            }
            flush();
            pieces.add(new Table(text.substring(at + INPUT.length(), end).strip(), isNamed(end + 1)));
            at = end + 1;
        } else if (c == '?') {
            throw new RefusedException("write :name instead of \"?\"");
        } else if (c == ';' && !text.substring(at + 1).isBlank()) {
            throw new RefusedException("only one statement is allowed");
        } else if (c == ';') {
            at = text.length();
        } else {
            copyTo(at + 1);
        }
    }

    private boolean isNamed(int from) {
        int start = from;
        while (start < text.length() && Character.isWhitespace(text.charAt(start))) {
            start++;
        }
        int end = start;
        while (end < text.length() && isPart(text.charAt(end))) {
            end++;
        }
        boolean quoted = start < text.length() && "\"`[".indexOf(text.charAt(start)) >= 0;
        var word = text.substring(start, end).toUpperCase(Locale.ROOT);
        return quoted || (!word.isEmpty() && !AFTER_A_TABLE.contains(word));
    }

    private void dollar() throws RefusedException {
        int end = at + 1;
        while (end < text.length() && isPart(text.charAt(end))) {
            end++;
        }
        boolean quote = end < text.length() && text.charAt(end) == '$';
        copyTo(quote ? close(text.substring(at, end + 1), end + 1, "a dollar quote") : end);
    }

    private int close(String mark, int from, String what) throws RefusedException {
        int end = text.indexOf(mark, from);
        if (end < 0) {
            throw new RefusedException(what + " is not closed");
        }
        return end + mark.length();
    }

    private void copyTo(int end) {
        sql.append(text, at, end);
        at = end;
    }

    private void flush() {
        if (sql.length() > 0) {
            pieces.add(new Sql(sql.toString()));
            sql.setLength(0);
        }
    }

    private static boolean isStart(char c) {
        return Character.isLetter(c) || c == '_';
    }

    private static boolean isPart(char c) {
        return Character.isLetterOrDigit(c) || c == '_';
    }
}
