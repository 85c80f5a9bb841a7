package dev.selvage.examples.nyc;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.selvage.bridge.BridgeSettings;
import dev.selvage.bridge.EngineLoader;
import dev.selvage.formats.Problems;
import dev.selvage.formats.Yaml;
import dev.selvage.formats.YamlText;
import dev.selvage.formats.workflow.WorkflowFile;
import dev.selvage.model.CanonicalJson;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The schema of engine files says what their reader says. Files full/*.yaml use the keys of each transport. */
class EngineSchemaTest {
    private static final Path FULL = Path.of("src", "test", "resources", "full");

    @TempDir
    private Path folder;

    private static Schema schema() throws IOException {
        try (var in = Yaml.class.getResourceAsStream("/schemas/engine.schema.json")) {
            return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                    .getSchema(CanonicalJson.parse(in.readAllBytes()));
        }
    }

    private static JsonNode json(String transport) {
        var problems = new Problems(ErrorCode.ENGINE_FILE_INVALID, "");
        var json = Yaml.read(FULL.resolve(transport + ".yaml"), problems).json();
        problems.throwIfAny();
        return json;
    }

    private String refusal(JsonNode tree) throws IOException {
        var file = Files.writeString(folder.resolve("engine.yaml"), YamlText.of(tree));
        var operations = WorkflowFile.read(Path.of("..", "workflow.yaml")).operations();
        try {
            new EngineLoader(BridgeSettings.of(folder, operations)).load(file).close();
            return "";
        } catch (SelvageException e) {
            return e.getMessage();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"jdbc", "http", "stdio", "java"})
    void a_file_with_every_key_passes_reader_and_schema(String transport) throws IOException {
        var json = json(transport);
        assertThat(schema().validate(json)).isEmpty();
        assertThat(refusal(json)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"jdbc", "http", "stdio", "java"})
    void an_unknown_key_is_refused_by_both_or_by_neither(String transport) throws IOException {
        var full = json(transport);
        List<List<String>> paths = new ArrayList<>();
        maps(full, List.of(), paths);
        for (var path : paths) {
            var changed = full.deepCopy();
            JsonNode at = changed;
            for (var key : path) {
                at = at.isArray() ? at.get(Integer.parseInt(key)) : at.get(key);
            }
            ((ObjectNode) at).put("zzz", "x");
            var said = refusal(changed);
            boolean bySchema = !schema().validate(changed).isEmpty();
            assertThat(said.contains("unknown key") || said.contains("expected"))
                    .as("%s %s: %s", transport, path, said)
                    .isEqualTo(bySchema);
        }
    }

    private static void maps(JsonNode node, List<String> path, List<List<String>> found) {
        if (node.isObject()) {
            found.add(path);
            node.properties().forEach(entry -> maps(entry.getValue(), and(path, entry.getKey()), found));
        } else if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                maps(node.get(i), and(path, Integer.toString(i)), found);
            }
        }
    }

    private static List<String> and(List<String> path, String key) {
        var longer = new ArrayList<>(path);
        longer.add(key);
        return longer;
    }
}
