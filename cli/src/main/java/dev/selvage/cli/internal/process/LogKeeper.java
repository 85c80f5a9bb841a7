package dev.selvage.cli.internal.process;

import dev.selvage.network.process.LogFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the logs of a folder within their bound for as long as this process runs. */
public final class LogKeeper {
    private static final Logger LOG = LoggerFactory.getLogger(LogKeeper.class);
    private static final Duration PERIOD = Duration.ofSeconds(20);

    private LogKeeper() {}

    /** Starts keeping; a folder may come into being later. */
    public static void start(List<Path> folders) {
        ScheduledExecutorService keeper = Executors.newSingleThreadScheduledExecutor(task -> {
            var thread = new Thread(task, "log-keeper");
            thread.setDaemon(true);
            return thread;
        });
        var unused = keeper.scheduleWithFixedDelay(
                () -> folders.stream().filter(Files::isDirectory).forEach(LogKeeper::keep),
                PERIOD.toMillis(),
                PERIOD.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    private static void keep(Path folder) {
        try (var logs = Files.newDirectoryStream(folder, "*.log")) {
            for (Path log : logs) {
                LogFile.rotate(log);
            }
        } catch (IOException e) {
            LOG.warn("logs in {} cannot be kept within their bound: {}", folder, e.toString());
        }
    }
}
