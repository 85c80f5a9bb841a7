package dev.selvage.formats;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.selvage.model.CanonicalJson;
import dev.selvage.model.ErrorCode;
import java.util.Random;
import org.junit.jupiter.api.Test;

class YamlTextTest {
    private static JsonNode read(String yaml) {
        var problems = new Problems(ErrorCode.WORKFLOW_INVALID, "");
        var json = Yaml.parse("written.yaml", yaml, problems).json();
        problems.throwIfAny();
        return json;
    }

    @Test
    void small_maps_stand_on_one_line_and_large_ones_in_blocks() {
        var tree = CanonicalJson.parse("""
                {"name":"x","roles":{"a":{"node":"A/1"},"b":{"msp":"B"}},"cases":[{"in":"a,b\\n1,2\\n","out":[1,true,null]}]}""");
        assertThat(YamlText.of(tree)).isEqualTo("""
                name: x
                roles: {a: {node: A/1}, b: {msp: B}}
                cases:
                  -
                    in: |
                      a,b
                      1,2
                    out: [1, true, null]
                """);
        assertThat(read(YamlText.of(tree))).isEqualTo(tree);
    }

    @Test
    void text_that_looks_like_something_else_is_quoted() {
        for (var text : new String[] {
            "",
            " ",
            "1",
            "1.10",
            "true",
            "null",
            "~",
            "a: b",
            "a #b",
            "- a",
            "*x",
            "&x",
            "!x",
            "{a}",
            "x\u2028y",
            "\u0007",
            "a\tb",
            "é",
            "\"",
            "\\",
            "a\n\nb",
            "\nb",
            " a\nb",
            "b\n\n",
            "=",
            "0x1f",
            ".5",
            "...",
            "---",
            "2013-07-01",
            "1h"
        }) {
            var tree = CanonicalJson.object().put("k", text);
            tree.putArray("l").add(text);
            assertThat(read(YamlText.of(tree))).as(text).isEqualTo(tree);
        }
    }

    @Test
    void every_tree_reads_back_the_same() {
        var random = new Random(20);
        for (int i = 0; i < 300; i++) {
            var tree = CanonicalJson.object();
            tree.set("root", tree(random, 4));
            assertThat(read(YamlText.of(tree))).isEqualTo(tree);
        }
    }

    private static JsonNode tree(Random random, int depth) {
        var nodes = JsonNodeFactory.instance;
        return switch (depth == 0 ? random.nextInt(4) : random.nextInt(6)) {
            case 0 -> nodes.numberNode(random.nextInt());
            case 1 -> nodes.booleanNode(random.nextBoolean());
            case 2, 3 -> nodes.textNode(text(random));
            case 4 -> {
                var list = nodes.arrayNode();
                for (int i = random.nextInt(4); i > 0; i--) {
                    list.add(tree(random, depth - 1));
                }
                yield list;
            }
            default -> {
                var map = nodes.objectNode();
                for (int i = random.nextInt(4); i > 0; i--) {
                    map.set(text(random), tree(random, depth - 1));
                }
                yield map;
            }
        };
    }

    private static String text(Random random) {
        var characters = "ab1 :-#{}[],\"'\\\n|>&*!%@`?./=~\té";
        var text = new StringBuilder();
        for (int i = random.nextInt(9); i > 0; i--) {
            text.append(characters.charAt(random.nextInt(characters.length())));
        }
        return text.toString();
    }
}
