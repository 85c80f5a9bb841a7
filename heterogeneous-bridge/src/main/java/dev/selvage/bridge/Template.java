package dev.selvage.bridge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.selvage.bridge.Expressions.Expression;
import dev.selvage.bridge.Expressions.RefusedException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * A leaf of an engine file: a literal, wholly an expression (a dollar sign and braces around it), or, only in URL paths and
 * headers, text with expressions inside. A doubled dollar sign makes a literal of what would be an expression.
 */
final class Template {
    private static final String OPEN = "${";

    private record Part(String text, Expression expression) {}

    private final JsonNode literal;
    private final List<Part> parts;

    private Template(JsonNode literal, List<Part> parts) {
        this.literal = literal;
        this.parts = parts;
    }

    static Template literal(JsonNode value) {
        return new Template(value, List.of());
    }

    /** Whether text has an expression in it. */
    static boolean hasExpression(String text) {
        return text.replace("$" + OPEN, "").contains(OPEN);
    }

    /** A leaf that is a literal or wholly an expression. */
    static Template leaf(String text, Scope scope, Set<Scope.Kind> expected) throws RefusedException {
        if (!hasExpression(text)) {
            return literal(new TextNode(text.replace("$" + OPEN, OPEN)));
        }
        if (!text.startsWith(OPEN) || end(text, 0) != text.length()) {
            throw new RefusedException("an expression must be the whole value here; join text inside it: "
                    + "${\"text\" + string(params.x)}");
        }
        var source = text.substring(OPEN.length(), text.length() - 1);
        return new Template(null, List.of(new Part(null, Expressions.compile(source, scope, expected))));
    }

    /** Text with any number of expressions inside, for URL paths and headers. */
    static Template text(String text, Scope scope) throws RefusedException {
        List<Part> parts = new ArrayList<>();
        var plain = new StringBuilder();
        int at = 0;
        while (at < text.length()) {
            if (text.startsWith("$" + OPEN, at)) {
                plain.append(OPEN);
                at += OPEN.length() + 1;
            } else if (text.startsWith(OPEN, at)) {
                int end = end(text, at);
                var source = text.substring(at + OPEN.length(), end - 1);
                parts.add(new Part(plain.toString(), null));
                plain.setLength(0);
                parts.add(new Part(
                        null,
                        Expressions.compile(
                                source, scope, Set.of(Scope.Kind.TEXT, Scope.Kind.INTEGER, Scope.Kind.TRUTH))));
                at = end;
            } else {
                plain.append(text.charAt(at++));
            }
        }
        if (parts.isEmpty()) {
            return literal(new TextNode(plain.toString()));
        }
        parts.add(new Part(plain.toString(), null));
        return new Template(null, List.copyOf(parts));
    }

    /** The value, with its own type. */
    JsonNode json(Map<String, Object> values) {
        return literal != null
                ? literal
                : CelValues.json(parts.get(0).expression().evaluate(values));
    }

    /** The value in plain Java, with its own type. */
    Object value(Map<String, Object> values) {
        return CelValues.plain(
                literal != null
                        ? CelValues.of(literal)
                        : parts.get(0).expression().evaluate(values));
    }

    /** The value as text; what expressions gave passes the encoder first. */
    String text(Map<String, Object> values, UnaryOperator<String> encoder) {
        if (literal != null) {
            return literal.asText();
        }
        var text = new StringBuilder();
        for (Part part : parts) {
            text.append(
                    part.expression() == null
                            ? part.text()
                            : encoder.apply(String.valueOf(part.expression().evaluate(values))));
        }
        return text.toString();
    }

    /** Encodes what an expression gave for one segment of a URL's path, or for its query. */
    static String percent(String value) {
        var encoded = URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
        return encoded.chars().allMatch(c -> c == '.') ? encoded.replace(".", "%2E") : encoded;
    }

    /** The index after the brace that closes the expression opened at {@code from}. */
    private static int end(String text, int from) throws RefusedException {
        int depth = 0;
        char quote = 0;
        for (int i = from + OPEN.length(); i < text.length(); i++) {
            char c = text.charAt(i);
            if (quote != 0) {
                if (c == '\\') {
                    i++;
                } else if (c == quote) {
                    quote = 0;
                }
            } else if (c == '"' || c == '\'') {
                quote = c;
            } else if (c == '{') {
                depth++;
            } else if (c == '}') {
                if (depth == 0) {
                    return i + 1;
                }
                depth--;
            }
        }
        throw new RefusedException("\"${\" is not closed");
    }
}
