package dev.selvage.engine;

import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** Paths that an engine names, held inside its run's directory. */
public final class RunFiles {
    private RunFiles() {}

    /** As {@link #inside(Path, Path)}, of the text that an engine gave. */
    public static Path inside(Path directory, String text) {
        try {
            return inside(directory, Path.of(text));
        } catch (InvalidPathException e) {
            throw refused(text);
        }
    }

    /**
     * The real path of a regular file that lies in the directory, whether named relative to it or absolutely.
     *
     * @throws SelvageException OUTPUT_INVALID when there is no such file or it lies elsewhere, by ".." or by a link
     */
    public static Path inside(Path directory, Path file) {
        try {
            var real = directory.resolve(file).toRealPath();
            if (!real.startsWith(directory.toRealPath()) || !Files.isRegularFile(real, LinkOption.NOFOLLOW_LINKS)) {
                throw refused(file.toString());
            }
            return real;
        } catch (IOException e) {
            throw new SelvageException(
                    ErrorCode.OUTPUT_INVALID, "The engine named an output file that is not there: " + file + ".", e);
        }
    }

    private static SelvageException refused(String name) {
        return new SelvageException(
                ErrorCode.OUTPUT_INVALID, "The engine named a file outside its run's directory: " + name + ".");
    }
}
