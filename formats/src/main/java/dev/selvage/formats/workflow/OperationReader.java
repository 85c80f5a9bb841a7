package dev.selvage.formats.workflow;

import dev.selvage.formats.Problems;
import dev.selvage.formats.Units;
import dev.selvage.formats.YamlMap;
import dev.selvage.formats.YamlValue;
import dev.selvage.model.CanonicalJson;
import dev.selvage.model.Limits;
import dev.selvage.model.Operation;
import dev.selvage.model.Operation.Case;
import dev.selvage.model.Operation.CaseInput;
import dev.selvage.model.Operation.Column;
import dev.selvage.model.Operation.InputSpec;
import dev.selvage.model.Operation.OutputSpec;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Takes an operation from its file. */
final class OperationReader {
    private static final Pattern TYPE = Pattern.compile("int64|text|date|decimal\\((0|[1-9]|1[0-8])\\)");
    private static final Pattern MEDIA_TYPE = Pattern.compile("[a-z]+/[a-z0-9.+-]{1,64}");

    private final Problems problems;

    OperationReader(Problems problems) {
        this.problems = problems;
    }

    /** The operation, or null when anything is wrong. */
    Operation read(YamlValue document) {
        var root = document.map();
        if (!document.isMap()) {
            return null;
        }
        var format = root.required("selvage").oneOf(Operation.FORMAT);
        var id = root.required("operation").operationId();
        var description = Reading.description(root);
        var parameters = Reading.schemas(root.optional("parameters"));
        var inputs = root.optional("inputs").map().each(this::input);
        var outputs = root.required("outputs").map().each(this::output);
        var deterministic = root.required("deterministic").bool();
        var requirement = Reading.requirement(root.optional("requirement"));
        var cases = root.optional("cases").list().each(item -> caseOf(item, inputs));
        root.refuseUnknownKeys();
        var operation = new Operation(
                format,
                id,
                description,
                parameters,
                inputs,
                outputs,
                Boolean.TRUE.equals(deterministic),
                requirement,
                cases);
        Reading.place(operation.problems(), root, problems);
        if (problems.isEmpty() && CanonicalJson.bytes(operation).length > Limits.OPERATION) {
            document.problem("its canonical form is larger than " + Units.writeSize(Limits.OPERATION));
        }
        return operation;
    }

    private InputSpec input(YamlValue value) {
        var map = value.map();
        var input = new InputSpec(
                mediaType(map.optional("mediaType")),
                map.optional("many").bool(false),
                columns(map),
                Reading.description(map));
        map.refuseUnknownKeys();
        return input;
    }

    private OutputSpec output(YamlValue value) {
        var map = value.map();
        var columns = columns(map);
        var names = columns.stream().map(Column::name).toList();
        var order = map.optional("order").list().each(item -> item.nameOf("column", names));
        var output = new OutputSpec(mediaType(map.required("mediaType")), columns, order, Reading.description(map));
        map.refuseUnknownKeys();
        return output;
    }

    private static String mediaType(YamlValue value) {
        return value.matching(MEDIA_TYPE, "a media type such as text/csv");
    }

    private List<Column> columns(YamlMap map) {
        Set<String> names = new HashSet<>();
        return map.optional("columns").list().each(item -> {
            var column = column(item.map());
            if (column != null && !names.add(column.name())) {
                item.problem("a second column \"" + column.name() + "\"");
            }
            return column;
        });
    }

    private Column column(YamlMap map) {
        var name = map.required("name").name();
        var type = map.required("type").matching(TYPE, "a type: int64, text, date or decimal(SCALE)");
        var nullable = map.optional("nullable").bool(false);
        map.refuseUnknownKeys();
        if (name == null || type == null) {
            return null;
        }
        int open = type.indexOf('(');
        return open < 0
                ? new Column(name, type, null, nullable)
                : new Column(
                        name,
                        type.substring(0, open),
                        Integer.valueOf(type.substring(open + 1, type.length() - 1)),
                        nullable);
    }

    private Case caseOf(YamlValue value, Map<String, InputSpec> declared) {
        var map = value.map();
        var name = map.required("name").string();
        var parameters = map.optional("parameters").map().each(YamlValue::json);
        var inputs = map.optional("inputs").map();
        var given = inputs.each(OperationReader::caseInputs);
        for (var input : inputs.keys()) {
            var spec = declared.get(input);
            if (spec == null) {
                inputs.unknown(input, "input", declared.keySet());
            } else if (!spec.many() && given.get(input).size() != 1) {
                inputs.problem(input, "the input \"" + input + "\" is not a list");
            }
        }
        var outputs = map.required("outputs").map().each(YamlValue::string);
        map.refuseUnknownKeys();
        return new Case(name, parameters, given, outputs);
    }

    private static List<CaseInput> caseInputs(YamlValue value) {
        if (value.isList()) {
            return value.list().each(item -> {
                var map = item.map();
                var label = map.required("label").name();
                var text = map.required("text").string();
                map.refuseUnknownKeys();
                return new CaseInput(label, text);
            });
        }
        var text = value.string();
        return List.of(new CaseInput(null, text));
    }
}
