package dev.selvage.integrity.tuning;

import dev.selvage.model.CanonicalJson;
import dev.selvage.model.SelvageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/** Where a measurement is kept: {@code hash-tuning.json} in a data folder, for that folder and those in it. */
public final class TuningFile {
    public static final String NAME = "hash-tuning.json";

    private static final int MOST_BYTES = 1 << 20;
    private static final int FOLDERS_UP = 4;

    private TuningFile() {}

    /**
     * What a look for a measurement found.
     *
     * @param tuning that was made on this machine
     * @param absent why there is none, for a person; empty when there is one
     */
    public record Found(Optional<Tuning> tuning, String absent) {}

    /** The measurement of a data folder, or of the nearest one above it that has one. */
    public static Found find(Path folder, Machine machine) {
        Path at = folder.toAbsolutePath().normalize();
        for (int up = 0; up < FOLDERS_UP && at != null; up++, at = at.getParent()) {
            Path file = at.resolve(NAME);
            if (Files.isRegularFile(file)) {
                return read(file, machine);
            }
        }
        return none("nothing was measured on this machine (selvage data tune)");
    }

    private static Found read(Path file, Machine machine) {
        try {
            if (Files.size(file) > MOST_BYTES) {
                return none("the measurement is not readable (selvage data tune)");
            }
            var tuning = CanonicalJson.read(Files.readAllBytes(file), Tuning.class);
            return tuning.machine().equals(machine)
                    ? new Found(Optional.of(tuning), "")
                    : none("the measurement belongs to another machine (selvage data tune)");
        } catch (IOException | SelvageException e) {
            return none("the measurement is not readable (selvage data tune)");
        }
    }

    private static Found none(String reason) {
        return new Found(Optional.empty(), reason);
    }

    /** Keeps a measurement; it appears whole or not at all. */
    public static Path write(Path folder, Tuning tuning) throws IOException {
        Files.createDirectories(folder);
        Path file = folder.resolve(NAME);
        Path fresh = folder.resolve(NAME + ".new");
        Files.write(fresh, CanonicalJson.bytes(tuning));
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        return file;
    }
}
