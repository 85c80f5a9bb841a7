package dev.selvage.agent.data;

/** Asks an engine about a table that it holds. */
@FunctionalInterface
public interface TableProbe {
    /**
     * A table as it is now.
     *
     * @param version of its content as the engine tells it; empty when it tells none
     */
    record TableState(long rows, String version) {}

    /**
     * Looks at a table.
     *
     * @throws dev.selvage.model.SelvageException NO_ENGINE, DATA_UNKNOWN, ENGINE_UNREACHABLE and the like
     */
    TableState look(String engine, String table);
}
