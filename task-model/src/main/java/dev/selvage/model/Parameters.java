package dev.selvage.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Checks named values against their declarations and fills in defaults. */
public final class Parameters {
    private Parameters() {}

    /**
     * The values with defaults filled in.
     *
     * @throws SelvageException ARGUMENT_INVALID, naming every problem
     */
    public static ObjectNode complete(Map<String, Schema> declared, JsonNode given) {
        if (!given.isObject()) {
            throw new SelvageException(ErrorCode.ARGUMENT_INVALID, "Arguments are a JSON object of names and values.");
        }
        List<Problem> problems = new ArrayList<>();
        ObjectNode complete = CanonicalJson.object();
        declared.forEach((name, schema) -> {
            JsonNode value = given.has(name) ? given.get(name) : schema.defaultValue();
            if (value == null) {
                problems.add(new Problem(ErrorCode.ARGUMENT_INVALID, name, "missing; expected " + schema.expected()));
            } else {
                problems.addAll(schema.check(name, value));
                complete.set(name, value);
            }
        });
        var unknown = new TreeSet<String>();
        given.fieldNames().forEachRemaining(unknown::add);
        unknown.removeAll(declared.keySet());
        unknown.forEach(name -> problems.add(new Problem(
                ErrorCode.ARGUMENT_INVALID, name, "unknown; declared are " + String.join(", ", declared.keySet()))));
        Problem.refuseAny(ErrorCode.ARGUMENT_INVALID, problems);
        return complete;
    }
}
