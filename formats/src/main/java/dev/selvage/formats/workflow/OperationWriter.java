package dev.selvage.formats.workflow;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.selvage.formats.Units;
import dev.selvage.model.CanonicalJson;
import dev.selvage.model.Operation;
import dev.selvage.model.Schema;
import dev.selvage.model.SubTask;
import java.util.List;
import java.util.Map;

/** Makes the tree of an operation file. What is a default is left out. */
final class OperationWriter {
    private OperationWriter() {}

    static ObjectNode tree(Operation operation) {
        var root = CanonicalJson.object();
        root.put("selvage", operation.selvage()).put("operation", operation.operation());
        put(root, "description", operation.description());
        root.put("deterministic", operation.deterministic());
        schemas(root, operation.parameters());
        if (!operation.inputs().isEmpty()) {
            var inputs = root.putObject("inputs");
            operation.inputs().forEach((name, input) -> {
                var map = inputs.putObject(name);
                put(map, "mediaType", input.mediaType());
                put(map, "description", input.description());
                if (input.many()) {
                    map.put("many", true);
                }
                columns(map, input.columns());
            });
        }
        var outputs = root.putObject("outputs");
        operation.outputs().forEach((name, output) -> {
            var map = outputs.putObject(name).put("mediaType", output.mediaType());
            put(map, "description", output.description());
            columns(map, output.columns());
            strings(map, "order", output.order());
        });
        if (!operation.requirement().equals(SubTask.Requirement.DEFAULT)) {
            requirement(root, operation.requirement());
        }
        if (!operation.cases().isEmpty()) {
            var cases = root.putArray("cases");
            operation.cases().forEach(it -> caseOf(cases, it));
        }
        return root;
    }

    private static void columns(ObjectNode map, List<Operation.Column> columns) {
        if (columns.isEmpty()) {
            return;
        }
        ArrayNode list = map.putArray("columns");
        columns.forEach(column -> {
            var type = column.scale() == null ? column.type() : column.type() + "(" + column.scale() + ")";
            var item = list.addObject().put("name", column.name()).put("type", type);
            if (column.nullable()) {
                item.put("nullable", true);
            }
        });
    }

    private static void caseOf(ArrayNode cases, Operation.Case example) {
        var map = cases.addObject().put("name", example.name());
        if (!example.parameters().isEmpty()) {
            var parameters = map.putObject("parameters");
            example.parameters().forEach(parameters::set);
        }
        if (!example.inputs().isEmpty()) {
            var inputs = map.putObject("inputs");
            example.inputs().forEach((name, given) -> {
                if (given.size() == 1 && given.get(0).label() == null) {
                    inputs.put(name, given.get(0).text());
                } else {
                    var list = inputs.putArray(name);
                    given.forEach(
                            it -> list.addObject().put("label", it.label()).put("text", it.text()));
                }
            });
        }
        var outputs = map.putObject("outputs");
        example.outputs().forEach(outputs::put);
    }

    static void schemas(ObjectNode map, Map<String, Schema> schemas) {
        if (!schemas.isEmpty()) {
            map.set("parameters", CanonicalJson.tree(schemas));
        }
    }

    static void requirement(ObjectNode map, SubTask.Requirement requirement) {
        var out = map.putObject("requirement");
        out.set("cpus", Units.writeCpus(requirement.cpus()));
        out.put("memory", Units.writeSize(requirement.memory())).put("storage", Units.writeSize(requirement.storage()));
    }

    static void put(ObjectNode map, String key, String text) {
        if (text != null) {
            map.put(key, text);
        }
    }

    static void strings(ObjectNode map, String key, List<String> texts) {
        if (!texts.isEmpty()) {
            var list = map.putArray(key);
            texts.forEach(list::add);
        }
    }
}
