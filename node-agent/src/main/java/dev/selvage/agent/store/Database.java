package dev.selvage.agent.store;

import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A SQLite file with a connection for writing and one for reading: WAL, synchronous FULL, so that what was committed survives kill -9 and loss
 * of power. One transaction at a time; a query does not wait for a commit, and sees all that were over when it began. Each method may be
 * called from any thread. A write or query inside a write joins it.
 */
public final class Database implements AutoCloseable {
    private final Path file;
    private final Connection connection;
    private final Connection reader;
    private final ReentrantLock lock = new ReentrantLock();
    private final ReentrantLock reading = new ReentrantLock();
    private final Queue<Pending<?>> waiting = new ConcurrentLinkedQueue<>();
    private final Checkpoints checkpoints;

    private Database(Path file, Connection connection, Connection reader) {
        this.file = file;
        this.connection = connection;
        this.reader = reader;
        this.checkpoints = new Checkpoints(file);
    }

    /** Work on the connection. Values are always bound, never pasted into SQL. */
    @FunctionalInterface
    public interface Work<T> {
        T on(Connection connection) throws SQLException;
    }

    /**
     * Opens the file, making it where it is not there.
     *
     * @param schemas the statements that lead from each version to the next; the file remembers how many were applied
     * @throws SelvageException JOURNAL_CORRUPT when it is no sound database or a later version wrote it; FILE_UNREADABLE
     */
    public static Database open(Path file, List<List<String>> schemas) {
        return open(file, schemas, "FULL");
    }

    /** Opens a file whose content can be made anew: after loss of power its last transactions may be missing, whole ones only. */
    public static Database openDerived(Path file, List<List<String>> schemas) {
        return open(file, schemas, "NORMAL");
    }

