package dev.selvage.formats;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.Suggestion;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * A map of a YAML file. A reader asks for the keys that it knows and calls {@link #refuseUnknownKeys} at the end:
 *
 * <pre>{@code
 * String name = map.required("name").string();
 * Long rows = map.optional("rows").integer(1, 1_000_000);
 * map.refuseUnknownKeys();
 * }</pre>
 */
public final class YamlMap implements YamlNode {
    private final Position position;
    private final String path;
    private final Problems problems;
    private final boolean absent;
    private final Map<String, YamlValue> values = new LinkedHashMap<>();
    private final Map<String, Position> keys = new LinkedHashMap<>();
    private final Set<String> known = new LinkedHashSet<>();

    YamlMap(Position position, String path, Problems problems) {
        this(position, path, problems, false);
    }

    private YamlMap(Position position, String path, Problems problems, boolean absent) {
        this.position = position;
        this.path = path;
        this.problems = problems;
        this.absent = absent;
    }

    /** Stands for a map that is not there: it has no key, and misses none. */
    static YamlMap absent(Position position, String path, Problems problems) {
        return new YamlMap(position, path, problems, true);
    }

    void put(String key, Position keyPosition, YamlValue value) {
        values.put(key, value.under(key));
        keys.put(key, keyPosition);
    }

    /**
     * Sets a value from outside the file, as if it were written there; maps on the way are made.
     *
     * @param keys the keys that lead to it, joined by "."
     * @param source what a problem names instead of the file
     */
    public void override(String keys, String text, String source) {
        int dot = keys.indexOf('.');
        var at = new Position(source, 1, 1);
        if (dot < 0) {
            put(keys, at, YamlValue.of(new YamlScalar(text, true, at, child(path, keys), problems), problems));
            return;
        }
        var head = keys.substring(0, dot);
        if (!has(head) || !values.get(head).present()) {
            put(head, at, YamlValue.of(new YamlMap(at, child(path, head), problems), problems));
        }
        values.get(head).map().override(keys.substring(dot + 1), text, source);
    }

    /** A value that must be there; that it is missing is noted here. */
    public YamlValue required(String key) {
        known.add(key);
        var value = values.get(key);
        if (value != null && value.present()) {
            return value;
        }
        if (!absent) {
            var message = value == null ? "missing key \"" + key + "\"" : "\"" + key + "\" has no value";
            problems.addAbout(child(path, key), value == null ? position : keys.get(key), path, message);
        }
        return missing(key);
    }

    /** A value that may be left out. A key with nothing behind it counts as left out. */
    public YamlValue optional(String key) {
        known.add(key);
        var value = values.get(key);
        return value != null && value.present() ? value : missing(key);
    }

    private YamlValue missing(String key) {
        return YamlValue.missing(keys.getOrDefault(key, position), child(path, key), problems)
                .under(key);
    }

    /** The keys in the order of the file. */
    public Set<String> keys() {
        return Collections.unmodifiableSet(keys.keySet());
    }

    public boolean has(String key) {
        return keys.containsKey(key);
    }

    public boolean isEmpty() {
        return keys.isEmpty();
    }

    /** Where a key stands; the map's own place when it has no such key. */
    public Position keyPosition(String key) {
        return keys.getOrDefault(key, position);
    }

    /**
     * Where a path leads, from this map on; where it leads nowhere, the place of its last part that is there. Keys may hold dots.
     *
     * @param keys such as {@code subTasks.merge.inputs} or {@code cases[1].name}
     */
    public Position locate(String keys) {
        return find(keys).orElse(position);
    }

    Optional<Position> find(String keys) {
        return values.keySet().stream()
                .filter(key -> keys.equals(key) || keys.startsWith(key + ".") || keys.startsWith(key + "["))
                .max(Comparator.comparing(String::length))
                .map(key -> {
                    var rest = keys.substring(key.length());
                    return values.get(key).locate(rest.startsWith(".") ? rest.substring(1) : rest, keyPosition(key));
                });
    }

    /** Notes a problem of this map as a whole. */
    public void problem(String message) {
        problems.add(position, path, message);
    }

    /** Notes a problem of a key. */
    public void problem(String key, String message) {
        problems.addAbout(child(path, key), keyPosition(key), path, message);
    }

    /** Notes that a key names nothing that is defined. */
    public void unknown(String key, String what, Collection<String> defined) {
        problem(key, "unknown " + what + " \"" + key + "\"" + Suggestion.among(key, defined));
    }

    /** Notes each of these keys that is there as NOT_SUPPORTED. They count as known. */
    public void notSupported(String... reserved) {
        known.addAll(Arrays.asList(reserved));
        for (var key : reserved) {
            if (has(key)) {
                var message = "\"" + key + "\" is not supported yet";
                problems.addAbout(ErrorCode.NOT_SUPPORTED, child(path, key), keyPosition(key), path, message);
            }
        }
    }

    /** Notes every key that was neither asked for nor is named here. */
    public void refuseUnknownKeys(String... alsoKnown) {
        known.addAll(Arrays.asList(alsoKnown));
        for (var key : keys.keySet()) {
            if (!known.contains(key)) {
                problems.add(keyPosition(key), path, "unknown key \"" + key + "\"" + Suggestion.among(key, known));
            }
        }
    }

    /** Notes a problem unless exactly one of these keys is there, and tells which; null otherwise. They count as known. */
    public String exactlyOne(String... choices) {
        known.addAll(Arrays.asList(choices));
        List<String> present = Arrays.stream(choices).filter(this::has).toList();
        if (present.size() == 1) {
            return present.get(0);
        }
        if (present.size() > 1) {
            problems.add(
                    keyPosition(present.get(1)), path, "only one of " + String.join(", ", present) + " may be given");
        } else if (!absent) {
            var unknown =
                    keys.keySet().stream().filter(key -> !known.contains(key)).findFirst();
            if (unknown.isEmpty()) {
                problem("expected one of the keys " + String.join(", ", choices));
            }
        }
        return null;
    }

    /**
     * Reads a map whose keys are names chosen by the writer.
     *
     * @param reader makes a value of each entry; entries for which it gives null are left out
     * @return the values in the order of the file
     */
    public <T> Map<String, T> each(Function<YamlValue, T> reader) {
        Map<String, T> made = new LinkedHashMap<>();
        values.forEach((key, value) -> {
            known.add(key);
            T item = reader.apply(value);
            if (Objects.nonNull(item)) {
                made.put(key, item);
            }
        });
        return made;
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
        return "a map";
    }

    @Override
    public JsonNode json() {
        var object = JsonNodeFactory.instance.objectNode();
        values.forEach((key, value) -> object.set(key, value.json()));
        return object;
    }

    static String child(String path, String key) {
        return path.isEmpty() ? key : path + "." + key;
    }
}
