package dev.selvage.formats;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Iterator;
import java.util.Map;
import java.util.regex.Pattern;

/** Writes a JSON tree as YAML that {@link Yaml} reads back to the same tree. Small maps and lists stand on one line. */
public final class YamlText {
    private static final int LINE = 100;
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./](?:[A-Za-z0-9 _./()+=-]*[A-Za-z0-9_./()+=-])?");

    private YamlText() {}

    /** The text of a map, its keys in the order of the tree. */
    public static String of(JsonNode map) {
        var out = new StringBuilder();
        block(map, "", out);
        return out.toString();
    }

    private static void block(JsonNode node, String indent, StringBuilder out) {
        if (node.isObject()) {
            for (Map.Entry<String, JsonNode> entry : node.properties()) {
                var head = indent + scalar(entry.getKey()) + ":";
                value(head, entry.getValue(), indent + "  ", out);
            }
        } else {
            for (JsonNode item : node) {
                value(indent + "-", item, indent + "  ", out);
            }
        }
    }

    private static void value(String head, JsonNode value, String indent, StringBuilder out) {
        out.append(head);
        if (isLiteral(value)) {
            out.append(" |").append(value.textValue().endsWith("\n") ? "" : "-").append('\n');
            value.textValue()
                    .lines()
                    .forEach(line ->
                            out.append(line.isEmpty() ? "" : indent + line).append('\n'));
            return;
        }
        var line = flow(value);
        if (!value.isContainerNode()
                || value.isEmpty()
                || (head.length() + line.length() < LINE && !holdsMaps(value) && !holdsLiteral(value))) {
            out.append(' ').append(line).append('\n');
        } else {
            out.append('\n');
            block(value, indent, out);
        }
    }

    /** Text of several lines, without what a literal block would change. */
    private static boolean isLiteral(JsonNode value) {
        if (!value.isTextual() || !value.textValue().contains("\n")) {
            return false;
        }
        var text = value.textValue();
        return text.chars().allMatch(c -> c == '\n' || (c >= 0x20 && c < 0x7f))
                && !text.startsWith(" ")
                && !text.startsWith("\n")
                && !text.endsWith("\n\n");
    }

    private static boolean holdsLiteral(JsonNode value) {
        for (JsonNode child : value) {
            if (isLiteral(child) || holdsLiteral(child)) {
                return true;
            }
        }
        return false;
    }

    private static boolean holdsMaps(JsonNode value) {
        for (JsonNode child : value) {
            if (value.isObject() && child.isContainerNode() && holdsContainers(child)) {
                return true;
            }
        }
        return false;
    }

    private static boolean holdsContainers(JsonNode value) {
        for (JsonNode child : value) {
            if (child.isObject()) {
                return true;
            }
        }
        return false;
    }

    private static String flow(JsonNode node) {
        if (node.isObject()) {
            var out = new StringBuilder("{");
            for (Map.Entry<String, JsonNode> entry : node.properties()) {
                out.append(out.length() == 1 ? "" : ", ")
                        .append(scalar(entry.getKey()))
                        .append(": ")
                        .append(flow(entry.getValue()));
            }
            return out.append('}').toString();
        }
        if (node.isArray()) {
            var out = new StringBuilder("[");
            for (Iterator<JsonNode> items = node.iterator(); items.hasNext(); ) {
                out.append(flow(items.next())).append(items.hasNext() ? ", " : "");
            }
            return out.append(']').toString();
        }
        return node.isTextual() ? scalar(node.textValue()) : node.asText();
    }

    private static String scalar(String text) {
        return PLAIN.matcher(text).matches() && YamlScalar.readsAsText(text) ? text : quoted(text);
    }

    private static String quoted(String text) {
        var out = new StringBuilder("\"");
        text.codePoints().forEach(c -> {
            if (c == '"' || c == '\\') {
                out.append('\\').appendCodePoint(c);
            } else if (c == '\n') {
                out.append("\\n");
            } else if (c == '\t') {
                out.append("\\t");
            } else if (c < 0x20 || c == 0x7f || (c >= 0x80 && c < 0xa0) || c == 0x2028 || c == 0x2029 || c == 0xfeff) {
                out.append(String.format("\\u%04x", c));
            } else {
                out.appendCodePoint(c);
            }
        });
        return out.append('"').toString();
    }
}
