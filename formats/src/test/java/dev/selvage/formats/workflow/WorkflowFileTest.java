package dev.selvage.formats.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.selvage.model.ErrorCode;
import dev.selvage.model.Input;
import dev.selvage.model.SelvageException;
import dev.selvage.model.SubTask;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorkflowFileTest {
    private static final String OPERATION = """
            selvage: operation/v1
            operation: sum/1
            deterministic: true
            parameters:
              month: {type: integer, minimum: 1, maximum: 12}
              least: {type: integer, default: 0}
            inputs: {rows: {mediaType: text/csv}}
            outputs: {table: {mediaType: text/csv}}
            """;
    private static final String WORKFLOW = """
            selvage: workflow/v1
            name: sums
            version: 1.0.0
            parameters:
              month: {type: integer, minimum: 1, maximum: 12}
              nodes: {type: array, items: {type: string}}
            operations: {sum/1: ./sum.yaml}
            roles:
              ewr: {node: EwrMSP/node1}
              many: {parameter: nodes}
            subTasks:
              first:
                participants: {ewr: {operation: sum/1}}
                inputs: {month: {parameter: month}, rows: {data: rows}}
                outputs: {table: {visibility: [ewr], maxSize: 1Mi}}
              second:
                participants: {ewr: {operation: sum/1}}
                inputs: {month: {value: 7}, rows: {result: first, output: table}}
                outputs: {table: {visibility: channel, onLedger: true}}
            results: {table: {result: second, output: table}}
            """;

    @TempDir
    private Path folder;

    @BeforeEach
    void writeOperation() throws IOException {
        Files.writeString(folder.resolve("sum.yaml"), OPERATION);
    }

    private Path file(String text) {
        try {
            return Files.writeString(folder.resolve("workflow.yaml"), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private SelvageException refused(String text) {
        return catchThrowableOfType(SelvageException.class, () -> WorkflowFile.read(file(text)));
    }

    /** The message without the folder. */
    private String message(String text) {
        return refused(text).getMessage().replace(folder + "/", "");
    }

    private String changed(String from, String to) {
        assertThat(WORKFLOW).contains(from);
        return WORKFLOW.replace(from, to);
    }

    @Test
    void defaults_are_filled_in_and_units_become_integers() {
        var first = WorkflowFile.read(file(changed("  first:\n", """
                  first:
                    deadlines: {accept: 1h, run: 90s}
                    retry: {attempts: 3, wait: {first: 500ms}}
                    requirement: {cpus: 500m, memory: 1Gi}
                """)))
                .workflow()
                .subTasks()
                .get("first");
        assertThat(first.deadlines()).isEqualTo(new SubTask.Deadlines(3_600_000L, 300_000L, 90_000L, 300_000L));
        assertThat(first.retry().attempts()).isEqualTo(3);
        assertThat(first.retry().pause()).isEqualTo(new SubTask.Pause(500L, 60_000L));
        assertThat(first.requirement()).isEqualTo(new SubTask.Requirement(500L, 1L << 30, 64L << 20));
        assertThat(first.outputs().get("table").maxSize()).isEqualTo(1L << 20);
        assertThat(first.inputs().get("rows")).isEqualTo(new Input.Data("rows"));
    }

    @Test
    void an_input_must_be_visible_to_the_role_that_reads_it() {
        var read = changed(
                "{ewr: {operation: sum/1}}\n    inputs: {month: {value: 7}",
                "{many: {operation: sum/1}}\n    inputs: {month: {value: 7}");
        assertThat(message(read))
                .contains("18:33 subTasks.second.inputs.rows: the role \"many\" may not see first.table;"
                        + " name it in subTasks.first.outputs.table.visibility");
        for (String seen : List.of("[ewr, many]", "channel")) {
            WorkflowFile.read(file(read.replace("visibility: [ewr]", "visibility: " + seen)));
        }
    }

    @Test
    void unknown_key_is_answered_as_documented() {
        assertThat(message(changed("  second:\n", "  second:\n    dependOn: [first]\n")))
                .isEqualTo("WORKFLOW_INVALID workflow.yaml:17:5 subTasks.second: unknown key \"dependOn\"; did you mean"
                        + " \"dependsOn\"? (1 problem, nothing deployed)");
    }

    @Test
    void problems_of_structure_of_rules_and_of_operations_are_told_together() throws IOException {
        Files.writeString(folder.resolve("sum.yaml"), OPERATION.replace("maximum: 12}", "maximum: 12, minimun: 1}"));
        var text = WORKFLOW.replace("version: 1.0.0", "version: \"1\"")
                .replace("{data: rows}", "{data: rows, pin: ready}")
                .replace("result: first, output: table", "result: frist, output: table")
                .replace(
                        "participants: {ewr: {operation: sum/1}}\n    inputs: {month: {parameter",
                        "participants: {erw:" + " {operation: sum/1}}\n    inputs: {month: {parameter")
                .replace("maxSize: 1Mi", "maxSize: 1");
        assertThat(message(text)).isEqualTo("""
                        WORKFLOW_INVALID sum.yaml:5:51 parameters.month: unknown key "minimun"; did you mean "minimum"?
                        workflow.yaml:3:10 version: expected a version such as 1.0.0, found "1"
                        workflow.yaml:13:5 subTasks.first.participants: unknown role "erw"; did you mean "ewr"?
                        workflow.yaml:14:60 subTasks.first.inputs.rows: unknown key "pin"
                        workflow.yaml:15:51 subTasks.first.outputs.table.maxSize: expected a size with its unit, such as 512B, 16Ki, 64Mi or 4Gi, found 1
                        workflow.yaml:18:33 subTasks.second.inputs.rows: unknown sub-task "frist"; did you mean "first"?
                        (6 problems, nothing deployed)""");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "result: {policy: quorum, k: 2} | policy \"quorum\"",
                "result: {policy: first} | policy \"first\"",
                "channels: {c: {from: a, to: b}} | \"channels\"",
                "place: anywhere | \"place\"",
                "protection: {} | \"protection\"",
                "settle: {} | \"settle\"",
                "seed: 7 | \"seed\"",
                "suspend: {} | \"suspend\"",
            })
    void what_this_version_does_not_have_is_refused_as_such(String line, String named) {
        var fault = refused(changed("  second:\n", "  second:\n    " + line.strip() + "\n"));
        assertThat(fault.code()).isEqualTo(ErrorCode.NOT_SUPPORTED);
        assertThat(fault.getMessage()).contains("subTasks.second").contains(named.strip() + " is not supported yet");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{data: rows} | {block: {of: taskCreation}}",
                "{data: rows} | {key: abc}",
                "{data: rows} | {name: abc}",
                "{node: EwrMSP/node1} | {place: cheapest}",
                "visibility: [ewr] | visibility: [{role: ewr, part: same}]",
                "{ewr: {operation: sum/1}} | {ewr: {operation: sum/1}, many: {operation: sum/1}}",
                "name: sums | {seed: 3, name: sums}",
            })
    void other_reserved_words_are_refused_as_not_supported(String from, String to) {
        var text = to.startsWith("{seed")
                ? changed("name: sums\n", "name: sums\nseed: 3\n")
                : changed(from.strip(), to.strip());
        assertThat(refused(text).code()).as(refused(text).getMessage()).isEqualTo(ErrorCode.NOT_SUPPORTED);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{parameter: month} | {parameter: mont} | unknown parameter \"mont\"; did you mean \"month\"?",
                "{parameter: month} | {parametr: month} | unknown key \"parametr\"; did you mean \"parameter\"?",
                "{parameter: month} | {} | expected one of the keys parameter, value, data",
                "{value: 7} | {value: 1.5} | write other numbers in quotes",
                "output: table}} | output: tabel}} | unknown output of second \"tabel\"; did you mean \"table\"?",
                "month: {value: 7}, | '' | sum/1 needs the parameter \"month\"",
                "month: {value: 7} | month: {value: 7}, leest: {value: 1} | has no parameter \"leest\"; did you mean \"least\"?",
                "operation: sum/1 | operation: sum/2 | unknown operation \"sum/2\"; did you mean \"sum/1\"?",
                "EwrMSP/node1 | EwrMSP | A node is written MSP/node",
                "parameter: nodes | parameter: month | the parameter must be an array of nodes",
                "onLedger: true | onLedger: true, maxSize: 1Mi | at most 16Ki go on the ledger",
                "./sum.yaml | ./summ.yaml | cannot read the file",
                "./sum.yaml | /etc/passwd | expected a path from this file's folder",
                "sum/1: ./sum.yaml | sum/2: ./sum.yaml | the file describes sum/1, not sum/2",
                "{type: array, items: {type: string}} | {type: strin} | unknown value \"strin\"; did you mean \"string\"?",
                "workflow/v1 | workflow/v2 | unknown value \"workflow/v2\"; did you mean \"workflow/v1\"?",
                "rows: {data: rows} | rows: {result: second, output: table} | wait for each other in a circle",
            })
    void each_mistake_has_its_answer(String from, String to, String answer) {
        var message = message(changed(from.strip(), to.strip()));
        assertThat(message).contains(answer.strip()).contains("nothing deployed");
    }

    @Test
    void an_operation_file_of_another_kind_is_told_in_its_own_place() throws IOException {
        Files.writeString(folder.resolve("sum.yaml"), "engine: x\n");
        assertThat(message(WORKFLOW))
                .startsWith("OPERATION_INVALID sum.yaml:1:1 ")
                .contains("unknown key \"engine\"")
                .doesNotContain("workflow.yaml");
    }

    @Test
    void a_circle_of_waiting_is_told_with_its_members() {
        assertThat(message(changed("  first:\n", "  first:\n    dependsOn: [second]\n")))
                .contains("wait for each other in a circle: first -> second");
    }
}
