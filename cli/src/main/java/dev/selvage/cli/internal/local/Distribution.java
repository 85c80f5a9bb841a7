package dev.selvage.cli.internal.local;

import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Properties;

/**
 * The built programs: {@code lib} for command, agent and embedded ledger, one folder under {@code lib-chaincode} for each chaincode.
 *
 * @param root its folder
 */
public record Distribution(Path root) {
    /** The class path of the command, the agent and the embedded ledger. */
    public List<Path> library() {
        return jars(root.resolve("lib"));
    }

    /** The class path of a chaincode. */
    public List<Path> chaincode(String name) {
        return jars(root.resolve("lib-chaincode").resolve(name));
    }

    /** The chaincodes that every network has, in the order of their places. */
    List<ServedChaincode> chaincodes() {
        return served().stream().filter(ServedChaincode::always).toList();
    }

    /**
     * The chaincode of that name.
     *
     * @throws SelvageException FILE_UNREADABLE
     */
    ServedChaincode chaincodeNamed(String name) {
        return ServedChaincode.in(root.resolve("lib-chaincode").resolve(name))
                .orElseThrow(() -> new SelvageException(
                        ErrorCode.FILE_UNREADABLE, "The jars of the chaincode " + name + " do not say what it is."));
    }

    /** All chaincodes that were built, in the order of their places. */
    List<ServedChaincode> served() {
        try (var folders = Files.list(root.resolve("lib-chaincode"))) {
            return folders.filter(Files::isDirectory)
                    .flatMap(folder -> ServedChaincode.in(folder).stream())
                    .sorted(Comparator.comparingInt(ServedChaincode::place))
                    .toList();
        } catch (IOException e) {
            throw new SelvageException(
                    ErrorCode.FILE_UNREADABLE, "The built chaincodes are not in " + root + ": run ./selvage once.", e);
        }
    }

    /** The class path of something beside an engine: {@code h2}, {@code http-service}, {@code nyc-delays}. */
    public List<Path> engine(String name) {
        return jars(root.resolve("lib-engines").resolve(name));
    }

    /** Where class-data archives are kept; they only save time. */
    public Path archives() {
        return root.resolve("cds");
    }

    /** Version and time of the build. */
    public Properties build() {
        var properties = new Properties();
        var file = root.resolve("build.properties");
        if (Files.exists(file)) {
            try (var in = Files.newInputStream(file)) {
                properties.load(in);
            } catch (IOException e) {
                throw new SelvageException(ErrorCode.FILE_UNREADABLE, file + " cannot be read: " + e.getMessage(), e);
            }
        }
        return properties;
    }

    /** The jars of a folder in the order of their names, so that class-data archives fit from one start to the next. */
    public static List<Path> jars(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new SelvageException(
                    ErrorCode.FILE_UNREADABLE, "The built programs are not in " + folder + ": run ./selvage once.");
        }
        try (var files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".jar"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
