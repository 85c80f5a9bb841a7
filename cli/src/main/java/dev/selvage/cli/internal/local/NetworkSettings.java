package dev.selvage.cli.internal.local;

import dev.selvage.model.CanonicalJson;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What was chosen when a local network was first started, so that later commands need not be told again.
 *
 * @param portShift added to every port
 * @param fabric folder of the Fabric binaries that run the ledger; null for the embedded ledger
 */
record NetworkSettings(int portShift, String fabric) {
    private static final int LARGEST = 4096;

    NetworkSettings {
        if (portShift < 0 || portShift > NetworkPorts.LARGEST_SHIFT) {
            throw new SelvageException(
                    ErrorCode.CONFIG_INVALID,
                    "The port shift is from 0 to " + NetworkPorts.LARGEST_SHIFT + ", not " + portShift + ".");
        }
    }

    /** The settings of a data folder; the usual ones where nothing was ever started. */
    static NetworkSettings read(DataFolder data) {
        var file = file(data);
        try {
            if (!Files.exists(file)) {
                return new NetworkSettings(0, null);
            }
            if (Files.size(file) > LARGEST) {
                throw new SelvageException(ErrorCode.CONFIG_INVALID, file + " is not a network's settings.");
            }
            return CanonicalJson.read(Files.readAllBytes(file), NetworkSettings.class);
        } catch (IOException e) {
            throw new SelvageException(ErrorCode.FILE_UNREADABLE, file + " cannot be read: " + e.getMessage(), e);
        }
    }

    /**
     * Keeps what is asked for now; null leaves as it is.
     *
     * @param binaries folder of Fabric's binaries
     * @throws SelvageException CONFIG_INVALID when a ledger was made with other settings
     */
    static void settle(DataFolder data, Integer shift, Path binaries) {
        var before = read(data);
        var wanted = new NetworkSettings(
                shift == null ? before.portShift() : shift,
                binaries == null
                        ? before.fabric()
                        : binaries.toAbsolutePath().normalize().toString());
        if (!wanted.equals(before) && Files.exists(data.ledger())) {
            throw new SelvageException(
                    ErrorCode.CONFIG_INVALID,
                    "The network in " + data.root() + " was made with port shift " + before.portShift() + " on "
                            + (before.fabric() == null ? "the embedded ledger" : "the Fabric of " + before.fabric())
                            + ". Use another --data folder for another one, or begin anew: selvage network up --reset.");
        }
        wanted.write(data);
    }

    void write(DataFolder data) {
        WholeFile.write(file(data), CanonicalJson.text(this) + "\n");
    }

    private static Path file(DataFolder data) {
        return data.root().resolve("network.json");
    }
}
