package dev.selvage.agent.data;

import dev.selvage.agent.store.DurableFiles;
import dev.selvage.engine.RunKey;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.stream.Collectors;

/** A directory for each run, named by its key's hash: nothing that anybody wrote elsewhere becomes a path. Thread-safe. */
public final class RunDirectories {
    private final Path root;

    /** @param root made where it is not there */
    public RunDirectories(Path root) {
        this.root = root.toAbsolutePath().normalize();
        try {
            Files.createDirectories(this.root);
        } catch (IOException e) {
            throw failed("made", this.root, e);
        }
    }

    /** The run's directory, empty. */
    public RunDirectory fresh(RunKey key) {
        return new RunDirectory(path(key), true);
    }

    /** The run's directory as a crash left it, for an engine that is asked again; empty when there was none. */
    public RunDirectory again(RunKey key) {
        return new RunDirectory(path(key), false);
    }

    /** Removes the directories of all runs but these; after a start. */
    public int keepOnly(Collection<RunKey> running) {
        var names = running.stream().map(RunKey::hex32).collect(Collectors.toSet());
        int removed = 0;
        try (DirectoryStream<Path> paths = Files.newDirectoryStream(root)) {
            for (Path path : paths) {
                if (!names.contains(path.getFileName().toString())) {
                    DurableFiles.deleteTree(path);
                    removed++;
                }
            }
        } catch (IOException e) {
            throw failed("swept", root, e);
        }
        return removed;
    }

    private Path path(RunKey key) {
        return root.resolve(key.hex32());
    }

    static SelvageException failed(String what, Path path, IOException e) {
        boolean full = String.valueOf(e.getMessage()).contains("No space left");
        return new SelvageException(
                full ? ErrorCode.STORAGE_FULL : ErrorCode.FILE_UNREADABLE,
                "The run directory " + path.getFileName() + " cannot be " + what + ": " + e.getMessage(),
                e);
    }
}
