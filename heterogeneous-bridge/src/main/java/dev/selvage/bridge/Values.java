package dev.selvage.bridge;

import com.fasterxml.jackson.databind.JsonNode;
import dev.selvage.engine.EngineInput;
import dev.selvage.engine.EngineRequest;
import dev.selvage.engine.InputPlace;
import dev.selvage.model.CanonicalJson;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the expressions of a run see, by the names of {@link Scope}. */
final class Values {
    private Values() {}

    /**
     * The values that are known from the start.
     *
     * @param texts text of the inputs that expressions may read, by input
     */
    static Map<String, Object> of(
            EngineRequest request, JsonNode config, Map<EngineInput, String> texts, Map<EngineInput, String> paths) {
        Map<String, Object> values = new HashMap<>();
        var params = CanonicalJson.parse(request.params());
        values.put("params", CelValues.of(params));
        params.properties().forEach(entry -> values.put("params." + entry.getKey(), CelValues.of(entry.getValue())));
        config.properties().forEach(entry -> values.put("config." + entry.getKey(), CelValues.of(entry.getValue())));
        var key = request.key();
        values.put("run.task", key.task());
        values.put("run.subTask", key.subTask());
        values.put("run.part", (long) key.part());
        values.put("run.attempt", (long) key.attempt());
        values.put("run.role", key.role());
        values.put("run.key", key.text());
        values.put("run.hex32", key.hex32());
        values.put("run.dir", request.directory().toString());
        values.put("run.traceparent", request.traceparent());
        Map<String, Object> inputs = new LinkedHashMap<>();
        request.operation().inputs().forEach((name, spec) -> {
            List<Object> elements = new ArrayList<>();
            for (EngineInput input : request.inputs(name)) {
                elements.add(input(input, texts, paths));
            }
            if (spec.many()) {
                inputs.put(name, elements);
            } else if (!elements.isEmpty()) {
                inputs.put(name, elements.get(0));
            }
        });
        values.put("inputs", inputs);
        inputs.forEach((name, input) -> values.put("inputs." + name, input));
        return values;
    }

    private static Map<String, Object> input(
            EngineInput input, Map<EngineInput, String> texts, Map<EngineInput, String> paths) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("name", input.name());
        map.put("label", input.label());
        map.put("index", (long) input.index());
        map.put("mediaType", input.mediaType());
        map.put("size", input.size());
        input.digest().ifPresent(digest -> map.put("digest", digest.hex()));
        if (texts.containsKey(input)) {
            map.put("text", texts.get(input));
        }
        if (paths.containsKey(input)) {
            map.put("path", paths.get(input));
        } else if (input.place() instanceof InputPlace.OnDisk file) {
            map.put("path", file.path().toString());
        }
        if (input.place() instanceof InputPlace.Resident resident) {
            map.put("table", resident.table());
            map.put("engine", resident.engine());
            map.put("version", resident.version());
        }
        return map;
    }
}
