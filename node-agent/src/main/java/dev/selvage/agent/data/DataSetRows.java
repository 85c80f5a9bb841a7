package dev.selvage.agent.data;

import dev.selvage.agent.data.DataSet.Copied;
import dev.selvage.agent.data.DataSet.Referenced;
import dev.selvage.agent.data.DataSet.Source;
import dev.selvage.agent.data.DataSet.Table;
import dev.selvage.agent.store.Database;
import dev.selvage.model.Digest;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
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
        return database.read(c -> {
            try (PreparedStatement statement =
                    c.prepareStatement("SELECT " + COLUMNS + " FROM data_set WHERE name = ?")) {
                statement.setString(1, name);
                try (ResultSet rows = statement.executeQuery()) {
                    return rows.next() ? Optional.of(dataSet(rows)) : Optional.empty();
                }
            }
        });
    }

    List<DataSet> all() {
        return database.read(c -> {
            try (PreparedStatement statement =
                            c.prepareStatement("SELECT " + COLUMNS + " FROM data_set ORDER BY name");
                    ResultSet rows = statement.executeQuery()) {
                List<DataSet> all = new ArrayList<>();
                while (rows.next()) {
                    all.add(dataSet(rows));
                }
                return all;
            }
        });
    }

    void put(DataSet dataSet) {
        database.write(c -> put(c, dataSet));
        remembered.forget();
    }

    private static int put(Connection c, DataSet set) throws SQLException {
        try (PreparedStatement s = c.prepareStatement(
                "INSERT OR REPLACE INTO data_set (" + COLUMNS + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
            s.setString(1, set.name());
            s.setString(2, set.mediaType());
            Source source = set.source();
            if (source instanceof Copied copied) {
                s.setString(3, "copied");
                s.setString(5, copied.digest().hex());
                s.setLong(6, copied.size());
            } else if (source instanceof Referenced file) {
                s.setString(3, "referenced");
                s.setString(4, file.path().toString());
                s.setString(5, file.digest().hex());
                s.setLong(6, file.size());
                s.setLong(7, file.modifiedMs());
            } else if (source instanceof Table table) {
                s.setString(3, "table");
                s.setString(8, table.engine());
                s.setString(9, table.table());
                s.setLong(10, table.rows());
                s.setString(11, table.engineVersion());
            }
            s.setLong(12, set.added().toEpochMilli());
            return s.executeUpdate();
        }
    }

    boolean remove(String name) {
        boolean removed = database.write(c -> {
            try (PreparedStatement grants = c.prepareStatement("DELETE FROM data_grant WHERE data = ?")) {
                grants.setString(1, name);
                grants.executeUpdate();
            }
            try (PreparedStatement sets = c.prepareStatement("DELETE FROM data_set WHERE name = ?")) {
                sets.setString(1, name);
                return sets.executeUpdate() > 0;
            }
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
