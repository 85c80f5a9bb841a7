package dev.selvage.network.fabric;

import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file of a network's configuration. Who reads it finds it whole. What was written last is kept beside it in {@code .written}, by which
 * a file that somebody edited by hand is known: it stays as it is.
 */
final class WrittenFile {
    private static final Logger LOG = LoggerFactory.getLogger(WrittenFile.class);
    private static final String KEPT = ".written";

    private WrittenFile() {}

    /**
     * Writes the file, unless it says so already or was edited by hand.
     *
     * @param permissions such as {@code rw-r--r--}
     */
    static void write(Path file, String text, String permissions) {
        try {
            Path kept = file.resolveSibling(KEPT).resolve(file.getFileName());
            if (Files.exists(file) && Files.exists(kept)) {
                if (!Files.readString(file).equals(Files.readString(kept))) {
                    LOG.info("{} was edited by hand and stays as it is", file);
                    return;
                }
                if (Files.readString(file).equals(text)) {
                    return;
                }
            }
            Files.createDirectories(kept.getParent());
            // without the copy a crash in between would make the new file look edited
            Files.deleteIfExists(kept);
            replace(file, text, permissions);
            replace(kept, text, "rw-r--r--");
        } catch (IOException e) {
            throw new SelvageException(ErrorCode.FILE_UNREADABLE, "cannot write " + file, e);
        }
    }

    private static void replace(Path file, String text, String permissions) throws IOException {
        Path fresh = file.resolveSibling("." + file.getFileName() + ".new");
        Files.writeString(fresh, text);
        Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString(permissions));
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
