package dev.selvage.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeysTest {
    private static final String TASK = "0123456789abcdef0123456789abcdef";
    private static final NodeId NODE = new NodeId("EwrMSP", "node1");

    @Test
    void keys_are_those_of_the_ledger_model() {
        Digest digest = Digest.of(new byte[0]);
        assertThat(Keys.workflow(digest)).isEqualTo("workflow/" + digest);
        assertThat(Keys.workflowSubTask(digest, "merge")).isEqualTo("workflow/" + digest + "/merge");
        assertThat(Keys.operation(digest)).isEqualTo("operation/" + digest);
        assertThat(Keys.workflowName("nyc-delays", "1.0.0")).isEqualTo("workflowName/nyc-delays/1.0.0");
        assertThat(Keys.nodeKey(NODE, digest)).isEqualTo("nodeKey/EwrMSP/node1/" + digest);
        assertThat(Keys.revoked(NODE, digest)).isEqualTo("revoked/EwrMSP/node1/" + digest);
        assertThat(Keys.nodeInfo(NODE)).isEqualTo("nodeInfo/EwrMSP/node1");
        assertThat(Keys.task(TASK)).isEqualTo("task/" + TASK);
        assertThat(Keys.approval(TASK, "JfkMSP")).isEqualTo("approval/" + TASK + "/JfkMSP");
        assertThat(Keys.ready(TASK, "merge")).isEqualTo("ready/" + TASK + "/merge/1");
        assertThat(Keys.ready(TASK, "merge", 2, 7)).isEqualTo("ready/" + TASK + "/merge/2/000007");
        assertThat(Keys.todo(NODE, TASK, "merge")).isEqualTo("todo/EwrMSP/node1/" + TASK + "/merge");
        assertThat(Keys.todo(NODE, TASK, "merge", 2, 7)).isEqualTo("todo/EwrMSP/node1/" + TASK + "/merge/2/000007");
        assertThat(Keys.result(TASK, "merge", 7, 2, "ewr")).isEqualTo("result/" + TASK + "/merge/000007/2/ewr");
        assertThat(Keys.done(TASK, "merge", 9_999)).isEqualTo("done/" + TASK + "/merge/009999");
        assertThat(Keys.pinned(TASK, "merge", "names")).isEqualTo("pinned/" + TASK + "/merge/names");
        assertThat(Keys.output(TASK, "merge", 0, "table")).isEqualTo("output/" + TASK + "/merge/000000/table");
        assertThat(Keys.end(TASK)).isEqualTo("end/" + TASK);
        assertThat(Keys.conflict(TASK, "merge", 0, 1, "ewr", "ff"))
                .isEqualTo("conflict/" + TASK + "/merge/000000/1/ewr/ff");
    }

    @Test
    void the_order_of_keys_is_the_order_of_indexes() {
        List<String> keys = IntStream.range(0, Limits.PARTS)
                .mapToObj(i -> Keys.done(TASK, "s", i))
                .toList();
        assertThat(keys).isSorted();
    }

    @Test
    void the_range_of_a_prefix_holds_its_keys_and_no_others() {
        String prefix = Keys.dones(TASK, "delays");
        String end = Keys.endOf(prefix);
        assertThat(Keys.done(TASK, "delays", 0)).isGreaterThanOrEqualTo(prefix).isLessThan(end);
        assertThat(Keys.done(TASK, "delays", Limits.PARTS - 1)).isLessThan(end);
        for (String other : List.of("delays-", "delays.", "delays0", "delaysx", "delay")) {
            String key = Keys.done(TASK, other, 0);
            assertThat(key.compareTo(prefix) >= 0 && key.compareTo(end) < 0)
                    .as(key)
                    .isFalse();
        }
    }

    @Test
    void the_key_of_a_result_names_its_part() {
        var part = new ContractApi.Part(TASK, "merge", 7, 2, "ewr");
        assertThat(Keys.part(Keys.result(TASK, "merge", 7, 2, "ewr"))).isEqualTo(part);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "result/x",
                "done/0123456789abcdef0123456789abcdef/merge/000007/2/ewr",
                "result/0123456789abcdef0123456789abcdef/merge/7/2/ewr",
                "result/0123456789abcdef0123456789abcdef/merge/000007/02/ewr",
                "result/0123456789abcdef0123456789abcdef/merge/-00007/2/ewr",
                "result/0123456789abcdef0123456789abcdef/merge/000007/2/ewr/x"
            })
    void what_is_no_key_of_a_result_is_refused(String key) {
        assertThatThrownBy(() -> Keys.part(key)).isInstanceOf(SelvageException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "..",
                "a/b",
                "a b",
                "\u00e4",
                "x\u0000",
                "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
            })
    void a_name_that_is_no_component_makes_no_key(String name) {
        assertThatThrownBy(() -> Keys.done(TASK, name, 0)).isInstanceOf(SelvageException.class);
        assertThatThrownBy(() -> new NodeId(name, "node1")).isInstanceOf(SelvageException.class);
        assertThatThrownBy(() -> Keys.task(name)).isInstanceOf(SelvageException.class);
    }
}
