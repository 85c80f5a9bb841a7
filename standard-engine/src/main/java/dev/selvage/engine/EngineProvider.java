package dev.selvage.engine;

import java.util.Map;

/**
 * An engine in Java that a node loads from a jar: a public class with a public constructor without parameters, named by {@code
 * connect.class} of an engine file with {@code transport: java}.
 */
public interface EngineProvider {
    /** The version of the engine's program, for the record of results. */
    String version();

    /** The computations by operation id. */
    Map<String, OperationHandler> operations();

    /** Whether equal requests give equal bytes. */
    default boolean deterministic() {
        return true;
    }
}
