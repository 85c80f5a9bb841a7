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
import java.util.Properties;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A SQLite file with a connection for writing and one for reading: WAL, synchronous FULL, so that what was committed survives kill -9 and loss
 * of power. One transaction at a time; a query does not wait for a commit, and sees all that were over when it began. Each method may be
 * called from any thread. A write or query inside a write joins it.
 */
public final class Database implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Database.class);

    private final Path file;
    private final Connection connection;
    private final Connection reader;
    private final Session writing;
    private final Session asking;
    private final ReentrantLock lock = new ReentrantLock();
    private final ReentrantLock reading = new ReentrantLock();
    private final Queue<Pending<?>> waiting = new ConcurrentLinkedQueue<>();
    private final Checkpoints checkpoints;

    private Database(Path file, Connection connection, Connection reader) {
        this.file = file;
        this.connection = connection;
        this.reader = reader;
        this.writing = new Session(connection);
        this.asking = new Session(reader);
        this.checkpoints = new Checkpoints(file);
    }

    /** Work on what the database lends. Values are always bound, never pasted into SQL. */
    @FunctionalInterface
    public interface Work<T> {
        T on(Session session) throws SQLException;
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
            connection = connect(file);
            configure(connection, synchronous);
            reader = connect(file);
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

    private static Connection connect(Path file) throws SQLException {
        var properties = new Properties();
        properties.setProperty("jdbc.get_generated_keys", "false"); // else each update is followed by a query
        return DriverManager.getConnection("jdbc:sqlite:" + file.toAbsolutePath(), properties);
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
        int version =
                read(c -> c.first(row -> row.getInt(1), "PRAGMA user_version")).orElse(0);
        if (version > schemas.size()) {
            throw new SelvageException(
                    ErrorCode.JOURNAL_CORRUPT,
                    "The database " + file.getFileName() + " was written by a later version of this program.");
        }
        if (version == schemas.size()) {
            return;
        }
        write(c -> {
            for (var step : schemas.subList(version, schemas.size())) {
                for (String sql : step) {
                    c.update(sql);
                }
            }
            return c.update("PRAGMA user_version = " + schemas.size());
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
        var mine = new Pending<>(work, Thread.currentThread());
        waiting.add(mine);
        boolean interrupted = false;
        while (!mine.over) {
            if (lock.tryLock()) {
                try {
                    if (!mine.over) {
                        commitWaiting();
                    }
                } finally {
                    lock.unlock();
                    wakeNext();
                }
            } else {
                LockSupport.park(this); // whoever has the lock wakes the next after giving it back
                interrupted |= Thread.interrupted();
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return mine.answer();
    }

    private void wakeNext() {
        Pending<?> next = waiting.peek();
        if (next != null) {
            LockSupport.unpark(next.owner);
        }
    }

    /** Joins the write that this thread is in. */
    private <T> T inside(Work<T> work) {
        try {
            return work.on(writing);
        } catch (SQLException e) {
            throw fault(e);
        }
    }

    /** A work that waits for its commit; touched under the lock until it is over. */
    private final class Pending<T> {
        private final Work<T> work;
        private final Thread owner;
        private T value;
        private RuntimeException refusal;
        private volatile boolean over;

        Pending(Work<T> work, Thread owner) {
            this.work = work;
            this.owner = owner;
        }

        /** Runs within the common transaction; a fault of this work undoes this work alone. */
        void run(Statement statement) throws SQLException {
            statement.execute("SAVEPOINT work");
            try {
                value = work.on(writing);
            } catch (SQLException e) {
                refusal = fault(e);
                undo(statement, e);
            } catch (RuntimeException e) {
                refusal = e;
                statement.execute("ROLLBACK TO work");
            }
            statement.execute("RELEASE work");
        }

        private void undo(Statement statement, SQLException cause) throws SQLException {
            try {
                statement.execute("ROLLBACK TO work");
            } catch (SQLException gone) { // SQLite has ended the whole transaction, for the same cause
                cause.addSuppressed(gone);
                throw cause;
            }
        }

        void end(RuntimeException failed) {
            if (refusal == null) {
                refusal = failed;
            }
            over = true;
            LockSupport.unpark(owner);
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
        RuntimeException failed = new IllegalStateException("an error ended the transaction");
        try {
            transaction(together);
            failed = null;
        } catch (SQLException e) {
            failed = fault(e);
        } catch (RuntimeException e) {
            failed = e;
        } finally {
            for (Pending<?> one : together) {
                one.end(failed);
            }
        }
    }

    /** Runs a query. */
    public <T> T read(Work<T> work) {
        if (lock.isHeldByCurrentThread()) {
            return inside(work);
        }
        reading.lock();
        try {
            return work.on(asking);
        } catch (SQLException e) {
            throw fault(e);
        } finally {
            reading.unlock();
        }
    }

    private void transaction(List<Pending<?>> together) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("BEGIN IMMEDIATE");
            boolean committed = false;
            try {
                for (Pending<?> one : together) {
                    one.run(statement);
                }
                statement.execute("COMMIT");
                committed = true;
            } finally {
                if (!committed) {
                    rollBack(statement);
                }
            }
        }
        checkpoints.committed();
    }

    /** Ends a transaction that failed, unless SQLite has ended it itself, as it does when the disk is full. */
    private void rollBack(Statement statement) {
        try {
            statement.execute("ROLLBACK");
        } catch (SQLException e) {
            LOG.debug("{} had ended its transaction: {}", file.getFileName(), e.getMessage());
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
            wakeNext();
        }
    }
}
