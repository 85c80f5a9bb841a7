package dev.selvage.formats.workflow;

import com.fasterxml.jackson.databind.JsonNode;
import dev.selvage.formats.Problems;
import dev.selvage.formats.YamlMap;
import dev.selvage.formats.YamlValue;
import dev.selvage.model.CanonicalJson;
import dev.selvage.model.Problem;
import dev.selvage.model.Schema;
import dev.selvage.model.SubTask;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** What workflow and operation files have in common. */
final class Reading {
    private static final int LENGTH = 1 << 20;
    private static final int DESCRIPTION = 2_000;

    private Reading() {}

    /** Notes the problems that the model finds, at their places, but for those that only follow from what is noted already. */
    static void place(List<Problem> found, YamlMap root, Problems problems) {
        var file = root.position().file();
        var fresh = found.stream()
                .filter(problem -> !problems.concern(file, problem.path()))
                .toList();
        fresh.forEach(problem ->
                problems.add(problem.code(), root.locate(problem.path()), problem.path(), problem.message()));
    }

    static String description(YamlMap map) {
        var value = map.optional("description");
        var text = value.string();
        if (text != null && text.length() > DESCRIPTION) {
            value.problem("longer than " + DESCRIPTION + " characters");
        }
        return text;
    }

    static Map<String, Schema> schemas(YamlValue value) {
        return value.map().each(Reading::schema);
    }

    private static Schema schema(YamlValue value) {
        var map = value.map();
        var type = map.required("type").oneOf("string", "integer", "boolean", "array");
        var items = map.has("items") ? schema(map.optional("items")) : null;
        List<JsonNode> allowed = new ArrayList<>();
        map.optional("enum").list().forEach(item -> allowed.add(item.json()));
        var schema = new Schema(
                type,
                description(map),
                integer(map, "minimum"),
                integer(map, "maximum"),
                length(map, "minLength"),
                length(map, "maxLength"),
                pattern(map.optional("pattern")),
                allowed,
                items,
                length(map, "minItems"),
                length(map, "maxItems"),
                map.has("default") ? map.optional("default").json() : null);
        map.refuseUnknownKeys();
        return schema;
    }

    private static Long integer(YamlMap map, String key) {
        long most = CanonicalJson.MAX_INTEGER;
        return map.optional(key).integer(-most, most);
    }

    private static Integer length(YamlMap map, String key) {
        var length = map.optional(key).integer(0, LENGTH);
        return length == null ? null : length.intValue();
    }

    private static String pattern(YamlValue value) {
        var pattern = value.string();
        if (pattern == null) {
            return null;
        }
        try {
            return Pattern.compile(pattern).pattern();
        } catch (PatternSyntaxException e) {
            value.problem("not a regular expression: " + e.getDescription());
            return null;
        }
    }

    static SubTask.Requirement requirement(YamlValue value) {
        if (!value.present()) {
            return null;
        }
        var map = value.map();
        var requirement = new SubTask.Requirement(
                map.optional("cpus").cpus(),
                map.optional("memory").size(),
                map.optional("storage").size());
        map.refuseUnknownKeys();
        return requirement;
    }

    static Long millis(YamlValue value) {
        Duration duration = value.duration();
        return duration == null ? null : duration.toMillis();
    }
}
