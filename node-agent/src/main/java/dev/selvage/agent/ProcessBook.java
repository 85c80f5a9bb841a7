package dev.selvage.agent;

import dev.selvage.agent.store.Database;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Child processes by pid and start time, so that none of them outlives the agent that started it for long. Thread-safe. */
public final class ProcessBook implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ProcessBook.class);
    private static final List<List<String>> SCHEMAS =
            List.of(List.of("CREATE TABLE process (pid INTEGER NOT NULL, start TEXT NOT NULL, engine TEXT NOT NULL,"
                    + " PRIMARY KEY (pid, start)) WITHOUT ROWID"));
    private static final long END_SECONDS = 5;

    private final Database database;

    private ProcessBook(Database database) {
        this.database = database;
    }

    static ProcessBook open(Path file) {
        return new ProcessBook(Database.open(file, SCHEMAS));
    }

    /**
     * A process was started; durable on return.
     *
     * @param start the system's start time of the process: with the pid it names one process for good
     */
    public void started(String engine, long pid, Instant start) {
        database.write(c -> c.update(
                "INSERT OR REPLACE INTO process (pid, start, engine) VALUES (?, ?, ?)", pid, start.toString(), engine));
    }

    public void ended(long pid) {
        database.write(c -> c.update("DELETE FROM process WHERE pid = ?", pid));
    }

    private record Child(long pid, String start, String engine) {}

    /** Ends what an earlier agent left behind, with what those processes started. */
    void reap() {
        List<Child> left = database.read(c -> c.rows(
                row -> new Child(row.getLong(1), row.getString(2), row.getString(3)),
                "SELECT pid, start, engine FROM process"));
        for (Child child : left) {
            ProcessHandle.of(child.pid())
                    .filter(process -> process.info()
                            .startInstant()
                            .map(start -> start.toString().equals(child.start()))
                            .orElse(false))
                    .ifPresent(process -> end(process, child.engine()));
            ended(child.pid());
        }
    }

    private static void end(ProcessHandle root, String engine) {
        LOG.info("engine={} process {} of an earlier start is ended", engine, root.pid());
        Stream.concat(root.descendants(), Stream.of(root)).toList().forEach(ProcessHandle::destroyForcibly);
        try {
            root.onExit().get(END_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException | java.util.concurrent.ExecutionException e) {
            LOG.warn("engine={} process {} does not end", engine, root.pid());
        }
    }

    @Override
    public void close() {
        database.close();
    }
}
