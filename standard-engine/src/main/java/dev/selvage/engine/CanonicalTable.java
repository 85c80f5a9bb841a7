package dev.selvage.engine;

import dev.selvage.model.Operation.Column;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The one form of a table: CSV in UTF-8, a header, LF after each line, quotes only where needed, null as nothing between the commas
 * (an empty text is {@code ""}), decimals of fixed scale rounded HALF_UP. Rows are sorted by the columns of {@code order}: text by its
 * UTF-8 bytes, null first. Equal tables are equal bytes, so digests can be compared.
 */
public final class CanonicalTable {
    private static final Pattern INT64 = Pattern.compile("0|-?[1-9][0-9]{0,18}");
    private static final Pattern DECIMAL = Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?");
    private static final int MAX_DIGITS = 1000;

    private CanonicalTable() {}

    /**
     * The bytes of a table.
     *
     * @param rows a cell each, in canonical text as {@link #cell} makes it, null for null; sorted here
     */
    public static byte[] write(List<Column> columns, List<String> order, List<List<String>> rows) {
        var sorted = new ArrayList<>(rows);
        if (!order.isEmpty()) {
            sorted.sort(comparator(columns, order));
        }
        var out = new StringBuilder();
        appendLine(columns.stream().map(Column::name).toList(), out);
        for (List<String> row : sorted) {
            appendLine(row, out);
        }
        return out.toString().getBytes(StandardCharsets.UTF_8);
    }

    /**
     * A value in the canonical text of its column.
     *
     * @param value null, a number, text, a boolean or a date
     * @throws IllegalArgumentException when it is not a value of the column's type; the message says why
     */
    public static String cell(Column column, Object value) {
        if (value == null) {
            if (!column.nullable()) {
                throw new IllegalArgumentException("column " + column.name() + " is null");
            }
            return null;
        }
        try {
            return switch (column.type()) {
                case "int64" -> Long.toString(number(value).longValueExact());
                case "decimal" -> decimal(number(value), scale(column));
                case "date" -> LocalDate.parse(value.toString()).toString();
                default -> value.toString();
            };
        } catch (ArithmeticException | NumberFormatException | DateTimeException e) {
            throw new IllegalArgumentException(
                    "column " + column.name() + ": \"" + shorten(value.toString()) + "\" is not "
                            + (column.type().equals("int64") ? "an int64" : "a " + column.type()),
                    e);
        }
    }

    /** What keeps these bytes from being the canonical form of such a table; empty when they are. */
    public static Optional<String> problem(List<Column> columns, List<String> order, InputStream in)
            throws IOException {
        var decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        try {
            var reader = new CsvReader(new InputStreamReader(in, decoder));
            var names = columns.stream().map(Column::name).toList();
            var header = reader.next();
            if (header == null || !header.equals(names)) {
                return Optional.of("the header is " + (header == null ? "missing" : String.join(",", header)) + ", not "
                        + String.join(",", names));
            }
            var comparator = order.isEmpty() ? null : comparator(columns, order);
            List<String> before = null;
            for (List<String> row = reader.next(); row != null; row = reader.next()) {
                var problem = rowProblem(columns, row);
                if (problem.isEmpty() && comparator != null && before != null && comparator.compare(before, row) > 0) {
                    problem = Optional.of("rows are not sorted by " + String.join(", ", order));
                }
                if (problem.isPresent()) {
                    return Optional.of("line " + reader.line() + ": " + problem.get());
                }
                before = row;
            }
            return Optional.empty();
        } catch (CharacterCodingException e) {
            return Optional.of("it is not UTF-8");
        } catch (CsvReader.NotCanonicalException e) {
            return Optional.of("line " + e.line() + ": " + e.getMessage());
        }
    }

