package dev.selvage.bridge;

import java.util.Map;

/**
 * How a database carries out an operation.
 *
 * @param bind values by their names in the statement
 * @param output the one output, made of the rows
 * @param columns the result's column for each of the operation's, by name; empty: the same names
 * @param record the table in which a writing statement records its runs; null where a run may be repeated
 */
record JdbcMapping(
        Statement statement, Map<String, Template> bind, String output, Map<String, String> columns, String record)
        implements EngineFile.Mapping {
    JdbcMapping {
        bind = Map.copyOf(bind);
        columns = Map.copyOf(columns);
    }
}
