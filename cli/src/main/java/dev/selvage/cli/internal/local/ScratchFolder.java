package dev.selvage.cli.internal.local;

import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A folder for as long as a command runs.
 *
 * @param path of the folder
 */
public record ScratchFolder(Path path) implements AutoCloseable {
    /** Makes one. */
    public static ScratchFolder make() {
        try {
            return new ScratchFolder(Files.createTempDirectory("selvage-").toRealPath());
        } catch (IOException e) {
            throw new SelvageException(
                    ErrorCode.FILE_UNREADABLE, "No temporary folder can be made: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        Folders.remove(path);
    }
}
