package dev.selvage.formats;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.Names;
import dev.selvage.model.Suggestion;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * A place in a YAML file from which a value is taken. Every reading method notes what is wrong and gives null then (or the
 * fallback); where the value is missing it notes nothing, since {@link YamlMap#required} has. So a reader goes on to the end and
 * builds its record with {@link Problems#build}.
 */
public final class YamlValue {
    private static final Pattern THOUSANDTHS = Pattern.compile("[0-9]{1,9}(\\.[0-9]{1,3})?");

    private final YamlNode node;
    private final Position position;
    private final String path;
    private final Problems problems;
    private final String key;

    private YamlValue(YamlNode node, Position position, String path, Problems problems, String key) {
        this.node = node;
        this.position = position;
        this.path = path;
        this.problems = problems;
        this.key = key;
    }

    static YamlValue of(YamlNode node, Problems problems) {
        return new YamlValue(node, node.position(), node.path(), problems, "");
    }

    static YamlValue missing(Position position, String path, Problems problems) {
        return new YamlValue(null, position, path, problems, "");
    }

    YamlValue under(String newKey) {
        return new YamlValue(node, position, path, problems, newKey);
    }

    /** Whether a value stands here: not left out and not null. */
    public boolean present() {
        return node != null && !(node instanceof YamlScalar scalar && scalar.isNothing());
    }

    public Position position() {
        return position;
    }

    public String path() {
        return path;
    }

    /** The key under which the value stands in its map, which may hold dots; {@code [2]} in a list; empty for the document. */
    public String key() {
        return key;
    }

    public boolean isMap() {
        return node instanceof YamlMap;
    }

    public boolean isList() {
        return node instanceof YamlList;
    }

    /** Whether one value stands here that is text, a number or a truth value. */
    public boolean isScalar() {
        return present() && node instanceof YamlScalar;
    }

    public boolean isText() {
        return node instanceof YamlScalar scalar && scalar.isText();
    }

    /** Where a path leads from here; this place, named by its key where it is no single value, when the path ends. */
    Position locate(String keys, Position key) {
        if (node instanceof YamlMap map && !keys.isEmpty()) {
            return map.find(keys).orElse(key);
        }
        int close = keys.indexOf(']');
        if (node instanceof YamlList list && keys.startsWith("[") && close > 0) {
            var item = list.item(keys.substring(1, close));
            var rest = keys.substring(close + 1);
            return item.map(value -> value.locate(rest.startsWith(".") ? rest.substring(1) : rest, value.position()))
                    .orElse(key);
        }
        return isScalar() ? position : key;
    }

    public void problem(String message) {
        problems.add(position, path, message);
    }

    public void problem(ErrorCode code, String message) {
        problems.add(code, position, path, message);
    }

    /** The map here; an empty one that misses nothing when there is none. */
    public YamlMap map() {
        if (node instanceof YamlMap map) {
            return map;
        }
        if (present()) {
            expected("a map");
        }
        return YamlMap.absent(position, path, problems);
    }

    /** The list here; an empty one when there is none. */
    public YamlList list() {
        if (node instanceof YamlList list) {
            return list;
        }
        if (present()) {
            expected("a list");
        }
        return new YamlList(position, path);
    }

    /** Text. What YAML reads as a number, a truth value or nothing must be in quotes to be text. */
    public String string() {
        var scalar = scalar("text");
        if (scalar == null) {
            return null;
        }
        if (!scalar.isText()) {
            problem("expected text, found " + scalar.kind() + "; put it in quotes: \"" + scalar.text() + "\"");
            return null;
        }
        return scalar.text();
    }

    public String string(String fallback) {
        return or(string(), fallback);
    }

    /** Text of a certain form. */
    public String matching(Pattern form, String expectation) {
        var text = string();
        if (text != null && !form.matcher(text).matches()) {
            expected(expectation);
            return null;
        }
        return text;
    }

    /** A name that can be a component of a ledger key: 1 to 64 of [A-Za-z0-9._-]. */
    public String name() {
        var text = string();
        if (text != null && !Names.isComponent(text)) {
            expected("a name of 1 to " + Names.MAX_LENGTH + " letters, digits, '.', '_' and '-'");
            return null;
        }
        return text;
    }

    /** An operation's id, such as {@code flights.delays/1}. */
    public String operationId() {
        var text = string();
        if (text != null && !Names.isOperation(text)) {
            expected("an operation's id such as flights.delays/1");
            return null;
        }
        return text;
    }

    /** Text made into a value that refuses what it is not, by a SelvageException. */
    public <T> T parsed(Function<String, T> parser) {
        var text = string();
        return text == null ? null : problems.attempt(node, () -> parser.apply(text));
    }

    /** A whole number within limits, both included. */
    public Long integer(long min, long max) {
        var expectation = "a whole number from " + min + " to " + max;
        var scalar = scalar(expectation);
        if (scalar == null) {
            return null;
        }
        if (!scalar.isInteger() || !within(scalar.integer(), min, max)) {
            expected(expectation);
            return null;
        }
        return scalar.integer().longValueExact();
    }

    public long integer(long fallback, long min, long max) {
        return or(integer(min, max), fallback);
    }

    /** A number with at most three digits after its point, in thousandths: {@code 1.5} is 1,500. Both limits are included. */
    public Long thousandths(long min, long max) {
        var expectation = "a number from "
                + BigDecimal.valueOf(min, 3).stripTrailingZeros().toPlainString() + " to "
                + BigDecimal.valueOf(max, 3).stripTrailingZeros().toPlainString() + " such as 1.5";
        var scalar = scalar(expectation);
        if (scalar == null) {
            return null;
        }
        if (!THOUSANDTHS.matcher(scalar.text()).matches()
                || !within(new BigDecimal(scalar.text()).movePointRight(3).toBigInteger(), min, max)) {
            expected(expectation);
            return null;
        }
        return new BigDecimal(scalar.text()).movePointRight(3).longValueExact();
    }

    public Boolean bool() {
        var scalar = scalar("true or false");
        if (scalar == null) {
            return null;
        }
        if (!scalar.isTruth()) {
            expected("true or false");
            return null;
        }
        return scalar.isTrue();
    }

    public boolean bool(boolean fallback) {
        return or(bool(), fallback);
    }

    /** A time with its unit: {@code 500ms}, {@code 5s}, {@code 10m}, {@code 1h}, {@code 7d}. */
    public Duration duration() {
        return unit("a time with its unit, such as 500ms, 5s, 10m, 1h or 7d", Units::duration);
    }

    public Duration duration(Duration fallback) {
        return or(duration(), fallback);
    }

    /** A size in bytes with its unit: {@code 512B}, {@code 16Ki}, {@code 64Mi}, {@code 4Gi}, {@code 1Ti}. */
    public Long size() {
        return unit("a size with its unit, such as 512B, 16Ki, 64Mi or 4Gi", Units::size);
    }

    public long size(long fallback) {
        return or(size(), fallback);
    }

    /** CPUs in thousandths: {@code 2} is 2,000 and {@code 500m} is 500. */
    public Long cpus() {
        return unit("a number of CPUs, whole (2) or in thousandths (500m)", Units::cpus);
    }

    public long cpus(long fallback) {
        return or(cpus(), fallback);
    }

    /** One of some words. */
    public String oneOf(String... words) {
        Map<String, String> choices = new LinkedHashMap<>();
        Arrays.stream(words).forEach(word -> choices.put(word, word));
        return choice(choices);
    }

    /** One constant of an enum, as a file writes it. */
    public <E extends Enum<E>> E oneOf(Class<E> type, Function<E, String> written) {
        Map<String, E> choices = new LinkedHashMap<>();
        Arrays.stream(type.getEnumConstants()).forEach(constant -> choices.put(written.apply(constant), constant));
        return choice(choices);
    }

    /** One constant of an enum, written by its own name. */
    public <E extends Enum<E>> E oneOf(Class<E> type) {
        return oneOf(type, Enum::name);
    }

    /** One of the names that something else in the file defines. */
    public String nameOf(String what, Collection<String> defined) {
        var text = string();
        if (text != null && !defined.contains(text)) {
            problem("unknown " + what + " \"" + text + "\"" + hint(text, defined));
            return null;
        }
        return text;
    }

    private <T> T choice(Map<String, T> choices) {
        var text = string();
        if (text == null) {
            return null;
        }
        var chosen = choices.get(text);
        if (chosen == null) {
            problem("unknown value \"" + text + "\"" + hint(text, choices.keySet()));
        }
        return chosen;
    }

    private static String hint(String text, Collection<String> choices) {
        var hint = Suggestion.among(text, choices);
        return hint.isEmpty() && !choices.isEmpty() ? "; expected one of " + String.join(", ", choices) : hint;
    }

    /** The value as JSON, null where nothing stands. Numbers are integers within 2^53. */
    public JsonNode json() {
        return node == null ? JsonNodeFactory.instance.nullNode() : node.json();
    }

    private YamlScalar scalar(String expectation) {
        if (!present()) {
            return null;
        }
        if (node instanceof YamlScalar scalar) {
            return scalar;
        }
        expected(expectation);
        return null;
    }

    private <T> T unit(String expectation, Function<String, T> parse) {
        var scalar = scalar(expectation);
        if (scalar == null) {
            return null;
        }
        var value = parse.apply(scalar.text());
        if (value == null) {
            expected(expectation);
        }
        return value;
    }

    private void expected(String what) {
        var found = node instanceof YamlScalar scalar ? shortened(scalar) : node.kind();
        problem("expected " + what + ", found " + found);
    }

    private static String shortened(YamlScalar scalar) {
        var text = scalar.text().replaceAll("\\s+", " ");
        var head = text.length() <= 60 ? text : text.substring(0, 57) + "...";
        return scalar.isText() ? "\"" + head + "\"" : head;
    }

    private static boolean within(BigInteger number, long min, long max) {
        return number.compareTo(BigInteger.valueOf(min)) >= 0 && number.compareTo(BigInteger.valueOf(max)) <= 0;
    }

    private static <T> T or(T value, T fallback) {
        return value == null ? fallback : value;
    }
}
