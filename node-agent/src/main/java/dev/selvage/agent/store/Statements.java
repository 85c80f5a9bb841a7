package dev.selvage.agent.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Short statements on a connection that {@link Database} lends; values are bound, never pasted. */
public final class Statements {
    private Statements() {}

    /** Reads one row. */
    @FunctionalInterface
    public interface Row<T> {
        T read(ResultSet row) throws SQLException;
    }

    /** All rows, each read where it lies. */
    public static <T> List<T> rows(Connection c, Row<T> row, String sql, Object... values) throws SQLException {
        try (PreparedStatement statement = bound(c, sql, values);
                ResultSet rows = statement.executeQuery()) {
            List<T> found = new ArrayList<>();
            while (rows.next()) {
                found.add(row.read(rows));
            }
            return found;
        }
    }

    /** The first column of all rows. */
    public static List<String> texts(Connection c, String sql, Object... values) throws SQLException {
        return rows(c, row -> row.getString(1), sql, values);
    }

    /** How many rows were changed. */
    public static int update(Connection c, String sql, Object... values) throws SQLException {
        try (PreparedStatement statement = bound(c, sql, values)) {
            return statement.executeUpdate();
        }
    }

    /** A statement with its values; the caller closes it. */
    public static PreparedStatement bound(Connection c, String sql, Object... values) throws SQLException {
        PreparedStatement statement = c.prepareStatement(sql);
        try {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            return statement;
        } catch (SQLException e) {
            statement.close();
            throw e;
        }
    }
}
