package dev.selvage.agent.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What {@link Database} lends for a piece of work: short statements, whose values are bound and never pasted. Statements are prepared once and
 * kept. Good while the work lasts, on its thread.
 */
public final class Session {
    /** Far more than there are different texts; a text is never made from values. */
    private static final int MOST_KEPT = 200;

    private final Connection connection;
    private final Map<String, PreparedStatement> kept = new LinkedHashMap<>();

    Session(Connection connection) {
        this.connection = connection;
    }

    /** Reads one row. */
    @FunctionalInterface
    public interface Row<T> {
        T read(ResultSet row) throws SQLException;
    }

    /** All rows, each read where it lies; reading one asks nothing else of the session. */
    public <T> List<T> rows(Row<T> row, String sql, Object... values) throws SQLException {
        return using(sql, values, statement -> {
            try (ResultSet rows = statement.executeQuery()) {
                List<T> found = new ArrayList<>();
                while (rows.next()) {
                    found.add(row.read(rows));
                }
                return found;
            }
        });
    }

    /** The first row. */
    public <T> Optional<T> first(Row<T> row, String sql, Object... values) throws SQLException {
        return rows(row, sql, values).stream().findFirst();
    }

    /** The first column of all rows. */
    public List<String> texts(String sql, Object... values) throws SQLException {
        return rows(row -> row.getString(1), sql, values);
    }

    /** How many rows were changed. */
    public int update(String sql, Object... values) throws SQLException {
        return using(sql, values, PreparedStatement::executeUpdate);
    }

    private interface Use<T> {
        T of(PreparedStatement statement) throws SQLException;
    }

    /** A statement that failed is not used again: the driver has closed it after most faults. */
    private <T> T using(String sql, Object[] values, Use<T> use) throws SQLException {
        PreparedStatement statement = prepared(sql);
        try {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            return use.of(statement);
        } catch (SQLException e) {
            kept.remove(sql);
            try {
                statement.close();
            } catch (SQLException closing) {
                e.addSuppressed(closing);
            }
            throw e;
        }
    }

    private PreparedStatement prepared(String sql) throws SQLException {
        PreparedStatement statement = kept.get(sql);
        if (statement == null) {
            if (kept.size() >= MOST_KEPT) {
                throw new IllegalStateException("more than " + MOST_KEPT + " different statements: " + sql);
            }
            statement = connection.prepareStatement(sql);
            kept.put(sql, statement);
        }
        return statement;
    }
}