    /**
     * The rows of canonical bytes, without the header.
     *
     * @throws IllegalArgumentException when the bytes are not the canonical form of such a table
     */
    public static List<List<String>> read(List<Column> columns, InputStream in) throws IOException {
        var reader = new CsvReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        List<List<String>> rows = new ArrayList<>();
        try {
            var header = reader.next();
            var names = columns.stream().map(Column::name).toList();
            if (!names.equals(header)) {
                throw new IllegalArgumentException("the header is not " + String.join(",", names));
            }
            for (List<String> row = reader.next(); row != null; row = reader.next()) {
                var problem = rowProblem(columns, row);
                if (problem.isPresent()) {
                    throw new IllegalArgumentException("line " + reader.line() + ": " + problem.get());
                }
                rows.add(row);
            }
        } catch (CsvReader.NotCanonicalException e) {
            throw new IllegalArgumentException("line " + e.line() + ": " + e.getMessage(), e);
        }
        return rows;
    }

    private static Optional<String> rowProblem(List<Column> columns, List<String> row) {
        if (row.size() != columns.size()) {
            return Optional.of(row.size() + " cells, not " + columns.size());
        }
        for (int i = 0; i < row.size(); i++) {
            var column = columns.get(i);
            var text = row.get(i);
            try {
                var canonical = cell(column, text);
                if (text != null && !text.equals(canonical)) {
                    return Optional.of("column " + column.name() + ": \"" + shorten(text) + "\" is written \""
                            + shorten(canonical) + "\"");
                }
            } catch (IllegalArgumentException e) {
                return Optional.of(e.getMessage());
            }
        }
        return Optional.empty();
    }

    private static BigDecimal number(Object value) {
        if (value instanceof BigDecimal decimal) {
            return decimal;
        }
        if (value instanceof BigInteger integer) {
            return new BigDecimal(integer);
        }
        if (value instanceof Double || value instanceof Float) {
            return BigDecimal.valueOf(((Number) value).doubleValue());
        }
        if (value instanceof Number whole) {
            return BigDecimal.valueOf(whole.longValue());
        }
        var text = value.toString();
        if (text.length() > MAX_DIGITS
                || !(INT64.matcher(text).matches() || DECIMAL.matcher(text).matches())) {
            throw new NumberFormatException("not a number");
        }
        return new BigDecimal(text);
    }

    private static String decimal(BigDecimal number, int scale) {
        if (number.precision() - number.scale() > MAX_DIGITS) {
            throw new NumberFormatException("too large");
        }
        var rounded = number.setScale(scale, RoundingMode.HALF_UP);
        return rounded.signum() == 0 ? BigDecimal.ZERO.setScale(scale).toPlainString() : rounded.toPlainString();
    }

    private static int scale(Column column) {
        return column.scale() == null ? 0 : column.scale();
    }

    private static Comparator<List<String>> comparator(List<Column> columns, List<String> order) {
        var names = columns.stream().map(Column::name).toList();
        Comparator<List<String>> all = Comparator.comparing(List::size);
        for (String name : order) {
            int at = names.indexOf(name);
            if (at < 0) {
                continue;
            }
            Comparator<String> cells = columns.get(at).type().equals("text")
                            || columns.get(at).type().equals("date")
                    ? CanonicalTable::compareText
                    : Comparator.comparing(BigDecimal::new);
            Comparator<List<String>> one = Comparator.comparing(row -> row.get(at), Comparator.nullsFirst(cells));
            all = all.thenComparing(one);
        }
        return all;
    }

    private static int compareText(String a, String b) {
        return Arrays.compareUnsigned(a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
    }

    private static void appendLine(List<String> cells, StringBuilder out) {
        for (int i = 0; i < cells.size(); i++) {
            if (i > 0) {
                out.append(',');
            }
            appendCell(cells.get(i), out);
        }
        out.append('\n');
    }

    private static void appendCell(String cell, StringBuilder out) {
        if (cell == null) {
            return;
        }
        boolean quote = cell.isEmpty() || cell.chars().anyMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
        if (quote) {
            out.append('"').append(cell.replace("\"", "\"\"")).append('"');
        } else {
            out.append(cell);
        }
    }

    private static String shorten(String text) {
        return text.length() <= 40 ? text : text.substring(0, 37) + "...";
    }
}
