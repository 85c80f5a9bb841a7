package dev.selvage.cli.internal.local;

import dev.selvage.model.ErrorCode;
import dev.selvage.model.Names;
import dev.selvage.model.SelvageException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;
import java.util.jar.JarFile;

/**
 * A chaincode that comes with Selvage, as a process on a class path of its own. One of its jars tells about it in {@code
 * META-INF/selvage-chaincode.properties}: {@code main}, a class that takes {@code --address HOST:PORT --id ID} and, for mutual TLS,
 * {@code --tls-cert FILE --tls-key FILE --tls-client-ca FILE}; {@code place}; {@code deploy}, which is {@code always} or {@code asked}.
 *
 * @param name on the channel, and of its class path
 * @param mainClass where it begins
 * @param place among the chaincodes: its port counts from there
 * @param always whether every network has it, rather than those that were asked for it
 */
record ServedChaincode(String name, String mainClass, int place, boolean always) {
    private static final String ENTRY = "META-INF/selvage-chaincode.properties";
    private static final int LARGEST = 4096;
    private static final int LAST_PLACE = 8;

    ServedChaincode {
        Names.component("The chaincode", name);
        if (mainClass == null || place < 0 || place > LAST_PLACE) {
            throw new SelvageException(
                    ErrorCode.CONFIG_INVALID,
                    "The chaincode " + name + " has no main class, or a place beyond " + LAST_PLACE + ".");
        }
    }

    /** What a folder of jars tells of the chaincode in it. */
    static Optional<ServedChaincode> in(Path folder) {
        for (Path jar : Distribution.jars(folder)) {
            try (var content = new JarFile(jar.toFile())) {
                var entry = content.getJarEntry(ENTRY);
                if (entry != null && entry.getSize() <= LARGEST) {
                    var told = new Properties();
                    try (var in = content.getInputStream(entry)) {
                        told.load(in);
                    }
                    return Optional.of(new ServedChaincode(
                            folder.getFileName().toString(),
                            told.getProperty("main"),
                            Integer.parseInt(told.getProperty("place", "-1")),
                            told.getProperty("deploy", "").equals("always")));
                }
            } catch (IOException | NumberFormatException e) {
                throw new SelvageException(
                        ErrorCode.FILE_UNREADABLE, jar + " cannot be read: " + e.getMessage() + ".", e);
            }
        }
        return Optional.empty();
    }
}
