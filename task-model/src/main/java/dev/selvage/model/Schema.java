package dev.selvage.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * The subset of JSON Schema in which parameters are declared; contract and agent check it with this one class. A value without a
 * default is required.
 *
 * @param type string, integer, boolean or array
 * @param description for people; may be null
 * @param minimum smallest integer; may be null
 * @param maximum largest integer; may be null
 * @param minLength fewest characters of a string; may be null
 * @param maxLength most characters of a string; may be null
 * @param pattern a regular expression that matches the whole string; may be null
 * @param allowed the only values ({@code enum})
 * @param items the schema of an array's elements; may be null
 * @param minItems fewest elements; may be null
 * @param maxItems most elements; may be null
 * @param defaultValue taken where no value is given; may be null
 */
public record Schema(
        String type,
        String description,
        Long minimum,
        Long maximum,
        Integer minLength,
        Integer maxLength,
        String pattern,
        @JsonProperty("enum") List<JsonNode> allowed,
        Schema items,
        Integer minItems,
        Integer maxItems,

        @JsonProperty("default") @JsonInclude(JsonInclude.Include.NON_NULL)
        JsonNode defaultValue) {

    private static final Set<String> TYPES = Set.of("string", "integer", "boolean", "array");

    public Schema {
        allowed = allowed == null ? List.of() : List.copyOf(allowed);
    }

    /** A schema of that type without further bounds. */
    public static Schema ofType(String type) {
        return new Schema(type, null, null, null, null, null, null, null, null, null, null, null);
    }

    /** Reads what a person wrote, lists excepted: what is not of the declared type stays text, which {@link #check} then refuses by name. */
    public JsonNode readScalar(String text) {
        return switch (type) {
            case "integer" ->
                text.matches("-?[0-9]{1,18}") ? LongNode.valueOf(Long.parseLong(text)) : TextNode.valueOf(text);
            case "boolean" ->
                text.equals("true") || text.equals("false")
                        ? BooleanNode.valueOf(text.equals("true"))
                        : TextNode.valueOf(text);
            default -> TextNode.valueOf(text);
        };
    }

    /** What is wrong with the declaration itself. */
    List<Problem> problems(ErrorCode code, String path) {
        List<Problem> problems = new ArrayList<>();
        if (type == null || !TYPES.contains(type)) {
            problems.add(new Problem(
                    code, path + ".type", "expected string, integer, boolean or array, not \"" + type + "\""));
            return problems;
        }
        if (pattern != null) {
            try {
                Pattern.compile(pattern);
            } catch (PatternSyntaxException e) {
                problems.add(new Problem(code, path + ".pattern", e.getDescription()));
                return problems;
            }
        }
        if (type.equals("array") && items != null) {
            problems.addAll(items.problems(code, path + ".items"));
        }
        if (problems.isEmpty() && defaultValue != null) {
            check(path + ".default", defaultValue).forEach(p -> problems.add(new Problem(code, p.path(), p.message())));
        }
        return problems;
    }

    /**
     * Checks a value.
     *
     * @param path how problems name the value
     * @return the problems, with ARGUMENT_INVALID; empty when the value fits
     */
    public List<Problem> check(String path, JsonNode value) {
        List<Problem> problems = new ArrayList<>();
        String expected = expected();
        boolean typeFits = switch (type) {
            case "integer" ->
                value.isIntegralNumber()
                        && value.canConvertToLong()
                        && Math.abs(value.longValue()) <= CanonicalJson.MAX_INTEGER;
            case "string" -> value.isTextual();
            case "boolean" -> value.isBoolean();
            default -> value.isArray();
        };
        if (!typeFits || !withinBounds(value) || !(allowed.isEmpty() || allowed.contains(value))) {
            problems.add(new Problem(ErrorCode.ARGUMENT_INVALID, path, "expected " + expected));
        } else if (type.equals("array") && items != null) {
            for (int i = 0; i < value.size(); i++) {
                problems.addAll(items.check(path + "[" + i + "]", value.get(i)));
            }
        }
        return problems;
    }

    private boolean withinBounds(JsonNode value) {
        return switch (type) {
            case "integer" ->
                (minimum == null || value.longValue() >= minimum) && (maximum == null || value.longValue() <= maximum);
            case "string" ->
                (minLength == null || value.textValue().length() >= minLength)
                        && (maxLength == null || value.textValue().length() <= maxLength)
                        && (pattern == null || BoundedPattern.matches(pattern, value.textValue()));
            case "array" ->
                (minItems == null || value.size() >= minItems) && (maxItems == null || value.size() <= maxItems);
            default -> true;
        };
    }

    /** What a value must be, for a person: {@code an integer from 1 to 12}. */
    public String expected() {
        if (!allowed.isEmpty()) {
            return "one of " + CanonicalJson.text(CanonicalJson.tree(allowed));
        }
        return switch (type) {
            case "integer" -> "an integer" + range(minimum, maximum, "");
            case "string" ->
                "a text"
                        + range(asLong(minLength), asLong(maxLength), " characters")
                        + (pattern == null ? "" : " matching " + pattern);
            case "boolean" -> "true or false";
            default ->
                "a list" + range(asLong(minItems), asLong(maxItems), " elements")
                        + (items == null ? "" : ", each " + items.expected());
        };
    }

    private static Long asLong(Integer value) {
        return value == null ? null : Long.valueOf(value);
    }

    private static String range(Long least, Long most, String unit) {
        if (least != null && most != null) {
            return " from " + least + " to " + most + unit;
        }
        if (least != null) {
            return " of at least " + least + unit;
        }
        return most == null ? "" : " of at most " + most + unit;
    }
}
