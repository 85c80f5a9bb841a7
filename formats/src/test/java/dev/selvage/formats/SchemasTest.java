package dev.selvage.formats;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.selvage.formats.config.NodeFile;
import dev.selvage.formats.config.ProfileFile;
import dev.selvage.formats.workflow.OperationFile;
import dev.selvage.formats.workflow.WorkflowFile;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The schemas that editors use say what the readers say. Files full/*.yaml use every key. */
class SchemasTest {
    private static final Path EXAMPLES = Path.of("..", "examples");
    private static final Path FULL = Path.of("src", "test", "resources", "full");
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path folder;

    private static JsonNode schemaTree(String kind) {
        try (var in = Yaml.class.getResourceAsStream("/schemas/" + kind + ".schema.json")) {
            return JSON.readTree(in);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Schema schema(String kind) {
        return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(schemaTree(kind));
    }

    private static JsonNode json(Path file) {
        var problems = new Problems(ErrorCode.WORKFLOW_INVALID, "");
        var json = Yaml.read(file, problems).json();
        problems.throwIfAny();
        return json;
    }

    static List<Path> exampleFiles() throws IOException {
        try (var files = Files.walk(EXAMPLES)) {
            return files.filter(file -> file.toString().endsWith(".yaml"))
                    .filter(file -> !file.toString().contains("target"))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("exampleFiles")
    void every_example_passes_its_schema(Path file) throws IOException {
        var text = Files.readString(file);
        var kind = text.lines()
                .filter(line -> line.startsWith("selvage: "))
                .map(line -> line.substring("selvage: ".length()).replace("/v1", ""))
                .findFirst()
                .orElse("engine");
        assertThat(schema(kind).validate(text, InputFormat.YAML)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"workflow", "operation", "node", "profile"})
    void a_file_with_every_key_passes_reader_and_schema(String kind) throws IOException {
        var json = json(FULL.resolve(kind + ".yaml"));
        assertThat(schema(kind).validate(json)).isEmpty();
        assertThat(refusal(kind, json)).isEmpty();
        var used = new TreeSet<String>();
        var declared = new TreeSet<String>();
        var tree = schemaTree(kind);
        walk(tree, tree, List.of(json), "", used, declared, new HashSet<>());
        declared.removeAll(used);
        assertThat(declared).as("keys of the schema that the file does not use").isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"workflow", "operation", "node", "profile"})
    void an_unknown_key_is_refused_by_both_or_by_neither(String kind) throws IOException {
        var full = json(FULL.resolve(kind + ".yaml"));
        var schema = schema(kind);
        List<List<String>> paths = new ArrayList<>();
        maps(full, List.of(), paths);
        assertThat(paths).hasSizeGreaterThan(2);
        for (var path : paths) {
            var changed = full.deepCopy();
            JsonNode at = changed;
            for (var key : path) {
                at = at.isArray() ? at.get(Integer.parseInt(key)) : at.get(key);
            }
            ((ObjectNode) at).put("zzz", 1);
            boolean bySchema = !schema.validate(changed).isEmpty();
            boolean byReader = !refusal(kind, changed).isEmpty();
            assertThat(byReader).as("%s in %s", kind, path).isEqualTo(bySchema);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "workflow | /version | 1.0",
                "workflow | /subTasks/roles/deadlines/run | 10",
                "workflow | /subTasks/roles/deadlines/run | 10 m",
                "workflow | /subTasks/roles/requirement/memory | 5",
                "workflow | /subTasks/roles/requirement/cpus | 0.5",
                "workflow | /subTasks/roles/outputs/table/maxSize | 1M",
                "workflow | /subTasks/counted/runIf | never",
                "workflow | /subTasks/counted/forEach/count | 0",
                "workflow | /subTasks/roles/retry/attempts | 21",
                "workflow | /roles/a/node | AMSP",
                "workflow | /access/read | all",
                "operation | /outputs/table/columns/0/type | decimal",
                "operation | /deterministic | maybe",
                "operation | /operation | Everything/1",
                "node | /listen | 7071",
                "node | /node | EwrMSP",
                "node | /limits/batch | 41",
                "node | /retention/content | 7",
                "profile | /ledger/endpoint | localhost",
                "profile | /identity/msp | a b",
            })
    void a_wrong_value_is_refused_by_both(String kind, String pointer, String value) throws IOException {
        var changed = json(FULL.resolve(kind.strip() + ".yaml"));
        int slash = pointer.strip().lastIndexOf('/');
        var map = changed.at(pointer.strip().substring(0, slash));
        ((ObjectNode) map).put(pointer.strip().substring(slash + 1), value.strip());
        assertThat(schema(kind.strip()).validate(changed)).isNotEmpty();
        assertThat(refusal(kind.strip(), changed)).isNotEmpty();
    }

    @Test
    void secrets_in_engine_files_are_refused_by_the_schema() {
        var changed = (ObjectNode) json(EXAMPLES.resolve("nyc-delays/engines/ewr/h2.yaml"));
        assertThat(schema("engine").validate(changed)).isEmpty();
        ((ObjectNode) changed.get("connect")).put("password", "secret");
        assertThat(schema("engine").validate(changed)).isNotEmpty();
    }

    /** What the reader says of a file, empty when it takes it. */
    private String refusal(String kind, JsonNode tree) throws IOException {
        if (kind.equals("workflow")) {
            Files.writeString(folder.resolve("operation.yaml"), Files.readString(FULL.resolve("operation.yaml")));
        }
        var file = Files.writeString(folder.resolve("tried-" + kind + ".yaml"), YamlText.of(tree));
        try {
            switch (kind) {
                case "workflow" -> WorkflowFile.read(file);
                case "operation" -> OperationFile.read(file);
                case "node" -> NodeFile.read(file, Map.of());
                default -> ProfileFile.read(file, Map.of());
            }
            return "";
        } catch (SelvageException e) {
            return e.getMessage();
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

    /** Collects the keys that a schema declares, and those of them that values use. */
    private static void walk(
            JsonNode root,
            JsonNode schema,
            List<JsonNode> values,
            String path,
            Set<String> used,
            Set<String> declared,
            Set<String> entered) {
        if (schema.has("$ref")) {
            var name = schema.get("$ref").asText();
            if (entered.add(name)) {
                walk(root, root.at(name.substring(1)), values, path, used, declared, entered);
                entered.remove(name);
            }
            return;
        }
        for (var choice : List.of("anyOf", "oneOf")) {
            schema.path(choice).forEach(branch -> {
                if (!branch.has("required") || branch.has("properties")) {
                    walk(root, branch, values, path, used, declared, entered);
                }
            });
        }
        schema.path("properties").properties().forEach(entry -> {
            var at = path + "/" + entry.getKey();
            declared.add(at);
            List<JsonNode> inside = new ArrayList<>();
            values.stream()
                    .filter(value -> value.has(entry.getKey()))
                    .forEach(value -> inside.add(value.get(entry.getKey())));
            if (!inside.isEmpty()) {
                used.add(at);
                walk(root, entry.getValue(), inside, at, used, declared, entered);
            }
        });
        List<JsonNode> inside = new ArrayList<>();
        values.forEach(value -> value.forEach(inside::add));
        if (schema.path("additionalProperties").isObject()) {
            walk(root, schema.get("additionalProperties"), inside, path + "/*", used, declared, entered);
        }
        if (schema.has("items")) {
            walk(root, schema.get("items"), inside, path + "/*", used, declared, entered);
        }
    }
}
