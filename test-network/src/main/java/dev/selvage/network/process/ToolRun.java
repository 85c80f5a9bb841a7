package dev.selvage.network.process;

import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A program run to its end. It writes into a file, so that neither a full pipe nor somebody who inherited it holds anything up; it is killed
 * when its time is over or the caller is interrupted.
 *
 * @param ended whether it ended by itself in its time
 * @param status with which it ended; meaningless if it did not
 * @param text what it wrote, standard error included, of which the first {@link #LARGEST} bytes are read
 */
public record ToolRun(boolean ended, int status, String text) {
    static final int LARGEST = 4 << 20;

    /**
     * Runs a program.
     *
     * @param output what it writes, replaced if it exists; the caller removes it
     * @throws SelvageException INTERRUPTED
     * @throws IOException when it cannot be started
     */
    public static ToolRun of(List<String> command, Map<String, String> environment, Path output, Duration limit)
            throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(output.toAbsolutePath().getParent().toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        Children.setEnvironment(builder, environment);
        Process process = builder.start();
        try {
            process.getOutputStream().close();
            boolean ended = process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
            return new ToolRun(ended, ended ? process.exitValue() : -1, text(output));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SelvageException(ErrorCode.INTERRUPTED, "interrupted while " + command.get(0) + " ran", e);
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    /** Whether it ended well. */
    public boolean succeeded() {
        return ended && status == 0;
    }

    private static String text(Path output) throws IOException {
        try (var in = Files.newInputStream(output)) {
            return new String(in.readNBytes(LARGEST), StandardCharsets.UTF_8);
        }
    }
}
