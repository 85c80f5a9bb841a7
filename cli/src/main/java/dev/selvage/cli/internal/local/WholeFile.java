package dev.selvage.cli.internal.local;

import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;

/** Small files that are there whole or not at all. */
public final class WholeFile {
    private WholeFile() {}

    /** Writes a file, in the place of the one that was there. */
    public static void write(Path file, String text) {
        try {
            Files.createDirectories(file.getParent());
            var fresh = file.resolveSibling("." + file.getFileName() + ".new");
            Files.writeString(fresh, text);
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new SelvageException(ErrorCode.FILE_UNREADABLE, file + " cannot be written: " + e.getMessage(), e);
        }
    }

    /** As {@link #write}, readable by its owner alone. */
    public static void writeSecret(Path file, byte[] content) {
        try {
            Files.createDirectories(file.getParent());
            var fresh = file.resolveSibling("." + file.getFileName() + ".new");
            Files.deleteIfExists(fresh);
            Files.createFile(fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.write(fresh, content);
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new SelvageException(ErrorCode.FILE_UNREADABLE, file + " cannot be written: " + e.getMessage(), e);
        }
    }

    /** Writes a file that is not there yet; one that somebody may have edited stays as it is. */
    static void writeNew(Path file, String text) {
        if (!Files.exists(file)) {
            write(file, text);
        }
    }
}
