package dev.selvage.cli.internal.quickstart;

import dev.selvage.cli.internal.local.Distribution;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLException;
import java.util.Properties;

/** Fills EwrMSP's database with the airport's flights, the way its owner would: by a script of the database's own. */
final class Database {
    private static final String OWNER = "sa";

    private final String url;
    private final Distribution distribution;

    Database(String url, Distribution distribution) {
        this.url = url;
        this.distribution = distribution;
    }

    /**
     * Loads the flights unless they are there.
     *
     * @param script in which FILE and PASSWORD stand for the two values
     * @param flights the unpacked file, readable by the database
     * @param reader the password of the user selvage_ro
     * @param owner the password of the database's owner
     */
    void load(Path script, Path flights, String reader, String owner) {
        try (var loader = new URLClassLoader(driver());
                var connection = connect(loader, owner)) {
            if (!loaded(connection)) {
                var text = Files.readString(script)
                        .replaceAll("(?m)^--.*$", "")
                        .replace("FILE", flights.toString().replace("'", "''"))
                        .replace("PASSWORD 'PASSWORD'", "PASSWORD '" + reader + "'");
                for (String statement : text.split(";\\s*\\R", -1)) {
                    execute(connection, statement.strip());
                }
            }
        } catch (IOException | SQLException e) {
            throw new SelvageException(
                    ErrorCode.ENGINE_UNREACHABLE,
                    "The database at " + url + " took no data: " + e.getMessage() + ".",
                    e);
        }
    }

    private URL[] driver() throws MalformedURLException {
        return new URL[] {distribution.engine("h2").get(0).toUri().toURL()};
    }

    private Connection connect(ClassLoader loader, String owner) throws SQLException {
        var properties = new Properties();
        properties.setProperty("user", OWNER);
        properties.setProperty("password", owner);
        try {
            var driver = Class.forName("org.h2.Driver", true, loader)
                    .asSubclass(Driver.class)
                    .getConstructor()
                    .newInstance();
            return driver.connect(url, properties);
        } catch (ReflectiveOperationException e) {
            throw new SQLException("its driver cannot be loaded", e);
        }
    }

    private static boolean loaded(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var tables = statement.executeQuery(
                        "SELECT count(*) FROM information_schema.users WHERE lower(user_name) = 'selvage_ro'")) {
            return tables.next() && tables.getInt(1) > 0;
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        if (!sql.isEmpty()) {
            try (var statement = connection.createStatement()) {
                statement.execute(sql);
            }
        }
    }
}
