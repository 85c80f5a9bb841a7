package dev.selvage.bridge;

import dev.selvage.formats.YamlMap;
import dev.selvage.formats.YamlValue;
import dev.selvage.model.Operation;
import dev.selvage.model.Suggestion;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Checks what a mapping says of outputs against the operation, where the node knows it. */
final class Outputs {
    private Outputs() {}

    /** Notes outputs that the operation does not declare, and declared ones that are missing. */
    static void checkNames(YamlValue outputs, Operation operation) {
        if (operation == null || !outputs.isMap()) {
            return;
        }
        var map = outputs.map();
        for (String name : map.keys()) {
            if (!operation.outputs().containsKey(name)) {
                map.problem(
                        name,
                        operation.operation() + " has no output \"" + name + "\""
                                + Suggestion.among(name, operation.outputs().keySet()));
            }
        }
        for (String name : operation.outputs().keySet()) {
            if (!map.has(name)) {
                outputs.problem("the output \"" + name + "\" of " + operation.operation() + " is missing");
            }
        }
    }

    /** Reads {@code as}: it must be what the operation says. Null where it is left out. */
    static String mediaType(YamlMap output, String name, Operation operation) {
        var value = output.optional("as");
        var type = value.string();
        var spec = operation == null ? null : operation.outputs().get(name);
        if (type != null
                && spec != null
                && spec.mediaType() != null
                && !spec.mediaType().equals(type)) {
            value.problem("the operation says " + spec.mediaType());
        }
        return type;
    }

    /**
     * Reads {@code columns}: a list of names that are the same on both sides, or a map from the operation's names to the engine's.
     */
    static Map<String, String> columns(YamlMap output, String name, Operation operation) {
        var value = output.optional("columns");
        Map<String, String> columns = new LinkedHashMap<>();
        if (value.isList()) {
            value.list().strings().forEach(column -> columns.put(column, column));
        } else if (value.present()) {
            value.map().each(element -> columns.put(element.key(), element.string("")));
        }
        var spec = operation == null ? null : operation.outputs().get(name);
        if (!value.present() || spec == null) {
            return columns;
        }
        List<String> declared =
                spec.columns().stream().map(Operation.Column::name).toList();
        for (String column : columns.keySet()) {
            if (!declared.contains(column)) {
                value.problem("the operation has no column \"" + column + "\"" + Suggestion.among(column, declared));
            }
        }
        for (String column : declared) {
            if (!columns.containsKey(column)) {
                value.problem("the column \"" + column + "\" of the operation is missing");
            }
        }
        return columns;
    }
}
