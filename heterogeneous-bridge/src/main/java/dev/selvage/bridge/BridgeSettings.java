package dev.selvage.bridge;

import dev.selvage.model.Operation;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * What engine files need of the node that loads them.
 *
 * @param logs the folder for what child processes write to stderr
 * @param drivers the folder with further JDBC drivers' jars
 * @param operations the operations that the node knows, by id: mappings are checked against them and offered by their digest
 * @param children learns of child processes
 * @param environment where {@code env:NAME} secrets are looked up
 */
public record BridgeSettings(
        Path logs,
        Optional<Path> drivers,
        Map<String, Operation> operations,
        ChildListener children,
        Function<String, String> environment) {
    public BridgeSettings {
        operations = Map.copyOf(operations);
    }

    /** With the process's own environment, no further drivers, and nobody who listens. */
    public static BridgeSettings of(Path logs, Map<String, Operation> operations) {
        return new BridgeSettings(logs, Optional.empty(), operations, ChildListener.NONE, System::getenv);
    }
}
