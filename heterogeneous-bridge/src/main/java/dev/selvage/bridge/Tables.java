package dev.selvage.bridge;

import dev.selvage.engine.CanonicalTable;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.Operation.Column;
import dev.selvage.model.Operation.OutputSpec;
import dev.selvage.model.SelvageException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Makes canonical tables of the rows of foreign engines, matching columns by name. */
final class Tables {
    private final OutputSpec spec;
    private final Map<String, String> names;
    private final long maxRows;
    private final long maxBytes;
    private final List<List<String>> rows = new ArrayList<>();
    private long bytes;

    /**
     * @param names the engine's name for each of the operation's columns; empty: the same
     * @param maxBytes the rows' text may be that long
     */
    Tables(OutputSpec spec, Map<String, String> names, long maxRows, long maxBytes) {
        this.spec = spec;
        this.names = names;
        this.maxRows = maxRows;
        this.maxBytes = maxBytes;
    }

    /** The engine's names of the operation's columns, in the operation's order. */
    List<String> foreignNames() {
        return spec.columns().stream().map(this::foreignName).toList();
    }

    private String foreignName(Column column) {
        return names.getOrDefault(column.name(), column.name());
    }

    /**
     * Adds a row.
     *
     * @param values in the operation's order
     * @throws SelvageException OUTPUT_INVALID or ENGINE_FLOOD
     */
    void add(List<?> values) {
        if (rows.size() >= maxRows) {
            throw new SelvageException(ErrorCode.ENGINE_FLOOD, "The result has more than " + maxRows + " rows.");
        }
        List<String> row = new ArrayList<>(values.size());
        for (int i = 0; i < spec.columns().size(); i++) {
            try {
                var cell = CanonicalTable.cell(spec.columns().get(i), values.get(i));
                bytes += cell == null ? 1 : cell.length() + 1L;
                row.add(cell);
            } catch (IllegalArgumentException e) {
                throw new SelvageException(
                        ErrorCode.OUTPUT_INVALID, "Row " + (rows.size() + 1) + ": " + e.getMessage() + ".", e);
            }
        }
        if (bytes > maxBytes) {
            throw new SelvageException(
                    ErrorCode.ENGINE_FLOOD, "The result is larger than " + Texts.size(maxBytes) + ".");
        }
        rows.add(row);
    }

    /** Adds a row of named values. */
    void add(Map<?, ?> values) {
        List<Object> ordered = new ArrayList<>();
        for (String name : foreignNames()) {
            if (!values.containsKey(name)) {
                throw new SelvageException(
                        ErrorCode.OUTPUT_INVALID, "Row " + (rows.size() + 1) + " has no \"" + name + "\".");
            }
            ordered.add(values.get(name));
        }
        add(ordered);
    }

    long size() {
        return rows.size();
    }

    byte[] bytes() {
        return CanonicalTable.write(spec.columns(), spec.order(), rows);
    }
}
