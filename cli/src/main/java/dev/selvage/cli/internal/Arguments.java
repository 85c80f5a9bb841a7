package dev.selvage.cli.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.selvage.model.CanonicalJson;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.Schema;
import dev.selvage.model.SelvageException;
import dev.selvage.model.Suggestion;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads {@code name=value} arguments as what a workflow or an operation declares. */
final class Arguments {
    private final Map<String, Schema> declared;
    private final List<String> problems = new ArrayList<>();

    private Arguments(Map<String, Schema> declared) {
        this.declared = declared;
    }

    /**
     * The arguments as JSON; defaults are left to the contract.
     *
     * @throws SelvageException ARGUMENT_INVALID with every problem and an example
     */
    static ObjectNode parse(Map<String, Schema> declared, List<String> given) {
        return new Arguments(declared).parse(given);
    }

    private ObjectNode parse(List<String> given) {
        Map<String, JsonNode> values = new LinkedHashMap<>();
        for (String argument : given) {
            int equals = argument.indexOf('=');
            var name = equals < 0 ? argument : argument.substring(0, equals);
            var schema = declared.get(name);
            if (schema == null) {
                problems.add(unknown(name));
            } else if (equals < 0) {
                problems.add(name + ": written name=value. " + example(name, schema));
            } else if (values.containsKey(name)) {
                problems.add(name + ": given twice");
            } else {
                var value = value(schema, argument.substring(equals + 1));
                values.put(name, value);
                schema.check(name, value)
                        .forEach(problem ->
                                problems.add(argument + ": " + problem.message() + ". " + example(name, schema)));
            }
        }
        declared.forEach((name, schema) -> {
            if (!values.containsKey(name) && schema.defaultValue() == null) {
                problems.add(name + ": missing; expected " + schema.expected() + ". " + example(name, schema));
            }
        });
        if (!problems.isEmpty()) {
            throw new SelvageException(ErrorCode.ARGUMENT_INVALID, String.join("\n", problems));
        }
        var arguments = CanonicalJson.object();
        values.forEach(arguments::set);
        return arguments;
    }

    private String unknown(String name) {
        var near = Suggestion.among(name, declared.keySet());
        return name + ": not declared"
                + (near.isEmpty() ? "; declared are " + String.join(", ", declared.keySet()) : near);
    }

    private static JsonNode value(Schema schema, String text) {
        return schema.type().equals("array") ? list(schema, text) : schema.readScalar(text);
    }

    /** A list is JSON, or its elements with commas between them. */
    private static JsonNode list(Schema schema, String text) {
        if (text.startsWith("[")) {
            try {
                return CanonicalJson.parse(text);
            } catch (SelvageException notJson) {
                return TextNode.valueOf(text);
            }
        }
        var element = schema.items() == null ? Schema.ofType("string") : schema.items();
        var list = JsonNodeFactory.instance.arrayNode();
        for (String item : text.split(",", -1)) {
            list.add(value(element, item));
        }
        return list;
    }

    private static String example(String name, Schema schema) {
        return "Example: --arg " + name + "=" + exampleValue(schema);
    }

    private static String exampleValue(Schema schema) {
        if (!schema.allowed().isEmpty()) {
            return schema.allowed().get(0).asText();
        }
        return switch (schema.type()) {
            case "integer" -> Long.toString(middle(schema.minimum(), schema.maximum()));
            case "boolean" -> "true";
            case "array" -> schema.items() == null ? "a,b" : exampleValue(schema.items());
            default -> "TEXT";
        };
    }

    private static long middle(Long least, Long most) {
        if (least != null && most != null) {
            return least + (most - least + 1) / 2;
        }
        return least != null ? least : most != null ? most : 1;
    }
}
