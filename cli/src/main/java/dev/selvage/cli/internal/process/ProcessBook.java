package dev.selvage.cli.internal.process;

import dev.selvage.model.CanonicalJson;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The processes of one data folder, a file for each in {@code pids}. A file whose process is gone counts for nothing, so what a crash left
 * behind never hinders a start.
 */
public final class ProcessBook {
    private static final String ENDING = ".json";
    private static final int LARGEST = 4096;

    private final Path folder;

    public ProcessBook(Path folder) {
        this.folder = folder;
    }

    /** Remembers a process; before its starter does anything else. */
    public void add(ProcessRecord record) {
        try {
            Files.createDirectories(folder);
            var fresh = folder.resolve("." + record.name() + ".new");
            Files.write(fresh, CanonicalJson.bytes(record));
            Files.move(fresh, file(record.name()), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new SelvageException(ErrorCode.FILE_UNREADABLE, folder + " cannot be written: " + e.getMessage(), e);
        }
    }

    /** The process of that name, if it runs. */
    public Optional<ProcessHandle> running(String name) {
        return read(file(name)).flatMap(ProcessRecord::process);
    }

    /** Those that run, in the order of stopping. */
    public List<ProcessRecord> running() {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        List<ProcessRecord> found = new ArrayList<>();
        try (var files = Files.newDirectoryStream(folder, "*" + ENDING)) {
            for (Path file : files) {
                read(file).filter(record -> record.process().isPresent()).ifPresent(found::add);
            }
        } catch (IOException e) {
            throw new SelvageException(ErrorCode.FILE_UNREADABLE, folder + " cannot be read: " + e.getMessage(), e);
        }
        found.sort(Comparator.comparing(ProcessRecord::kind).thenComparing(ProcessRecord::name));
        return found;
    }

    /**
     * Ends a process and what it started: asks first, insists after the grace.
     *
     * @return whether there was one
     */
    public boolean stop(String name, Duration grace) {
        var process = running(name);
        process.ifPresent(handle -> end(handle, grace));
        forget(name);
        return process.isPresent();
    }

    /** Ends several processes at a time, those of one kind together. */
    public List<ProcessRecord> stopAll(Duration grace) {
        var all = running();
        for (var kind : ProcessRecord.Kind.values()) {
            var records = all.stream().filter(record -> record.kind() == kind).toList();
            records.forEach(record -> record.process().ifPresent(ProcessHandle::destroy));
            records.forEach(record -> stop(record.name(), grace));
        }
        return all;
    }

    private void forget(String name) {
        try {
            Files.deleteIfExists(file(name));
        } catch (IOException e) {
            throw new SelvageException(ErrorCode.FILE_UNREADABLE, file(name) + " cannot be removed", e);
        }
    }

    private static void end(ProcessHandle process, Duration grace) {
        var children = process.descendants().toList();
        process.destroy();
        if (!ended(process, grace)) {
            process.destroyForcibly();
            ended(process, Duration.ofSeconds(5));
        }
        children.stream().filter(ProcessHandle::isAlive).forEach(ProcessHandle::destroyForcibly);
    }

    private static boolean ended(ProcessHandle process, Duration patience) {
        CompletableFuture<ProcessHandle> exit = process.onExit();
        try {
            exit.get(patience.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            return !process.isAlive();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return !process.isAlive();
        }
    }

    private static Optional<ProcessRecord> read(Path file) {
        try {
            if (!Files.exists(file) || Files.size(file) > LARGEST) {
                return Optional.empty();
            }
            return Optional.of(CanonicalJson.read(Files.readAllBytes(file), ProcessRecord.class));
        } catch (IOException | SelvageException unreadable) {
            return Optional.empty(); // a torn file tells of no process
        }
    }

    private Path file(String name) {
        return folder.resolve(name + ENDING);
    }
}
