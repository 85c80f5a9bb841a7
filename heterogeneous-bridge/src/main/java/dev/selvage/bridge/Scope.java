package dev.selvage.bridge;

import com.fasterxml.jackson.databind.JsonNode;
import dev.selvage.model.Operation;
import dev.selvage.model.Schema;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The names that an expression may use, with their types. Names with a dot are declared one by one, so that a wrong one is found when
 * the file is loaded.
 */
final class Scope {
    /** What a name stands for. */
    enum Kind {
        INTEGER,
        TEXT,
        TRUTH,
        LIST,
        MAP,
        /** Known only when the run is there. */
        ANY
    }

    private final Map<String, Kind> names;

    private Scope(Map<String, Kind> names) {
        this.names = names;
    }

    Map<String, Kind> names() {
        return names;
    }

    /**
     * What every expression of an operation sees: {@code params}, {@code inputs}, {@code config} and {@code run}.
     *
     * @param operation null where the node does not know it yet: then any parameter passes until the run
     */
    static Scope of(Operation operation, JsonNode config) {
        Map<String, Kind> names = new LinkedHashMap<>();
        if (operation == null) {
            names.put("params", Kind.MAP);
            names.put("inputs", Kind.MAP);
        } else {
            operation.parameters().forEach((name, schema) -> names.put("params." + name, kind(schema)));
            operation
                    .inputs()
                    .forEach((name, input) -> names.put("inputs." + name, input.many() ? Kind.LIST : Kind.MAP));
        }
        config.properties().forEach(entry -> names.put("config." + entry.getKey(), kind(entry.getValue())));
        for (String text : new String[] {"task", "subTask", "role", "key", "hex32", "dir", "traceparent"}) {
            names.put("run." + text, Kind.TEXT);
        }
        names.put("run.part", Kind.INTEGER);
        names.put("run.attempt", Kind.INTEGER);
        return new Scope(names);
    }

    /** With the foreign engine's id of the run. */
    Scope withForeignId() {
        return with("run.foreignId", Kind.TEXT);
    }

    /** With the reply of an HTTP call. */
    Scope withResponse() {
        return with("response.status", Kind.INTEGER)
                .with("response.json", Kind.ANY)
                .with("response.text", Kind.TEXT)
                .with("response.headers", Kind.MAP);
    }

    private Scope with(String name, Kind kind) {
        var more = new LinkedHashMap<>(names);
        more.put(name, kind);
        return new Scope(more);
    }

    private static Kind kind(Schema schema) {
        return switch (schema.type()) {
            case "integer" -> Kind.INTEGER;
            case "string" -> Kind.TEXT;
            case "boolean" -> Kind.TRUTH;
            default -> Kind.LIST;
        };
    }

    private static Kind kind(JsonNode value) {
        if (value.isIntegralNumber()) {
            return Kind.INTEGER;
        }
        if (value.isTextual()) {
            return Kind.TEXT;
        }
        return value.isBoolean() ? Kind.TRUTH : Kind.ANY;
    }
}
