package dev.selvage.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.selvage.model.ErrorCategory;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class YamlTest {
    private final Problems problems = new Problems(ErrorCode.WORKFLOW_INVALID, "nothing deployed");

    private YamlMap read(String... lines) {
        return Yaml.parse("workflow.yaml", String.join("\n", lines), problems).map();
    }

    private List<String> told() {
        return problems.list().stream().map(FileProblem::toString).toList();
    }

    @Test
    void unknown_key_is_told_with_its_place_and_the_nearest_known_key() {
        var merge = read("subTasks:", "  merge:", "    dependOn: [delays]")
                .required("subTasks")
                .map()
                .required("merge")
                .map();
        merge.optional("dependsOn");
        merge.optional("inputs");
        merge.refuseUnknownKeys();

        assertThatThrownBy(problems::throwIfAny)
                .isInstanceOf(SelvageException.class)
                .hasMessage("WORKFLOW_INVALID workflow.yaml:3:5 subTasks.merge: unknown key \"dependOn\"; did you mean"
                        + " \"dependsOn\"? (1 problem, nothing deployed)");
    }

    @Test
    void all_problems_of_a_file_are_told_at_once_in_its_order() {
        var map = read("b: soon", "a: 5", "runIf: sucess", "list: [1, x]");
        map.required("a").duration();
        map.required("b").integer(1, 12);
        map.required("c").string();
        map.required("runIf").oneOf("success", "failure", "always");
        map.required("list").list().each(item -> item.integer(0, 9));
        map.refuseUnknownKeys();

        assertThatThrownBy(problems::throwIfAny).hasMessage("""
                        WORKFLOW_INVALID workflow.yaml:1:1 missing key "c"
                        workflow.yaml:1:4 b: expected a whole number from 1 to 12, found "soon"
                        workflow.yaml:2:4 a: expected a time with its unit, such as 500ms, 5s, 10m, 1h or 7d, found 5
                        workflow.yaml:3:8 runIf: unknown value "sucess"; did you mean "success"?
                        workflow.yaml:4:11 list[1]: expected a whole number from 0 to 9, found "x"
                        (5 problems, nothing deployed)""");
    }

    @Test
    void a_code_of_its_own_leads_only_when_all_problems_share_it() {
        var map = read("place: x", "quorum: y");
        map.notSupported("place");
        assertThatThrownBy(problems::throwIfAny)
                .hasMessage(
                        "NOT_SUPPORTED workflow.yaml:1:1 \"place\" is not supported yet (1 problem, nothing deployed)");
        map.refuseUnknownKeys();
        assertThatThrownBy(problems::throwIfAny).hasMessageStartingWith("WORKFLOW_INVALID workflow.yaml:1:1 \"place\"");
    }

    @Test
    void duplicate_keys_anchors_aliases_and_tags_are_refused_with_their_places() {
        read("a: &x 1", "b: *x", "c: !!str 2", "d: !mine {e: 1}", "a: 3", "? [k]", ": v");

        assertThat(told())
                .containsExactly(
                        "workflow.yaml:1:4 a: an anchor (&) is not used in these files: leave it out",
                        "workflow.yaml:2:4 b: an alias (*) is not used in these files: write the value out",
                        "workflow.yaml:3:4 c: a tag (!) is not used in these files: leave it out",
                        "workflow.yaml:4:4 d: a tag (!) is not used in these files: leave it out",
                        "workflow.yaml:5:1 the key \"a\" stands here twice (first in line 1)",
                        "workflow.yaml:6:3 a key must be text");
    }

    @Test
    void broken_syntax_is_told_with_its_place() {
        read("a: [1, 2", "b: }");
        assertThat(told())
                .singleElement()
                .asString()
                .startsWith("workflow.yaml:2:")
                .contains("not YAML: ");
    }

    @Test
    void a_character_that_yaml_forbids_is_told_with_its_place() {
        read("a: ok", "b: x\u0007y");
        assertThat(told()).containsExactly("workflow.yaml:2:5 a character that YAML does not allow");
    }

    @Test
    void only_one_document_is_read_unless_several_are_asked_for() {
        read("a: 1", "---", "a: 2");
        assertThat(told()).containsExactly("workflow.yaml:3:1 a second document (after \"---\"); this file holds one");

        var several = new Problems(ErrorCode.ENGINE_FILE_INVALID, "");
        var documents =
                Yaml.documents("engines.yaml", "a: 1\n---\na: 2\n---\n".getBytes(StandardCharsets.UTF_8), several);
        assertThat(documents)
                .extracting(document -> document.map().required("a").integer(0, 9))
                .containsExactly(1L, 2L);
        assertThat(several.isEmpty()).isTrue();
    }

    @Test
    void an_empty_file_and_a_file_of_another_shape_are_refused() {
        read("# nothing");
        Yaml.parse("list.yaml", "- 1", problems).map();
        assertThat(told())
                .containsExactly("list.yaml:1:1 expected a map, found a list", "workflow.yaml:1:1 the file is empty");
    }

    @Test
    void deep_nesting_is_refused() {
        read("a: " + "[".repeat(40) + "]".repeat(40));
        assertThat(told()).containsExactly("workflow.yaml:1:35 nested deeper than 32 levels");
    }

    @Test
    void large_files_and_bytes_that_are_not_utf8_are_refused() {
        Yaml.parse("big.yaml", new byte[Yaml.MAX_BYTES + 1], problems);
        Yaml.parse("latin.yaml", new byte[] {'a', ':', ' ', (byte) 0xe4}, problems);
        assertThat(told())
                .containsExactly("big.yaml:1:1 the file is larger than 1Mi", "latin.yaml:1:1 the file is not UTF-8");
    }

    @Test
    void an_unreadable_file_has_its_own_code() {
        assertThatThrownBy(() -> Yaml.read(Path.of("no-such-file.yaml"), problems))
                .hasMessageStartingWith("FILE_UNREADABLE Cannot read no-such-file.yaml.");
    }

    @Test
    void values_follow_the_core_schema_of_yaml_1_2() {
        var json = read("on: yes", "t: true", "n: 030", "z:", "q: \"5\"", "l: [a, ~]")
                .json();
        assertThat(json).hasToString("{\"on\":\"yes\",\"t\":true,\"n\":30,\"z\":null,\"q\":\"5\",\"l\":[\"a\",null]}");
    }

    @Test
    void numbers_that_json_readers_may_change_are_refused_as_values() {
        read("a: 1.5", "b: 9007199254740993", "c: 9007199254740991").json();
        assertThat(told())
                .containsExactly(
                        "workflow.yaml:1:4 a: only integers within 2^53 are numbers here; write other numbers in"
                                + " quotes: \"1.5\"",
                        "workflow.yaml:2:4 b: only integers within 2^53 are numbers here; write other numbers in"
                                + " quotes: \"9007199254740993\"");
    }

    @Test
    void what_yaml_reads_as_a_number_is_text_only_in_quotes() {
        var map = read("version: 1.10", "name: \"1.10\"", "three: 1.0.0");
        assertThat(map.required("version").string()).isNull();
        assertThat(map.required("name").string()).isEqualTo("1.10");
        assertThat(map.required("three").string()).isEqualTo("1.0.0");
        assertThat(told())
                .containsExactly(
                        "workflow.yaml:1:10 version: expected text, found a number; put it in quotes: \"1.10\"");
    }

    @ParameterizedTest
    @CsvSource({"500ms,500", "5s,5000", "10m,600000", "1h,3600000", "7d,604800000"})
    void durations_have_units(String text, long millis) {
        assertThat(Units.duration(text)).isEqualTo(Duration.ofMillis(millis));
        assertThat(Units.writeMillis(millis)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"512B,512", "16Ki,16384", "64Mi,67108864", "4Gi,4294967296", "1Ti,1099511627776"})
    void sizes_have_units(String text, long bytes) {
        assertThat(Units.size(text)).isEqualTo(bytes);
        assertThat(Units.writeSize(bytes)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"2,2000", "500m,500", "1500m,1500"})
    void cpus_are_thousandths(String text, long thousandths) {
        assertThat(Units.cpus(text)).isEqualTo(thousandths);
        assertThat(Units.writeCpus(thousandths).asText()).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"5", "m", "5 m", "-5m", "5M", "1.5h", "999999999999999d"})
    void what_is_not_an_amount_is_refused(String text) {
        assertThat(Units.duration(text)).isNull();
        assertThat(Units.size(text)).isNull();
    }

    @Test
    void enums_are_read_by_the_words_that_files_use() {
        var map = read("categories: [resource, usr]");
        var read = map.required("categories")
                .list()
                .each(item -> item.oneOf(
                        ErrorCategory.class, category -> category.name().toLowerCase(Locale.ROOT)));
        assertThat(read).containsExactly(ErrorCategory.RESOURCE);
        assertThat(told()).singleElement().asString().contains("unknown value \"usr\"; did you mean \"user\"?");
    }

    @Test
    void a_missing_map_is_told_once_and_its_keys_are_not_missed() {
        var connect = read("a: 1").required("connect").map();
        assertThat(connect.required("url").string()).isNull();
        assertThat(connect.required("pool").map().required("size").integer(3, 1, 9))
                .isEqualTo(3);
        assertThat(connect.exactlyOne("x", "y")).isNull();
        assertThat(told()).containsExactly("workflow.yaml:1:1 missing key \"connect\"");
    }

    @Test
    void a_value_knows_its_key_even_where_the_key_holds_dots() {
        var map = read("operations: {flights.delays/1: native}", "list: [a]");
        var operations = map.required("operations").map();
        assertThat(operations.required("flights.delays/1").key()).isEqualTo("flights.delays/1");
        assertThat(operations.optional("a.b").key()).isEqualTo("a.b");
        assertThat(map.required("list").list().iterator().next().key()).isEqualTo("[0]");
    }

    @Test
    void exactly_one_of_several_keys_is_asked_for() {
        assertThat(read("node: a").exactlyOne("node", "msp")).isEqualTo("node");
        read("node: a", "msp: b").exactlyOne("node", "msp");
        read("other: {}").required("other").map().exactlyOne("node", "msp");
        assertThat(told())
                .containsExactly(
                        "workflow.yaml:1:8 other: expected one of the keys node, msp",
                        "workflow.yaml:2:1 only one of node, msp may be given");
    }

    @Test
    void a_record_that_refuses_its_parts_is_a_problem_at_its_place() {
        var map = read("node: {name: x}");
        var node = map.required("node").map();
        assertThat(problems.<String>build(node, () -> {
                    throw new SelvageException(ErrorCode.REQUEST_INVALID, "A node has a key.");
                }))
                .isNull();
        assertThat(told()).containsExactly("workflow.yaml:1:7 node: A node has a key");
    }

    @Test
    void a_flood_of_problems_is_cut() {
        var text = new StringBuilder();
        for (int i = 0; i < 60; i++) {
            text.append("k").append(i).append(": 1\n");
        }
        Yaml.parse("workflow.yaml", text.toString(), problems).map().refuseUnknownKeys();
        assertThatThrownBy(problems::throwIfAny)
                .hasMessageEndingWith("\n... and 10 more\n(60 problems, nothing deployed)");
    }
}
