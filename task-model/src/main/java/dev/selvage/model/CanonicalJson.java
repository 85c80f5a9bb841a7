package dev.selvage.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.type.LogicalType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Canonical JSON by RFC 8785, the only form that is digested or stored. Its numbers are integers within 2^53 - 1: larger ones and
 * decimals travel as strings, so no reader can lose a digit.
 */
public final class CanonicalJson {
    /** The largest integer that every JSON reader keeps exactly. */
    public static final long MAX_INTEGER = (1L << 53) - 1;

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.NON_EMPTY, JsonInclude.Include.ALWAYS))
            .withCoercionConfig(
                    LogicalType.Textual,
                    config -> config.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                            .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                            .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
            .withCoercionConfig(
                    LogicalType.Integer, config -> config.setCoercion(CoercionInputShape.String, CoercionAction.Fail))
            .build();

    static {
        MAPPER.getFactory()
                .setStreamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(64)
                        .maxNumberLength(20)
                        .build());
    }

    private CanonicalJson() {}

    /**
     * Reads strict JSON: no duplicate keys, no trailing text, nesting at most 64.
     *
     * @throws SelvageException REQUEST_INVALID
     */
    public static JsonNode parse(String text) {
        try {
            var node = MAPPER.readTree(text);
            if (node == null || node.isMissingNode()) {
                throw new SelvageException(ErrorCode.REQUEST_INVALID, "Empty text is not JSON.");
            }
            return node;
        } catch (JsonProcessingException e) {
            throw invalid(e);
        }
    }

    /** As {@link #parse(String)}, of UTF-8. */
    public static JsonNode parse(byte[] utf8) {
        return parse(new String(utf8, StandardCharsets.UTF_8));
    }

    /**
     * Reads strict JSON into a record.
     *
     * @throws SelvageException REQUEST_INVALID when the text is not JSON, has unknown or missing parts, or the record refuses them;
     *     the record's own SelvageException passes unchanged
     */
    public static <T> T read(String text, Class<T> type) {
        try {
            return MAPPER.readValue(text, type);
        } catch (JsonProcessingException e) {
            throw refused(e);
        }
    }

    /** As {@link #read(String, Class)}, of UTF-8. */
    public static <T> T read(byte[] utf8, Class<T> type) {
        return read(new String(utf8, StandardCharsets.UTF_8), type);
    }

    /** As {@link #read(String, Class)}, of a list. */
    public static <T> List<T> readList(String text, Class<T> element) {
        try {
            return MAPPER.readValue(text, MAPPER.getTypeFactory().constructCollectionType(List.class, element));
        } catch (JsonProcessingException e) {
            throw refused(e);
        }
    }

    /** Binds a tree to a record, as {@link #read(String, Class)} does. */
    public static <T> T bind(JsonNode tree, Class<T> type) {
        try {
            return MAPPER.treeToValue(tree, type);
        } catch (JsonProcessingException e) {
            throw refused(e);
        }
    }

    /** The tree of a value. */
    public static JsonNode tree(Object value) {
        return MAPPER.valueToTree(value);
    }

    public static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    /** The canonical text of a record, a map, a list or a tree. */
    public static String text(Object value) {
        var out = new StringBuilder(256);
        append(value instanceof JsonNode tree ? tree : tree(value), out);
        return out.toString();
    }

    /** The canonical UTF-8 bytes of a record, a map, a list or a tree. */
    public static byte[] bytes(Object value) {
        return text(value).getBytes(StandardCharsets.UTF_8);
    }

    private static void append(JsonNode node, StringBuilder out) {
        if (node.isObject()) {
            appendObject(node, out);
        } else if (node.isArray()) {
            out.append('[');
            for (int i = 0; i < node.size(); i++) {
                if (i > 0) {
                    out.append(',');
                }
                append(node.get(i), out);
            }
            out.append(']');
        } else if (node.isTextual() || node.isBinary()) {
            appendString(node.asText(), out); // bytes as base64
        } else if (node.isBoolean() || node.isNull()) {
            out.append(node.asText());
        } else if (node.isIntegralNumber() && node.canConvertToLong() && Math.abs(node.longValue()) <= MAX_INTEGER) {
            out.append(node.longValue());
        } else {
            throw new SelvageException(
                    ErrorCode.REQUEST_INVALID,
                    "The number " + node.asText() + " is not an integer within 2^53: write it as a string.");
        }
    }

    private static void appendObject(JsonNode node, StringBuilder out) {
        List<Map.Entry<String, JsonNode>> entries = new ArrayList<>(node.properties());
        entries.sort(Comparator.comparing(Map.Entry::getKey)); // String order is UTF-16 order, as RFC 8785 asks
        out.append('{');
        for (int i = 0; i < entries.size(); i++) {
            if (i > 0) {
                out.append(',');
            }
            appendString(entries.get(i).getKey(), out);
            out.append(':');
            append(entries.get(i).getValue(), out);
        }
        out.append('}');
    }

    private static void appendString(String text, StringBuilder out) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < 0x20) {
                        out.append(String.format("\\u%04x", (int) c));
                    } else if (Character.isSurrogate(c)) {
                        i = appendPair(text, i, out);
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }

    private static int appendPair(String text, int at, StringBuilder out) {
        boolean paired = Character.isHighSurrogate(text.charAt(at))
                && at + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(at + 1));
        if (!paired) {
            throw new SelvageException(ErrorCode.REQUEST_INVALID, "The text holds half of a surrogate pair.");
        }
        out.append(text, at, at + 2);
        return at + 1;
    }

    private static SelvageException refused(JsonProcessingException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof SelvageException ours) {
                return ours;
            }
        }
        return invalid(e);
    }

    private static SelvageException invalid(IOException e) {
        var words = e instanceof JsonProcessingException json ? json.getOriginalMessage() : e.getMessage();
        return new SelvageException(ErrorCode.REQUEST_INVALID, "Not the JSON that was expected: " + words, e);
    }
}
