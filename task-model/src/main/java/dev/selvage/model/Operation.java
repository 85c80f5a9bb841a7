package dev.selvage.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a computation means: shared by organisations and pinned by digest in workflows; engines implement it (FORMATS.md).
 *
 * @param selvage the format, {@value #FORMAT}
 * @param operation its id, such as {@code flights.delays/1}
 * @param deterministic whether equal inputs give equal bytes
 * @param requirement what a run needs where the workflow does not say; null for the default
 * @param cases examples with expected outputs
 */
public record Operation(
        String selvage,
        String operation,
        String description,
        Map<String, Schema> parameters,
        Map<String, InputSpec> inputs,
        Map<String, OutputSpec> outputs,
        boolean deterministic,
        SubTask.Requirement requirement,
        List<Case> cases) {

    public static final String FORMAT = "operation/v1";
    private static final Set<String> COLUMN_TYPES = Set.of("int64", "decimal", "text", "date");

    public Operation {
        parameters = Workflow.sorted(parameters);
        inputs = Workflow.sorted(inputs);
        outputs = Workflow.sorted(outputs);
        requirement = requirement == null ? SubTask.Requirement.DEFAULT : requirement;
        cases = cases == null ? List.of() : List.copyOf(cases);
    }

    public Digest digest() {
        return Digest.ofJson(this);
    }

    /** Everything that is wrong with it, as OPERATION_INVALID. */
    public List<Problem> problems() {
        List<Problem> problems = new ArrayList<>();
        if (!FORMAT.equals(selvage)) {
            problems.add(problem("selvage", "expected \"" + FORMAT + "\""));
        }
        if (!Names.isOperation(operation)) {
            problems.add(problem(
                    "operation", "expected a name and a number such as flights.delays/1, not \"" + operation + "\""));
        }
        parameters.forEach((name, schema) -> {
            if (!Names.isComponent(name)) {
                problems.add(problem("parameters." + name, "not a name"));
            }
            problems.addAll(schema.problems(ErrorCode.OPERATION_INVALID, "parameters." + name));
        });
        inputs.keySet().stream()
                .filter(name -> parameters.containsKey(name))
                .forEach(name -> problems.add(problem("inputs." + name, "is declared as a parameter as well")));
        if (outputs.isEmpty()) {
            problems.add(problem("outputs", "an operation has at least one output"));
        }
        outputs.forEach((name, output) -> output.columns().forEach(column -> {
            if (!COLUMN_TYPES.contains(column.type())) {
                problems.add(problem(
                        "outputs." + name + "." + column.name(),
                        "expected int64, decimal, text or date, not \"" + column.type() + "\""));
            }
        }));
        return problems;
    }

    private static Problem problem(String path, String message) {
        return new Problem(ErrorCode.OPERATION_INVALID, path, message);
    }

    /**
     * An input of content, as opposed to a parameter.
     *
     * @param many whether it is a list
     * @param columns of a table, in order; empty for other content
     */
    public record InputSpec(String mediaType, Boolean many, List<Column> columns, String description) {
        public InputSpec {
            many = many != null && many;
            columns = columns == null ? List.of() : List.copyOf(columns);
        }
    }

    /**
     * An output.
     *
     * @param columns of a table, in order; empty for other content
     * @param order the columns by which rows are sorted
     */
    public record OutputSpec(String mediaType, List<Column> columns, List<String> order, String description) {
        public OutputSpec {
            columns = columns == null ? List.of() : List.copyOf(columns);
            order = order == null ? List.of() : List.copyOf(order);
        }
    }

    /**
     * A column of a canonical table.
     *
     * @param type int64, decimal, text or date
     * @param scale digits after the point of a decimal; null for other types
     */
    public record Column(String name, String type, Integer scale, Boolean nullable) {
        public Column {
            nullable = nullable != null && nullable;
        }
    }

    /**
     * An example: parameters and inputs with the outputs that they must give, byte for byte.
     *
     * @param inputs content by name; a list where the input is many
     * @param outputs expected text by output
     */
    public record Case(
            String name,
            Map<String, JsonNode> parameters,
            Map<String, List<CaseInput>> inputs,
            Map<String, String> outputs) {
        public Case {
            parameters = Workflow.sorted(parameters);
            inputs = Workflow.sorted(inputs);
            outputs = Workflow.sorted(outputs);
        }
    }

    /** A labelled text input of an example. */
    public record CaseInput(
            String label,
            @JsonInclude(JsonInclude.Include.NON_NULL) String text) {}
}
