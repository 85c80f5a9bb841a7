package dev.selvage.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorkflowRulesTest {
    private static final Operation OPERATION = new Operation(
            Operation.FORMAT,
            "op/1",
            null,
            Map.of("month", new Schema("integer", null, 1L, 12L, null, null, null, null, null, null, null, null)),
            Map.of("flights", new Operation.InputSpec("text/csv", null, List.of(), null)),
            Map.of("table", new Operation.OutputSpec("text/csv", List.of(), List.of(), null)),
            true,
            null,
            List.of());

    private static final String WORKFLOW = """
            {"selvage": "workflow/v1", "name": "w", "version": "1.0.0",
             "parameters": {"month": {"type": "integer"}, "list": {"type": "array"}},
             "operations": {"op/1": "%s"},
             "roles": {"ewr": {"node": "EwrMSP/node1"}, "jfk": {"msp": "JfkMSP"}},
             "subTasks": {
               "a": {"participants": {"ewr": {"operation": "op/1"}},
                     "inputs": {"month": {"parameter": "month"}, "flights": {"data": "flights"}},
                     "outputs": {"table": {"visibility": ["jfk"]}}},
               "b": {"participants": {"jfk": {"operation": "op/1"}},
                     "inputs": {"month": {"value": 7}, "flights": {"result": "a", "output": "table"}},
                     "outputs": {"table": {"visibility": ["channel"], "onLedger": true}}}},
             "results": {"table": {"result": "b", "output": "table"}}}
            """.formatted(OPERATION.digest());

    private static List<Problem> problems(Consumer<ObjectNode> change) {
        var tree = (ObjectNode) CanonicalJson.parse(WORKFLOW);
        change.accept(tree);
        var workflow = CanonicalJson.bind(tree, Workflow.class);
        var problems = new java.util.ArrayList<>(WorkflowRules.problems(workflow));
        problems.addAll(WorkflowRules.problems(workflow, Map.of("op/1", OPERATION)));
        return problems;
    }

    @Test
    void a_sound_workflow_has_no_problem() {
        assertThat(problems(tree -> {})).isEmpty();
    }

    /** What to replace where, by which the problem's path and words are met. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "/name | \"a b\" | name | letters",
                "/version | \"1\" | version | 1.0.0",
                "/selvage | \"workflow/v2\" | selvage | workflow/v1",
                "/parameters/month | {\"type\": \"number\"} | parameters.month.type | integer",
                "/parameters/month | {\"type\": \"string\", \"pattern\": \"(\"} | parameters.month.pattern | ",
                "/parameters/month | {\"type\": \"integer\", \"default\": \"x\"} | parameters.month.default | integer",
                "/roles/ewr | {} | roles.ewr | exactly one",
                "/roles/ewr | {\"parameter\": \"months\"} | roles.ewr.parameter | did you mean \"month\"",
                "/roles/ewr | {\"parameter\": \"month\"} | roles.ewr.parameter | array",
                "/roles/channel | {\"msp\": \"JfkMSP\"} | roles.channel | everybody",
                "/subTasks/a/participants | {\"erw\": {\"operation\": \"op/1\"}} | subTasks.a.participants | unknown role",
                "/subTasks/a/participants | {} | subTasks.a.participants | a role and its operation",
                "/subTasks/a/participants/ewr | {\"operation\": \"op/2\"} | subTasks.a.participants.ewr | unknown operation",
                "/subTasks/a/dependsOn | [\"c\"] | subTasks.a.dependsOn | unknown sub-task",
                "/subTasks/a/dependsOn | [\"b\"] | subTasks | circle",
                "/subTasks/a/inputs/month | {\"parameter\": \"mont\"} | subTasks.a.inputs.month | did you mean \"month\"",
                "/subTasks/a/inputs/month | {\"item\": \"x\"} | subTasks.a.inputs.month | forEach variable",
                "/subTasks/b/inputs/month | {\"value\": 13} | subTasks.b.inputs.month | from 1 to 12",
                "/subTasks/b/inputs/month | {\"value\": \"July\"} | subTasks.b.inputs.month | integer",
                "/subTasks/b/inputs/flights | {\"result\": \"a\", \"output\": \"tabel\"} | subTasks.b.inputs.flights | table",
                "/subTasks/b/inputs | {} | subTasks.b.inputs | needs the",
                "/subTasks/b/inputs/moth | {\"value\": 1} | subTasks.b.inputs.moth | has no parameter",
                "/subTasks/b/outputs/tabel | {\"visibility\": [\"channel\"]} | subTasks.b.outputs.tabel | has no output",
                "/subTasks/b/outputs/table | {\"visibility\": [\"nobody\"]} | subTasks.b.outputs.table.visibility | unknown role",
                "/subTasks/b/outputs/table | {\"onLedger\": true} | subTasks.b.outputs.table | visibility: channel",
                "/subTasks/b/outputs/table/maxSize | 17000 | subTasks.b.outputs.table.maxSize | 16Ki",
                "/subTasks/a/outputs/table/maxSize | 0 | subTasks.a.outputs.table.maxSize | 4Gi",
                "/subTasks/a/retry | {\"attempts\": 0} | subTasks.a.retry.attempts | 1 to 20",
                "/subTasks/a/retry | {\"wait\": {\"first\": 5, \"max\": 1}} | subTasks.a.retry.wait | at most max",
                "/subTasks/a/deadlines | {\"run\": 0} | subTasks.a.deadlines | some time",
                "/subTasks/a/forEach | {\"count\": 0, \"as\": \"i\"} | subTasks.a.forEach.count | 10000",
                "/subTasks/a/forEach | {\"as\": \"i\"} | subTasks.a.forEach | exactly one",
                "/subTasks/a/forEach | {\"parameter\": \"month\", \"as\": \"i\"} | subTasks.a.forEach.parameter | array",
                "/subTasks/a/forEach | {\"role\": [\"ewr\", \"ewr\"], \"as\": \"ewr\"} | subTasks.a.forEach.role | twice",
                "/results/table | {\"result\": \"c\", \"output\": \"table\"} | results.table | unknown sub-task",
                "/operations | {\"op/1\": \"44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a\"} | operations.op/1 | differs"
            })
    void a_mistake_is_named_with_its_place(String pointer, String value, String path, String words) {
        var problems = problems(tree -> {
            int slash = pointer.lastIndexOf('/');
            ((ObjectNode) tree.at(pointer.substring(0, slash)))
                    .set(pointer.substring(slash + 1), CanonicalJson.parse(value));
        });
        assertThat(problems).anySatisfy(problem -> {
            assertThat(problem.path()).isEqualTo(path);
            assertThat(problem.message()).contains(words == null ? "" : words);
        });
    }

    @Test
    void what_comes_later_is_told_apart_from_what_is_wrong() {
        var quorum = problems(tree ->
                ((ObjectNode) tree.at("/subTasks/a")).putObject("result").put("policy", "quorum"));
        var joint = problems(tree -> ((ObjectNode) tree.at("/subTasks/a/participants"))
                .putObject("jfk")
                .put("operation", "op/1"));
        var read = problems(tree -> tree.putObject("access").put("read", "members"));
        for (var problems : List.of(quorum, joint, read)) {
            assertThat(problems).isNotEmpty().allMatch(problem -> problem.code() == ErrorCode.NOT_SUPPORTED);
        }
    }

    @Test
    void the_digest_of_a_workflow_does_not_depend_on_what_is_left_out() {
        var plain = CanonicalJson.read(WORKFLOW, Workflow.class);
        var tree = (ObjectNode) CanonicalJson.parse(WORKFLOW);
        tree.putObject("access").putArray("cancel").add("creator");
        ((ObjectNode) tree.at("/subTasks/a")).put("runIf", "success").putArray("dependsOn");
        ((ObjectNode) tree.at("/subTasks/a/outputs/table")).put("maxSize", 16 << 20);

        assertThat(CanonicalJson.bind(tree, Workflow.class).digest()).isEqualTo(plain.digest());
        assertThat(CanonicalJson.read(CanonicalJson.text(plain), Workflow.class))
                .isEqualTo(plain);
    }

    @Test
    void a_pattern_that_takes_for_ever_is_given_up() {
        var schema = new Schema("string", null, null, null, null, null, "(a+)+b", null, null, null, null, null);

        assertThat(schema.check("x", CanonicalJson.tree("a".repeat(60)))).hasSize(1);
        assertThat(schema.check("x", CanonicalJson.tree("aaab"))).isEmpty();
    }
}