    private static Database open(Path file, List<List<String>> schemas, String synchronous) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
        } catch (IOException e) {
            throw new SelvageException(
                    ErrorCode.FILE_UNREADABLE, "The folder of " + file.getFileName() + " cannot be made.", e);
        }
        Connection connection = null;
        Connection reader = null;
        try {
            connection = DriverManager.getConnection("jdbc:sqlite:" + file.toAbsolutePath());
            configure(connection, synchronous);
            reader = DriverManager.getConnection("jdbc:sqlite:" + file.toAbsolutePath());
            try (Statement statement = reader.createStatement()) {
                statement.execute("PRAGMA busy_timeout = 5000");
                statement.execute("PRAGMA query_only = ON");
            }
            var database = new Database(file, connection, reader);
            database.migrate(schemas);
            return database;
        } catch (SQLException e) {
            closeQuietly(reader);
            closeQuietly(connection);
            throw new SelvageException(
                    ErrorCode.JOURNAL_CORRUPT,
                    "The database " + file.getFileName() + " cannot be opened: " + e.getMessage(),
                    e);
        } catch (SelvageException e) {
            closeQuietly(reader);
            closeQuietly(connection);
            throw e;
        }
    }

    private static void configure(Connection connection, String synchronous) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA busy_timeout = 5000");
            statement.execute("PRAGMA journal_mode = WAL");
            statement.execute("PRAGMA synchronous = " + synchronous);
            statement.execute("PRAGMA wal_autocheckpoint = 0"); // Checkpoints does it, beside the commits
            statement.execute("PRAGMA foreign_keys = ON");
            try (var rows = statement.executeQuery("PRAGMA quick_check(1)")) {
                if (!rows.next() || !rows.getString(1).equals("ok")) {
                    throw new SQLException("its check failed");
                }
            }
        }
    }

    private void migrate(List<List<String>> schemas) {
        int version = read(c -> {
            try (Statement statement = c.createStatement();
                    var rows = statement.executeQuery("PRAGMA user_version")) {
                return rows.next() ? rows.getInt(1) : 0;
            }
        });
        if (version > schemas.size()) {
            throw new SelvageException(
                    ErrorCode.JOURNAL_CORRUPT,
                    "The database " + file.getFileName() + " was written by a later version of this program.");
        }
        if (version == schemas.size()) {
            return;
        }
        write(c -> {
            try (Statement statement = c.createStatement()) {
                for (var step : schemas.subList(version, schemas.size())) {
                    for (String sql : step) {
                        statement.execute(sql);
                    }
                }
                statement.execute("PRAGMA user_version = " + schemas.size());
            }
            return null;
        });
    }

    /**
     * Runs the work durably, all of it or, at any exception, nothing. Works of several threads share a commit: one sync of the disk serves
     * all that came while the one before was under way.
     */
    public <T> T write(Work<T> work) {
        if (lock.isHeldByCurrentThread()) {
            return inside(work);
        }
        var mine = new Pending<>(work);
        waiting.add(mine);
        lock.lock();
        try {
            if (!mine.over) {
                commitWaiting();
            }
        } finally {
            lock.unlock();
        }
        return mine.answer();
    }

    /** Joins the write that this thread is in. */
    private <T> T inside(Work<T> work) {
        try {
            return work.on(connection);
        } catch (SQLException e) {
            throw fault(e);
        }
    }

    /** A work that waits for its commit; touched under the lock. */
    private final class Pending<T> {
        private final Work<T> work;
        private T value;
        private RuntimeException refusal;
        private boolean over;

        Pending(Work<T> work) {
            this.work = work;
        }

        /** Runs within the common transaction; a fault of this work undoes this work alone. */
        void run(Statement statement) throws SQLException {
            statement.execute("SAVEPOINT work");
            try {
                value = work.on(connection);
            } catch (SQLException e) {
                refusal = fault(e);
            } catch (RuntimeException e) {
                refusal = e;
            }
            if (refusal != null) {
                statement.execute("ROLLBACK TO work");
            }
            statement.execute("RELEASE work");
        }

        void end(RuntimeException failed) {
            over = true;
            if (refusal == null) {
                refusal = failed;
            }
        }

        T answer() {
            if (refusal != null) {
                throw refusal;
            }
            return value;
        }
    }

    private void commitWaiting() {
        List<Pending<?>> together = new ArrayList<>();
        for (Pending<?> next = waiting.poll(); next != null; next = waiting.poll()) {
            together.add(next);
        }
        RuntimeException failed = null;
        try {
            transaction(together);
        } catch (SQLException e) {
            failed = fault(e);
        } catch (RuntimeException e) {
            failed = e;
        }
        for (Pending<?> one : together) {
            one.end(failed);
        }
    }

    /** Runs a query. */
    public <T> T read(Work<T> work) {
        if (lock.isHeldByCurrentThread()) {
            return inside(work);
        }
        reading.lock();
        try {
            return work.on(reader);
        } catch (SQLException e) {
            throw fault(e);
        } finally {
            reading.unlock();
        }
    }

    private void transaction(List<Pending<?>> together) throws SQLException {
        connection.setAutoCommit(false);
        boolean committed = false;
        try (Statement statement = connection.createStatement()) {
            for (Pending<?> one : together) {
                one.run(statement);
            }
            connection.commit();
            committed = true;
            checkpoints.committed();
        } finally {
            if (!committed) {
                connection.rollback();
            }
            connection.setAutoCommit(true);
        }
    }

    private SelvageException fault(SQLException e) {
        boolean full = String.valueOf(e.getMessage()).contains("SQLITE_FULL");
        return new SelvageException(
                full ? ErrorCode.STORAGE_FULL : ErrorCode.JOURNAL_CORRUPT,
                "The database " + file.getFileName() + " failed: " + e.getMessage(),
                e);
    }

    private static void closeQuietly(Connection connection) {
        if (connection != null) {
            try {
                connection.close();
            } catch (SQLException ignored) {
                // the fault that led here says more
            }
        }
    }

    @Override
    public void close() {
        lock.lock();
        reading.lock();
        try {
            checkpoints.close();
            reader.close();
            connection.close();
        } catch (SQLException e) {
            throw fault(e);
        } finally {
            reading.unlock();
            lock.unlock();
        }
    }
}
