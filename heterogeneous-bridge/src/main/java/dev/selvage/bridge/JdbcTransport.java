package dev.selvage.bridge;

import dev.selvage.bridge.EngineFile.JdbcConnect;
import dev.selvage.engine.EngineOutcome;
import dev.selvage.engine.EngineOutput;
import dev.selvage.engine.EngineRequest;
import dev.selvage.engine.OpenRun;
import dev.selvage.engine.StandardEngine;
import dev.selvage.engine.Usage;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import java.io.IOException;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A database as an engine: one prepared statement a run, in one transaction, on a connection of its own. */
final class JdbcTransport extends BlockingTransport {
    private static final Logger LOG = LoggerFactory.getLogger(JdbcTransport.class);
    private static final int FETCH = 1000;

    private final JdbcConnect connect;
    private final Driver driver;
    private volatile String version = "";

    JdbcTransport(EngineFile file, JdbcConnect connect, Drivers drivers) {
        super(file);
        this.connect = connect;
        this.driver = drivers.forUrl(connect.url());
    }

    /** Asks the database for its version once; while it cannot be reached the engine is there without one. */
    @Override
    public Found describe() {
        if (version.isEmpty()) {
            try (var connection = open()) {
                version = product(connection);
            } catch (SQLException | SelvageException e) {
                LOG.warn("engine={} the database does not tell its version: {}", file().engine(), e.getMessage());
            }
        }
        return new Found(version, instance(connect.url()), true, true);
    }

    @Override
    public void reach() {
        try (var connection = open()) {
            LOG.debug("engine={} {} answers", file().engine(), product(connection));
        } catch (SQLException e) {
            throw new SelvageException(
                    ErrorCode.ENGINE_UNREACHABLE,
                    file().engine() + ": the database does not answer (" + e.getSQLState() + ").",
                    e);
        }
    }

