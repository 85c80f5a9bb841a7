package dev.selvage.cli.internal.quickstart;

import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import java.util.zip.GZIPInputStream;

/** Brings the example's files to where the nodes expect them. What is there and equal stays untouched. */
final class ExampleFiles {
    private static final int SECRET_BYTES = 24;

    private ExampleFiles() {}

    /**
     * Copies a text file.
     *
     * @param changes words of the file and what stands in their place
     */
    static void copy(Path from, Path to, Map<String, String> changes) {
        try {
            var text = Files.readString(from);
            for (var change : changes.entrySet()) {
                text = text.replace(change.getKey(), change.getValue());
            }
            if (!Files.exists(to) || !Files.readString(to).equals(text)) {
                Files.createDirectories(to.getParent());
                var fresh = fresh(to);
                Files.writeString(fresh, text);
                Files.move(fresh, to, StandardCopyOption.ATOMIC_MOVE);
            }
        } catch (IOException e) {
            throw failed(to, e);
        }
    }

    /** Copies a file whatever it is. */
    static void copyBytes(Path from, Path to) {
        try {
            if (!Files.exists(to) || Files.size(to) != Files.size(from)) {
                Files.createDirectories(to.getParent());
                Files.copy(from, fresh(to), StandardCopyOption.REPLACE_EXISTING);
                Files.move(fresh(to), to, StandardCopyOption.ATOMIC_MOVE);
            }
        } catch (IOException e) {
            throw failed(to, e);
        }
    }

    /** Unpacks a file, once. */
    static void unpack(Path from, Path to) {
        if (Files.exists(to)) {
            return;
        }
        try {
            Files.createDirectories(to.getParent());
            try (InputStream in = new GZIPInputStream(Files.newInputStream(from))) {
                Files.copy(in, fresh(to), StandardCopyOption.REPLACE_EXISTING);
            }
            Files.move(fresh(to), to, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw failed(to, e);
        }
    }

    /** The secret in a file that only its owner can read; drawn on first use. */
    static String secret(Path file) {
        try {
            if (!Files.exists(file)) {
                var bytes = new byte[SECRET_BYTES];
                new SecureRandom().nextBytes(bytes);
                Files.createDirectories(file.getParent());
                var fresh = fresh(file);
                Files.deleteIfExists(fresh);
                if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                    Files.createFile(
                            fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
                }
                Files.writeString(fresh, HexFormat.of().formatHex(bytes));
                Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
            }
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw failed(file, e);
        }
    }

    private static Path fresh(Path file) {
        return file.resolveSibling("." + file.getFileName() + ".new");
    }

    private static SelvageException failed(Path file, IOException e) {
        return new SelvageException(ErrorCode.FILE_UNREADABLE, file + " cannot be written: " + e.getMessage() + ".", e);
    }
}
