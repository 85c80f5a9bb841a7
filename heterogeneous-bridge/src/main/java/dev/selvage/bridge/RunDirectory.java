package dev.selvage.bridge;

import dev.selvage.engine.EngineInput;
import dev.selvage.engine.InputPlace;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Puts inputs into a run's directory. */
final class RunDirectory {
    private RunDirectory() {}

    /**
     * Writes an input's bytes to a file, once.
     *
     * @throws SelvageException NOT_SUPPORTED when it has none at hand, STORAGE_FULL when they cannot be written
     */
    static Path place(EngineInput input, Path file) {
        try {
            Files.createDirectories(file.getParent());
            if (input.place() instanceof InputPlace.Inline inline) {
                Files.write(file, inline.bytes());
            } else if (input.place() instanceof InputPlace.OnDisk source) {
                Files.copy(source.path(), file, StandardCopyOption.REPLACE_EXISTING);
            } else {
                throw new SelvageException(
                        ErrorCode.NOT_SUPPORTED,
                        "The input \"" + input.name() + "\" stays where it is; this engine needs its bytes.");
            }
            return file;
        } catch (IOException e) {
            throw new SelvageException(
                    ErrorCode.STORAGE_FULL,
                    "The input \"" + input.name() + "\" cannot be put into the run's folder.",
                    e);
        }
    }
}
