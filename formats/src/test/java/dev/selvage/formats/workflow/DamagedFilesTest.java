package dev.selvage.formats.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.selvage.formats.Problems;
import dev.selvage.formats.Yaml;
import dev.selvage.formats.YamlText;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever a file holds, the answer is a value or a fault with a code. */
class DamagedFilesTest {
    private static final Path FULL = Path.of("src", "test", "resources", "full");
    private static final List<String> ODD =
            List.of("~", "{}", "[]", "\"\"", "-1", "true", "x", "a/b", "1.5", "[~]", "[[a]]", "{a: {b: c}}");

    private static final String CHARACTERS = "{}[]:,-#&*!|>'\"%@`?\n\t \u0000é~0";

    @TempDir
    private Path folder;

    private static JsonNode tree(String yaml) {
        return Yaml.parse("full", yaml, new Problems(ErrorCode.WORKFLOW_INVALID, ""))
                .json();
    }

    @Test
    void every_node_of_a_file_may_be_anything() throws IOException {
        for (var kind : List.of("workflow", "operation")) {
            var full = tree(Files.readString(FULL.resolve(kind + ".yaml")));
            List<String> pointers = new ArrayList<>();
            pointers(full, "", pointers);
            for (var pointer : pointers) {
                for (var odd : ODD) {
                    read(kind, YamlText.of(replaced(full, pointer, odd)), pointer + " = " + odd);
                }
                read(kind, YamlText.of(removed(full, pointer)), pointer + " removed");
            }
        }
    }

    @Test
    void any_bytes_may_stand_in_a_file() throws IOException {
        var random = new Random(7);
        for (var kind : List.of("workflow", "operation")) {
            var text = Files.readString(FULL.resolve(kind + ".yaml"));
            for (int i = 0; i < 2_000; i++) {
                var damaged = new StringBuilder(text);
                for (int j = 1 + random.nextInt(4); j > 0; j--) {
                    int at = random.nextInt(damaged.length());
                    switch (random.nextInt(3)) {
                        case 0 -> damaged.deleteCharAt(at);
                        case 1 -> damaged.insert(at, CHARACTERS.charAt(random.nextInt(CHARACTERS.length())));
                        default -> damaged.delete(at, Math.min(damaged.length(), at + random.nextInt(60)));
                    }
                }
                read(kind, damaged.toString(), damaged.toString());
            }
        }
    }

    private void read(String kind, String text, String what) throws IOException {
        Files.writeString(folder.resolve("operation.yaml"), Files.readString(FULL.resolve("operation.yaml")));
        var file = Files.writeString(folder.resolve("damaged.yaml"), text);
        try {
            if (kind.equals("workflow")) {
                assertThat(WorkflowFile.read(file)).isNotNull();
            } else {
                assertThat(OperationFile.read(file)).isNotNull();
            }
        } catch (SelvageException e) {
            assertThat(e.code()).as(what).isNotEqualTo(ErrorCode.INTERNAL);
        } catch (RuntimeException | StackOverflowError e) {
            fail(what, e);
        }
    }

    private static void pointers(JsonNode node, String at, List<String> found) {
        if (!at.isEmpty()) {
            found.add(at);
        }
        if (node.isObject()) {
            node.properties()
                    .forEach(entry ->
                            pointers(entry.getValue(), at + "/" + entry.getKey().replace("/", "~1"), found));
        } else {
            for (int i = 0; i < node.size(); i++) {
                pointers(node.get(i), at + "/" + i, found);
            }
        }
    }

    private static JsonNode replaced(JsonNode full, String pointer, String odd) {
        var copy = full.deepCopy();
        var value = odd.equals("1.5")
                ? JsonNodeFactory.instance.textNode("1.5")
                : tree("v: " + odd).get("v");
        set(copy, pointer, value);
        return copy;
    }

    private static void set(JsonNode root, String pointer, JsonNode value) {
        int slash = pointer.lastIndexOf('/');
        var key = pointer.substring(slash + 1).replace("~1", "/");
        var parent = root.at(pointer.substring(0, slash));
        if (parent instanceof ArrayNode list) {
            list.set(Integer.parseInt(key), value);
        } else {
            ((ObjectNode) parent).set(key, value);
        }
    }

    private static JsonNode removed(JsonNode full, String pointer) {
        var copy = full.deepCopy();
        int slash = pointer.lastIndexOf('/');
        var key = pointer.substring(slash + 1).replace("~1", "/");
        var parent = copy.at(pointer.substring(0, slash));
        if (parent instanceof ArrayNode list) {
            list.remove(Integer.parseInt(key));
        } else {
            ((ObjectNode) parent).remove(key);
        }
        return copy;
    }
}
