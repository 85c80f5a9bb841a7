package dev.selvage.cli.internal.local;

import dev.selvage.agent.EngineSource;
import dev.selvage.agent.ProcessBook;
import dev.selvage.bridge.BridgeSettings;
import dev.selvage.bridge.ChildListener;
import dev.selvage.bridge.EngineLoader;
import dev.selvage.engine.BuiltinEngine;
import dev.selvage.engine.StandardEngine;
import dev.selvage.formats.config.NodeConfig;
import dev.selvage.formats.workflow.OperationFile;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.Operation;
import dev.selvage.model.SelvageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * The engines of a node: the built-in one, and one for each {@code *.yaml} of its engine folder. {@code operations} in that folder holds the
 * operations that they implement, {@code drivers} further JDBC drivers.
 */
public final class EngineFolder implements EngineSource {
    private static final int BUILTIN_RUNS = 16;

    private final NodeConfig config;
    private final Function<String, String> environment;

    /** @param environment where engine files' {@code env:NAME} secrets are looked up */
    public EngineFolder(NodeConfig config, Function<String, String> environment) {
        this.config = config;
        this.environment = environment;
    }

    @Override
    public List<StandardEngine> load(ProcessBook processes) {
        var settings = settings(new ChildListener() {
            @Override
            public void started(String engine, long pid, Instant start) {
                processes.started(engine, pid, start);
            }

            @Override
            public void ended(String engine, long pid) {
                processes.ended(pid);
            }
        });
        List<StandardEngine> engines = new ArrayList<>();
        engines.add(BuiltinEngine.open(config.data().resolve("kept"), BUILTIN_RUNS));
        engines.addAll(new EngineLoader(settings).loadAll(yamlFiles(config.engines())));
        return engines;
    }

    private BridgeSettings settings(ChildListener children) {
        var drivers = config.engines().resolve("drivers");
        return new BridgeSettings(
                config.data().resolve("logs"),
                Files.isDirectory(drivers) ? Optional.of(drivers) : Optional.empty(),
                operations(),
                children,
                environment);
    }

    /**
     * The operations that the node knows, by id.
     *
     * @throws SelvageException OPERATION_INVALID; DUPLICATE when two files define one id
     */
    public Map<String, Operation> operations() {
        Map<String, Operation> known = new TreeMap<>(BuiltinEngine.builtinOperations());
        for (Path file : yamlFiles(config.engines().resolve("operations"))) {
            var operation = OperationFile.read(file);
            var before = known.put(operation.operation(), operation);
            if (before != null && !before.digest().equals(operation.digest())) {
                throw new SelvageException(
                        ErrorCode.DUPLICATE,
                        file + " defines " + operation.operation() + " once more, and differently.");
            }
        }
        return known;
    }

    private static List<Path> yamlFiles(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (var files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".yaml"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new SelvageException(ErrorCode.FILE_UNREADABLE, folder + " cannot be read: " + e.getMessage(), e);
        }
    }
}
