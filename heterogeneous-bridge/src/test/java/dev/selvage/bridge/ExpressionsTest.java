package dev.selvage.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.selvage.model.CanonicalJson;
import dev.selvage.model.Operation;
import dev.selvage.model.Schema;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ExpressionsTest {
    private static final Operation OPERATION = new Operation(
            Operation.FORMAT,
            "flights.delays/1",
            "",
            Map.of("month", Schema.ofType("integer")),
            Map.of("tables", new Operation.InputSpec("text/csv", true, null, null)),
            Map.of(),
            true,
            null,
            List.of());
    private final Scope scope = Scope.of(OPERATION, CanonicalJson.parse("{\"jar\":\"a.jar\"}"))
            .withForeignId()
            .withResponse();

    @Test
    void a_leaf_that_is_wholly_an_expression_keeps_its_type() throws Exception {
        assertThat(Template.leaf("${params.month}", scope, Set.of()).json(Map.of("params.month", 7L)))
                .isEqualTo(JsonNodeFactory.instance.numberNode(7L));
        assertThat(Template.leaf("${string(params.month)}", scope, Set.of()).json(Map.of("params.month", 7L)))
                .isEqualTo(JsonNodeFactory.instance.textNode("7"));
        assertThat(Template.leaf("${{'a': [params.month]}}", scope, Set.of())
                        .json(Map.of("params.month", Long.MAX_VALUE))
                        .toString())
                .isEqualTo("{\"a\":[9223372036854775807]}");
        assertThat(Template.leaf("$${literal}", scope, Set.of()).json(Map.of()).textValue())
                .isEqualTo("${literal}");
    }

    @Test
    void unknown_names_and_wrong_types_fail_at_load_with_a_caret() {
        assertThatThrownBy(() -> Template.leaf("${params.mnth + 1}", scope, Set.of()))
                .hasMessageContaining("undeclared reference to 'params'")
                .hasMessageContaining("\n    params.mnth + 1\n    ^");
        assertThatThrownBy(() -> Template.leaf("${params.month + 'x'}", scope, Set.of()))
                .hasMessageContaining("no matching overload");
        assertThatThrownBy(() -> Template.leaf("${params.month}", scope, Set.of(Scope.Kind.TEXT)))
                .hasMessage("${params.month} is an integer, not text");
        assertThatThrownBy(() -> Template.leaf("text ${params.month}", scope, Set.of()))
                .hasMessageContaining("must be the whole value");
        assertThatThrownBy(() -> Template.text("/a/${params.month", scope)).hasMessageContaining("not closed");
    }

    @Test
    void what_goes_into_a_path_is_percent_encoded() throws Exception {
        var path = Template.text("/jars/${config.jar}/run/${run.foreignId}", scope);
        assertThat(path.text(Map.of("config.jar", "../x y?", "run.foreignId", ".."), Template::percent))
                .isEqualTo("/jars/..%2Fx%20y%3F/run/%2E%2E");
    }

    @Test
    void lists_replies_and_macros_work() throws Exception {
        var sum = Template.leaf("${inputs.tables.map(t, t.label)}", scope, Set.of());
        assertThat(sum.value(Map.of("inputs.tables", List.of(Map.of("label", "a"), Map.of("label", "b")))))
                .isEqualTo(List.of("a", "b"));
        var busy = Template.leaf("${response.status == 503}", scope, Set.of(Scope.Kind.TRUTH));
        assertThat(busy.value(Map.of("response.status", 503L))).isEqualTo(true);
        var deep = Template.leaf("${response.json.job.id}", scope, Set.of(Scope.Kind.TEXT));
        assertThat(deep.value(Map.of("response.json", CelValues.of(CanonicalJson.parse("{\"job\":{\"id\":\"7\"}}")))))
                .isEqualTo("7");
        assertThatThrownBy(() -> deep.value(Map.of("response.json", CelValues.of(CanonicalJson.parse("{}")))))
                .hasMessageStartingWith("MAPPING_FAILED");
        assertThatThrownBy(() ->
                        deep.value(Map.of("response.json", CelValues.of(CanonicalJson.parse("{\"job\":{\"id\":7}}")))))
                .hasMessageContaining("gave an integer, not text");
    }

    @Test
    void an_expression_that_would_run_for_ever_is_ended() throws Exception {
        var list = "[1,2,3,4,5,6,7,8,9,0].map(a,[1,2,3,4,5,6,7,8,9,0].map(b,[1,2,3,4,5,6,7,8,9,0].map(c,"
                + "[1,2,3,4,5,6,7,8,9,0].map(d,[1,2,3,4,5,6,7,8,9,0].map(e,e)))))";
        var long_ = Template.leaf("${" + list + "}", scope, Set.of());
        assertThatThrownBy(() -> long_.value(Map.of())).hasMessageStartingWith("MAPPING_FAILED");
    }
}
