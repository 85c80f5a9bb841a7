package dev.selvage.cli.internal;

import dev.selvage.bridge.BridgeSettings;
import dev.selvage.bridge.ChildListener;
import dev.selvage.bridge.EngineLoader;
import dev.selvage.engine.BuiltinEngine;
import dev.selvage.engine.StandardEngine;
import dev.selvage.formats.workflow.OperationFile;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.Operation;
import dev.selvage.model.SelvageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/** Engine files on their own, outside of a node: to try them. */
final class EngineFiles {
    /** How many folders up the operations of an engine file are looked for. */
    private static final int UPWARDS = 4;

    private final Path file;
    private final Map<String, Operation> operations;
    private final Path scratch;
    private final Function<String, String> environment;

    /**
     * @param given operation files; where none is given, those in the nearest folder {@code operations} above the engine file
     * @param scratch an empty folder for logs and runs
     * @param environment where {@code env:NAME} secrets are looked up
     */
    EngineFiles(Path file, List<Path> given, Path scratch, Function<String, String> environment) {
        this.file = file;
        this.scratch = scratch;
        this.environment = environment;
        this.operations = new TreeMap<>(BuiltinEngine.builtinOperations());
        for (Path one : given.isEmpty() ? nearby(file.toAbsolutePath().normalize()) : given) {
            var operation = OperationFile.read(one.toAbsolutePath());
            operations.put(operation.operation(), operation);
        }
    }

    /** The engine, not started yet; to be closed. */
    StandardEngine open() {
        var drivers = file.resolveSibling("drivers");
        return new EngineLoader(new BridgeSettings(
                        scratch.resolve("logs"),
                        Files.isDirectory(drivers) ? Optional.of(drivers) : Optional.empty(),
                        operations,
                        ChildListener.NONE,
                        environment))
                .load(file);
    }

    /** Whether the operation's file is at hand. */
    boolean knows(String id) {
        return operations.containsKey(id);
    }

    /**
     * The operation's text.
     *
     * @throws SelvageException FILE_UNREADABLE when no operation file of that id is at hand
     */
    Operation operation(String id) {
        var operation = operations.get(id);
        if (operation == null) {
            throw new SelvageException(
                    ErrorCode.FILE_UNREADABLE,
                    "No file of the operation " + id + " was found beside " + file
                            + " or above it, in a folder \"operations\": name it with --operation FILE.");
        }
        return operation;
    }

    private static List<Path> nearby(Path file) {
        var folder = file.getParent();
        for (int i = 0; i < UPWARDS && folder != null; i++) {
            var operations = folder.resolve("operations");
            if (Files.isDirectory(operations)) {
                try (var files = Files.list(operations)) {
                    return files.filter(one -> one.toString().endsWith(".yaml"))
                            .sorted()
                            .toList();
                } catch (IOException e) {
                    throw new SelvageException(ErrorCode.FILE_UNREADABLE, operations + " cannot be read.", e);
                }
            }
            folder = folder.getParent();
        }
        return List.of();
    }
}
