package dev.selvage.formats.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.selvage.model.Operation.CaseInput;
import dev.selvage.model.Operation.Column;
import org.junit.jupiter.api.Test;

class OperationFileTest {
    private static final String OPERATION = """
            selvage: operation/v1
            operation: flights.merge/1
            deterministic: false
            parameters: {least: {type: integer, default: 0}}
            inputs: {tables: {mediaType: text/csv, many: true}, one: {mediaType: text/csv}}
            outputs:
              table:
                mediaType: text/csv
                columns: [{name: carrier, type: text}, {name: mean, type: decimal(2), nullable: true}]
                order: [carrier]
            cases:
              - name: one
                parameters: {least: 1}
                inputs:
                  one: a
                  tables: [{label: x, text: b}, {label: y, text: c}]
                outputs: {table: d}
            """;

    @Test
    void columns_cases_and_defaults_are_read() {
        var operation = OperationFile.parse("merge.yaml", OPERATION);
        assertThat(operation.outputs().get("table").columns())
                .containsExactly(new Column("carrier", "text", null, false), new Column("mean", "decimal", 2, true));
        assertThat(operation.cases().get(0).inputs().get("one")).containsExactly(new CaseInput(null, "a"));
        assertThat(operation.cases().get(0).inputs().get("tables"))
                .containsExactly(new CaseInput("x", "b"), new CaseInput("y", "c"));
        assertThat(operation.requirement().cpus()).isEqualTo(1000);
    }

    @Test
    void written_operation_reads_back_to_the_same_digest() {
        var operation = OperationFile.parse("merge.yaml", OPERATION);
        assertThat(OperationFile.parse("written.yaml", OperationFile.write(operation))
                        .digest())
                .isEqualTo(operation.digest());
    }

    @Test
    void all_problems_are_told_at_once_with_their_places() {
        var text = OPERATION
                .replace("deterministic: false\n", "")
                .replace("decimal(2)", "decimal")
                .replace("order: [carrier]", "order: [carier]")
                .replace("default: 0", "default: x")
                .replace("one: a", "two: a");
        assertThatThrownBy(() -> OperationFile.parse("merge.yaml", text)).hasMessage("""
                        OPERATION_INVALID merge.yaml:1:1 missing key "deterministic"
                        merge.yaml:3:46 parameters.least.default: expected an integer
                        merge.yaml:8:63 outputs.table.columns[1].type: expected a type: int64, text, date or decimal(SCALE), found "decimal"
                        merge.yaml:9:13 outputs.table.order[0]: unknown column "carier"; did you mean "carrier"?
                        merge.yaml:14:7 cases[0].inputs: unknown input "two"
                        (5 problems)""");
    }

    @Test
    void an_operation_that_is_too_large_for_the_ledger_is_refused() {
        var text = OPERATION.replace("table: d", "table: " + "d".repeat(20_000));
        assertThatThrownBy(() -> OperationFile.parse("merge.yaml", text))
                .hasMessageStartingWith("OPERATION_INVALID merge.yaml:1:1 its canonical form is larger than 16Ki");
    }
}
