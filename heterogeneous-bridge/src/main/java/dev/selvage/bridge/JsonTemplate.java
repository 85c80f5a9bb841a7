package dev.selvage.bridge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import java.util.Map;

/** JSON whose leaves may be expressions. */
sealed interface JsonTemplate {
    /** The JSON of a run. */
    JsonNode render(Map<String, Object> values);

    record Leaf(Template template) implements JsonTemplate {
        @Override
        public JsonNode render(Map<String, Object> values) {
            return template.json(values);
        }
    }

    record Elements(List<JsonTemplate> elements) implements JsonTemplate {
        @Override
        public JsonNode render(Map<String, Object> values) {
            var array = JsonNodeFactory.instance.arrayNode();
            elements.forEach(element -> array.add(element.render(values)));
            return array;
        }
    }

    record Members(Map<String, JsonTemplate> members) implements JsonTemplate {
        @Override
        public JsonNode render(Map<String, Object> values) {
            var object = JsonNodeFactory.instance.objectNode();
            members.forEach((name, member) -> object.set(name, member.render(values)));
            return object;
        }
    }
}
