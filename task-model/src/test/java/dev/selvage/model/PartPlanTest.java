package dev.selvage.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PartPlanTest {
    private static final Binding BINDING = new Binding(Map.of(
            "all", List.of(node("a"), node("b"), node("c")), "ewr", List.of(node("e")), "jfk", List.of(node("j"))));

    private static Binding.BoundNode node(String name) {
        return new Binding.BoundNode(new NodeId("M", name), Digest.of(new byte[0]));
    }

    private static PartPlan plan(SubTask.ForEach forEach, String role, Map<String, Input> inputs, String arguments) {
        var subTask = new SubTask(
                null,
                forEach,
                Map.of(role, new SubTask.Participant("op/1")),
                inputs,
                Map.of(),
                null,
                null,
                null,
                null,
                null,
                null);
        return PartPlan.of(subTask, BINDING, CanonicalJson.parse(arguments));
    }

    private static String name(PartPlan plan, int index, int attempt) {
        return plan.node(index, attempt).id().node();
    }

    @Test
    void part_i_in_attempt_k_runs_on_node_i_plus_k_minus_one_modulo_n() {
        var plan = plan(new SubTask.ForEach(null, 7, null, "i"), "all", Map.of(), "{}");
        List<String> nodes = List.of("a", "b", "c");
        for (int i = 0; i < 7; i++) {
            for (int k = 1; k <= 5; k++) {
                assertThat(name(plan, i, k)).isEqualTo(nodes.get((i + k - 1) % 3));
            }
        }
        assertThat(plan.count()).isEqualTo(7);
        assertThat(plan.firstNodes()).hasSize(3);
    }

    @Test
    void parts_tied_to_node_data_do_not_move() {
        var plan = plan(
                new SubTask.ForEach(null, 3, null, "i"), "all", Map.of("flights", new Input.Data("flights")), "{}");
        for (int k = 1; k <= 5; k++) {
            assertThat(name(plan, 1, k)).isEqualTo("b");
        }
    }

    @Test
    void a_part_for_each_role_runs_where_the_role_is_bound() {
        var plan = plan(new SubTask.ForEach(List.of("jfk", "ewr"), null, null, "at"), "at", Map.of(), "{}");
        assertThat(List.of(plan.role(0), plan.role(1))).containsExactly("jfk", "ewr");
        assertThat(List.of(plan.label(0), plan.label(1))).containsExactly("jfk", "ewr");
        assertThat(plan.item(1).textValue()).isEqualTo("ewr");
        assertThat(name(plan, 0, 1)).isEqualTo("j");
        assertThat(name(plan, 0, 2)).isEqualTo("j");
    }

    @Test
    void a_part_for_each_element_of_an_argument_is_labelled_by_it() {
        var plan = plan(
                new SubTask.ForEach(null, null, "months", "m"), "all", Map.of(), "{\"months\":[7,\"x\",{\"a\":1}]}");
        assertThat(plan.count()).isEqualTo(3);
        assertThat(List.of(plan.label(0), plan.label(1), plan.label(2))).containsExactly("7", "x", "2");
    }

    @Test
    void a_single_part_moves_on_with_each_attempt_where_several_nodes_may_play_its_role() {
        var plan = plan(null, "all", Map.of(), "{}");
        assertThat(List.of(name(plan, 0, 1), name(plan, 0, 2), name(plan, 0, 4)))
                .containsExactly("a", "b", "a");
        assertThat(plan.label(0)).isEmpty();
    }

    @Test
    void parts_outside_the_plan_roles_unbound_and_empty_lists_are_refused() {
        var plan = plan(new SubTask.ForEach(null, 2, null, "i"), "all", Map.of(), "{}");
        assertThatThrownBy(() -> plan.node(2, 1)).isInstanceOf(SelvageException.class);
        assertThatThrownBy(() -> plan.node(-1, 1)).isInstanceOf(SelvageException.class);
        assertThatThrownBy(() -> plan(null, "nobody", Map.of(), "{}").node(0, 1))
                .isInstanceOf(SelvageException.class);
        assertThatThrownBy(() -> plan(new SubTask.ForEach(null, null, "l", "i"), "all", Map.of(), "{\"l\":[]}"))
                .isInstanceOf(SelvageException.class);
    }

    @Test
    void ranges_hold_neighbouring_indexes() {
        assertThat(PartRange.of(List.of())).isEmpty();
        assertThat(PartRange.of(List.of(0, 1, 2, 5, 7, 8)))
                .containsExactly(new PartRange(0, 3), new PartRange(5, 1), new PartRange(7, 2));
        assertThat(PartRange.count(List.of(new PartRange(0, 3), new PartRange(5, 1))))
                .isEqualTo(4);
        assertThat(PartRange.contains(List.of(new PartRange(2, 2)), 3)).isTrue();
        assertThat(PartRange.contains(List.of(new PartRange(2, 2)), 4)).isFalse();
        assertThatThrownBy(() -> new PartRange(Integer.MAX_VALUE, 2)).isInstanceOf(SelvageException.class);
        assertThatThrownBy(() -> new PartRange(0, 0)).isInstanceOf(SelvageException.class);
    }
}
