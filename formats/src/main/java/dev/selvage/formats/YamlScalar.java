package dev.selvage.formats;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.selvage.model.CanonicalJson;
import java.math.BigInteger;
import java.util.regex.Pattern;

/** A single value of a YAML file: text, a number, a truth value or nothing, by the core schema of YAML 1.2. */
public final class YamlScalar implements YamlNode {
    private static final Pattern NULL = Pattern.compile("|~|null|Null|NULL");
    private static final Pattern TRUE = Pattern.compile("true|True|TRUE");
    private static final Pattern FALSE = Pattern.compile("false|False|FALSE");
    private static final Pattern INTEGER = Pattern.compile("[-+]?[0-9]+");
    private static final Pattern BASED = Pattern.compile("0o[0-7]+|0x[0-9a-fA-F]+");
    private static final Pattern FLOAT = Pattern.compile(
            "[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?(\\.inf|\\.Inf|\\.INF)|\\.nan|\\.NaN|\\.NAN");
    private static final BigInteger MAX = BigInteger.valueOf(CanonicalJson.MAX_INTEGER);

    private enum Kind {
        NOTHING("nothing"),
        TRUTH("true or false"),
        INTEGER("a number"),
        OTHER_NUMBER("a number"),
        TEXT("text");

        private final String words;

        Kind(String words) {
            this.words = words;
        }
    }

    private final String text;
    private final Kind kind;
    private final Position position;
    private final String path;
    private final Problems problems;

    YamlScalar(String text, boolean plain, Position position, String path, Problems problems) {
        this.text = text;
        this.kind = plain ? kindOf(text) : Kind.TEXT;
        this.position = position;
        this.path = path;
        this.problems = problems;
    }

    private static Kind kindOf(String text) {
        if (NULL.matcher(text).matches()) {
            return Kind.NOTHING;
        }
        if (TRUE.matcher(text).matches() || FALSE.matcher(text).matches()) {
            return Kind.TRUTH;
        }
        if (INTEGER.matcher(text).matches()) {
            return Kind.INTEGER;
        }
        return BASED.matcher(text).matches() || FLOAT.matcher(text).matches() ? Kind.OTHER_NUMBER : Kind.TEXT;
    }

    /** Whether text without quotes is text. */
    static boolean readsAsText(String text) {
        return kindOf(text) == Kind.TEXT;
    }

    /** The value as it is written, without quotes. */
    public String text() {
        return text;
    }

    boolean isNothing() {
        return kind == Kind.NOTHING;
    }

    boolean isText() {
        return kind == Kind.TEXT;
    }

    boolean isTruth() {
        return kind == Kind.TRUTH;
    }

    boolean isInteger() {
        return kind == Kind.INTEGER;
    }

    boolean isTrue() {
        return TRUE.matcher(text).matches();
    }

    BigInteger integer() {
        return new BigInteger(text);
    }

    @Override
    public Position position() {
        return position;
    }

    @Override
    public String path() {
        return path;
    }

    @Override
    public String kind() {
        return kind.words;
    }

    @Override
    public JsonNode json() {
        var factory = JsonNodeFactory.instance;
        return switch (kind) {
            case TEXT -> factory.textNode(text);
            case TRUTH -> factory.booleanNode(isTrue());
            case NOTHING -> factory.nullNode();
            case INTEGER ->
                integer().abs().compareTo(MAX) <= 0 ? number(integer().longValueExact()) : inexact();
            case OTHER_NUMBER -> inexact();
        };
    }

    /** The kind of node that Jackson reads, so that trees of files and of JSON are equal. */
    private static JsonNode number(long value) {
        var factory = JsonNodeFactory.instance;
        return (int) value == value ? factory.numberNode((int) value) : factory.numberNode(value);
    }

    private JsonNode inexact() {
        problems.add(
                position,
                path,
                "only integers within 2^53 are numbers here; write other numbers in quotes: \"" + text + "\"");
        return JsonNodeFactory.instance.nullNode();
    }
}
