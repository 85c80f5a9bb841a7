package dev.selvage.agent.store;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the write-ahead log of a SQLite file home into the file, beside the commits: otherwise every so many commits one of them would wait
 * for hundreds of pages and two syncs.
 */
final class Checkpoints implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Checkpoints.class);
    private static final int COMMITS = 256;
    /** One at a time in this process; the thread ends with it. */
    private static final ExecutorService WORKER = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "checkpoints");
        thread.setDaemon(true);
        return thread;
    });

    private final Path file;
    private final AtomicBoolean busy = new AtomicBoolean();
    private int commits;
    private boolean closed;

    Checkpoints(Path file) {
        this.file = file.toAbsolutePath();
    }

    /** A transaction was committed; under the writer's lock. */
    void committed() {
        if (++commits % COMMITS == 0 && busy.compareAndSet(false, true)) {
            WORKER.execute(this::run);
        }
    }

    private synchronized void run() {
        if (closed) {
            return;
        }
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA wal_checkpoint(PASSIVE)");
        } catch (SQLException e) {
            LOG.warn("the log of {} stays long for now: {}", file.getFileName(), e.getMessage());
        } finally {
            busy.set(false);
        }
    }

    /** Waits for a checkpoint under way; none begins any more. */
    @Override
    public synchronized void close() {
        closed = true;
    }
}
