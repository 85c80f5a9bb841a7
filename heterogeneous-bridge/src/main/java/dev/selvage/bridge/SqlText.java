package dev.selvage.bridge;

import dev.selvage.engine.CanonicalTable;
import dev.selvage.engine.EngineInput;
import dev.selvage.engine.EngineRequest;
import dev.selvage.engine.InputPlace;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.Operation.Column;
import dev.selvage.model.SelvageException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The SQL of one run with its values. A table of the database is named by its quoted identifier; a table that comes with the request
 * becomes rows of bound values, so that a statement and its example cases need no table of their own.
 */
final class SqlText {
    /** Values that one statement can bind in every database. */
    private static final int MAX_VALUES = 30_000;

    private final EngineRequest request;
    private final String engine;
    private final String quote;
    private final StringBuilder sql = new StringBuilder();
    private final List<Object> values = new ArrayList<>();

    /**
     * @param engine the name of the engine whose tables may be named
     * @param quote what the database quotes identifiers with
     */
    SqlText(EngineRequest request, String engine, String quote) {
        this.request = request;
        this.engine = engine;
        this.quote = quote;
    }

    SqlText build(JdbcMapping mapping, Map<String, Object> binds) throws IOException {
        for (var piece : mapping.statement().pieces()) {
            if (piece instanceof Statement.Sql text) {
                sql.append(text.text());
            } else if (piece instanceof Statement.Bind bind) {
                sql.append('?');
                values.add(binds.get(bind.name()));
            } else {
                table((Statement.Table) piece);
            }
        }
        if (values.size() > MAX_VALUES) {
            throw new SelvageException(
                    ErrorCode.TOO_LARGE,
                    "The tables of the request have " + values.size() + " values; a statement takes " + MAX_VALUES
                            + ". Load them into the database.");
        }
        return this;
    }

    String sql() {
        return sql.toString();
    }

    List<Object> values() {
        return values;
    }

    private void table(Statement.Table table) throws IOException {
        var name = table.input();
        var elements = request.inputs(name);
        if (elements.isEmpty()) {
            throw new SelvageException(ErrorCode.DATA_UNKNOWN, "The request has no input \"" + name + "\".");
        }
        if (elements.get(0).place() instanceof InputPlace.Resident resident && elements.size() == 1) {
            if (!resident.engine().equals(engine)) {
                throw new SelvageException(
                        ErrorCode.DATA_UNKNOWN,
                        "The data set \"" + name + "\" is a table of " + resident.engine() + ", not of " + engine
                                + ".");
            }
            sql.append(identifier(resident.table()));
            return;
        }
        var spec = request.operation().inputs().get(name);
        if (spec == null || spec.columns().isEmpty()) {
            throw new SelvageException(
                    ErrorCode.NOT_SUPPORTED,
                    "The input \"" + name + "\" is no table: the operation declares no columns for it.");
        }
        List<List<String>> rows = new ArrayList<>();
        for (EngineInput element : elements) {
            rows.addAll(read(element, spec.columns()));
        }
        rows(spec.columns(), rows);
        if (!table.named()) {
            sql.append(" AS ").append(identifier(name)); // PostgreSQL before 16 wants a name for every query in FROM
        }
    }

    private List<List<String>> read(EngineInput input, List<Column> columns) throws IOException {
        try (var in = open(input)) {
            return CanonicalTable.read(columns, in);
        } catch (IllegalArgumentException e) {
            throw new SelvageException(
                    ErrorCode.REQUEST_INVALID,
                    "The input \"" + input.name() + "\" is not the table that the operation declares: " + e.getMessage()
                            + ".",
                    e);
        }
    }

    private static InputStream open(EngineInput input) throws IOException {
        if (input.place() instanceof InputPlace.Inline inline) {
            return new ByteArrayInputStream(inline.bytes());
        }
        if (input.place() instanceof InputPlace.OnDisk file) {
            if (Files.size(file.path()) > 64L << 20) {
                throw new SelvageException(
                        ErrorCode.TOO_LARGE,
                        "The input \"" + input.name() + "\" is too large for a statement. Load it into the database.");
            }
            return Files.newInputStream(file.path());
        }
        throw new SelvageException(
                ErrorCode.NOT_SUPPORTED, "The input \"" + input.name() + "\" is not at hand for a statement.");
    }

    private void rows(List<Column> columns, List<List<String>> rows) {
        var types = columns.stream().map(SqlText::type).toList();
        var names = columns.stream().map(column -> identifier(column.name())).toList();
        if (rows.isEmpty()) {
            sql.append("(SELECT ");
            for (int i = 0; i < names.size(); i++) {
                sql.append(i > 0 ? ", " : "")
                        .append("CAST(NULL AS ")
                        .append(types.get(i))
                        .append(") AS ");
                sql.append(names.get(i));
            }
            sql.append(" WHERE 1 = 0)");
            return;
        }
        var row = types.stream().map(type -> "CAST(? AS " + type + ")").collect(Collectors.joining(", ", "(", ")"));
        sql.append("(SELECT * FROM (VALUES ");
        for (int i = 0; i < rows.size(); i++) {
            sql.append(i > 0 ? ", " : "").append(row);
            values.addAll(rows.get(i));
        }
        sql.append(") AS selvage_rows(").append(String.join(", ", names)).append("))");
    }

    private static String type(Column column) {
        return switch (column.type()) {
            case "int64" -> "BIGINT";
            case "decimal" -> "DECIMAL(38, " + (column.scale() == null ? 0 : column.scale()) + ")";
            case "date" -> "DATE";
            default -> "VARCHAR";
        };
    }

    private String identifier(String name) {
        return identifier(quote, name);
    }

    /** A table's or column's name as the database wants it, whatever is in it. */
    static String identifier(String quote, String name) {
        var parts = new ArrayList<String>();
        for (String part : name.split("\\.", -1)) {
            parts.add(quote + part.replace(quote, quote + quote) + quote);
        }
        return String.join(".", parts);
    }
}
