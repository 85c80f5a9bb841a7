package dev.selvage.agent.data;

import dev.selvage.agent.data.DataSet.Copied;
import dev.selvage.agent.data.DataSet.Referenced;
import dev.selvage.agent.data.DataSet.Source;
import dev.selvage.agent.data.DataSet.Table;
import dev.selvage.agent.store.Database;
import dev.selvage.agent.store.Session;
import dev.selvage.model.Digest;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Data sets as rows. */
final class DataSetRows {
    private static final String COLUMNS =
            "name, media_type, kind, path, digest, size, modified, engine, engine_table, row_count,"
                    + " engine_version, added";

    private final Database database;
    private final Remembered<DataSet> remembered = new Remembered<>();

    DataSetRows(Database database) {
        this.database = database;
    }

    Optional<DataSet> find(String name) {
        return Optional.ofNullable(remembered.get(name, () -> row(name).orElse(null)));
    }

    private Optional<DataSet> row(String name) {
        return database.read(
                c -> c.first(DataSetRows::dataSet, "SELECT " + COLUMNS + " FROM data_set WHERE name = ?", name));
    }

    List<DataSet> all() {
        return database.read(c -> c.rows(DataSetRows::dataSet, "SELECT " + COLUMNS + " FROM data_set ORDER BY name"));
    }

    void put(DataSet dataSet) {
        database.write(c -> put(c, dataSet));
        remembered.forget();
    }

    private static int put(Session c, DataSet set) throws SQLException {
        Object[] row = new Object[12]; // in the order of COLUMNS
        row[0] = set.name();
        row[1] = set.mediaType();
        Source source = set.source();
        if (source instanceof Copied copied) {
            row[2] = "copied";
            row[4] = copied.digest().hex();
            row[5] = copied.size();
        } else if (source instanceof Referenced file) {
            row[2] = "referenced";
            row[3] = file.path().toString();
            row[4] = file.digest().hex();
            row[5] = file.size();
            row[6] = file.modifiedMs();
        } else if (source instanceof Table table) {
            row[2] = "table";
            row[7] = table.engine();
            row[8] = table.table();
            row[9] = table.rows();
            row[10] = table.engineVersion();
        }
        row[11] = set.added().toEpochMilli();
        return c.update(
                "INSERT OR REPLACE INTO data_set (" + COLUMNS + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row);
    }

    boolean remove(String name) {
        boolean removed = database.write(c -> {
            c.update("DELETE FROM data_grant WHERE data = ?", name);
            return c.update("DELETE FROM data_set WHERE name = ?", name) > 0;
        });
        remembered.forget();
        return removed;
    }

    private static DataSet dataSet(ResultSet row) throws SQLException {
        return new DataSet(
                row.getString("name"),
                row.getString("media_type"),
                source(row),
                Instant.ofEpochMilli(row.getLong("added")));
    }

    private static Source source(ResultSet row) throws SQLException {
        String kind = row.getString("kind");
        return switch (kind) {
            case "copied" -> new Copied(new Digest(row.getString("digest")), row.getLong("size"));
            case "referenced" ->
                new Referenced(
                        Path.of(row.getString("path")),
                        new Digest(row.getString("digest")),
                        row.getLong("size"),
                        row.getLong("modified"));
            case "table" ->
                new Table(
                        row.getString("engine"),
                        row.getString("engine_table"),
                        row.getLong("row_count"),
                        row.getString("engine_version"));
            default ->
                throw new SelvageException(
                        ErrorCode.JOURNAL_CORRUPT, "A data set is of the unknown kind \"" + kind + "\".");
        };
    }
}