    @Override
    public StandardEngine.TableState table(String name) {
        try (var connection = open();
                var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT count(*) FROM "
                        + SqlText.identifier(connection.getMetaData().getIdentifierQuoteString(), name))) {
            rows.next();
            return new StandardEngine.TableState(rows.getLong(1), "");
        } catch (SQLException e) {
            throw unknownTable(e)
                    ? new SelvageException(
                            ErrorCode.DATA_UNKNOWN, file().engine() + " has no table \"" + name + "\".", e)
                    : fault(e);
        }
    }

    /** SQL state 42: of the standard, an object that is not there or may not be read. */
    private static boolean unknownTable(SQLException fault) {
        return fault.getSQLState() != null && fault.getSQLState().startsWith("42");
    }

    /** The URL without its settings, which may differ for one and the same database. */
    static String instance(String url) {
        return url.split("[;?]", 2)[0].toLowerCase(Locale.ROOT);
    }

    @Override
    EngineOutcome work(OpenRun run, boolean resume, String foreignId, RunControl control) throws Exception {
        var request = run.request();
        var mapping = (JdbcMapping) file().operations().get(request.operation().operation());
        run.accepted(resume, "");
        try (var connection = open()) {
            connection.setAutoCommit(false);
            try {
                return execute(connection, mapping, request, control);
            } finally {
                rollback(connection);
            }
        } catch (SQLException e) {
            control.check();
            throw fault(e);
        }
    }

    private EngineOutcome execute(Connection connection, JdbcMapping mapping, EngineRequest request, RunControl control)
            throws SQLException, IOException, RunControl.StoppedException {
        var runs = mapping.record() == null ? null : new RunTable(connection, mapping.record());
        if (runs != null) {
            Optional<byte[]> before = runs.find(request);
            if (before.isPresent()) {
                return outcome(connection, mapping, request, before.get(), Usage.NONE);
            }
        }
        var spec = request.operation().outputs().get(mapping.output());
        if (spec == null || spec.columns().isEmpty()) {
            throw new SelvageException(
                    ErrorCode.MAPPING_FAILED,
                    "The operation declares no table \"" + mapping.output() + "\" that a statement could give.");
        }
        var table = new Tables(
                spec,
                mapping.columns(),
                file().limits().rows(),
                request.limits().outputBytes());
        long before = System.nanoTime();
        var sql = new SqlText(request, file().engine(), connection.getMetaData().getIdentifierQuoteString())
                .build(mapping, binds(mapping, request));
        try (var statement = connection.prepareStatement(sql.sql())) {
            statement.setFetchSize(FETCH);
            for (int i = 0; i < sql.values().size(); i++) {
                statement.setObject(i + 1, sql.values().get(i));
            }
            control.onStop(() -> cancel(statement));
            control.check();
            read(statement, table, control);
        }
        var bytes = table.bytes();
        if (runs != null) {
            runs.record(request, bytes);
        }
        control.check();
        if (!connect.readOnly()) {
            connection.commit();
        }
        long readMs = (System.nanoTime() - before) / 1_000_000;
        return outcome(connection, mapping, request, bytes, new Usage(readMs, table.size(), bytes.length));
    }

    private Map<String, Object> binds(JdbcMapping mapping, EngineRequest request) {
        var values = Values.of(request, file().config(), Map.of(), Map.of());
        Map<String, Object> binds = new HashMap<>();
        mapping.bind().forEach((name, template) -> {
            var value = template.value(values);
            if (value instanceof List || value instanceof Map) {
                throw new SelvageException(
                        ErrorCode.MAPPING_FAILED,
                        "The value of :" + name + " is neither text, number nor truth value.");
            }
            binds.put(name, value);
        });
        return binds;
    }

    private static void read(PreparedStatement statement, Tables table, RunControl control)
            throws SQLException, RunControl.StoppedException {
        try (ResultSet rows = statement.executeQuery()) {
            var names = table.foreignNames();
            int[] at = new int[names.size()];
            for (int i = 0; i < at.length; i++) {
                at[i] = column(rows, names.get(i));
            }
            while (rows.next()) {
                List<Object> values = new ArrayList<>(at.length);
                for (int column : at) {
                    values.add(rows.getObject(column));
                }
                table.add(values);
                if (table.size() % FETCH == 0) {
                    control.check();
                }
            }
        }
    }

    private static int column(ResultSet rows, String name) throws SQLException {
        try {
            return rows.findColumn(name);
        } catch (SQLException e) {
            throw new SelvageException(
                    ErrorCode.MAPPING_FAILED, "The statement's result has no column \"" + name + "\".", e);
        }
    }

    private EngineOutcome outcome(
            Connection connection, JdbcMapping mapping, EngineRequest request, byte[] bytes, Usage usage)
            throws SQLException {
        var mediaType = request.operation().outputs().get(mapping.output()).mediaType();
        return new EngineOutcome.Succeeded(
                List.of(EngineOutput.of(mapping.output(), mediaType == null ? "text/csv" : mediaType, bytes)),
                usage,
                "",
                product(connection));
    }

    private static String product(Connection connection) throws SQLException {
        var about = connection.getMetaData();
        return about.getDatabaseProductName() + " " + about.getDatabaseProductVersion();
    }

    private Connection open() throws SQLException {
        var properties = new Properties();
        connect.properties().forEach((name, value) -> properties.setProperty(name, value.reveal()));
        connect.user().ifPresent(user -> properties.setProperty("user", user));
        connect.password().ifPresent(password -> properties.setProperty("password", password.reveal()));
        var connection = driver.connect(connect.url(), properties);
        if (connection == null) {
            throw new SQLException("the driver did not take the URL", "08001");
        }
        try {
            connection.setReadOnly(connect.readOnly());
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    private static void cancel(PreparedStatement statement) {
        try {
            statement.cancel();
        } catch (SQLException e) {
            LOG.debug("a statement could not be cancelled", e);
        }
    }

    private static void rollback(Connection connection) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            LOG.debug("a transaction could not be rolled back", e);
        }
    }

    private SelvageException fault(SQLException fault) {
        var state = fault.getSQLState() == null ? "" : fault.getSQLState();
        boolean unreachable = state.startsWith("08") || state.equals("90067");
        boolean busy = state.startsWith("53") || state.startsWith("40") || state.equals("57P03");
        var code = unreachable ? ErrorCode.ENGINE_UNREACHABLE : busy ? ErrorCode.ENGINE_BUSY : ErrorCode.ENGINE_REFUSED;
        var said = unreachable
                ? "The database of " + file().engine() + " does not answer"
                : "The database of " + file().engine() + " refused the statement";
        return new SelvageException(code, said + " (SQLSTATE " + state + ").", fault);
    }
}
