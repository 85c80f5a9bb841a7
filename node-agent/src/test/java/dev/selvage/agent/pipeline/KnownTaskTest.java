package dev.selvage.agent.pipeline;

import static dev.selvage.agent.pipeline.SmallTasks.NODE;
import static dev.selvage.agent.pipeline.SmallTasks.SAY;
import static dev.selvage.agent.pipeline.SmallTasks.TASK;
import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.agent.journal.Noted;
import dev.selvage.model.ContractApi.ResultItem;
import dev.selvage.model.LedgerEvent;
import dev.selvage.model.Limits;
import dev.selvage.model.Outcome;
import dev.selvage.model.PartRange;
import dev.selvage.model.SubTask;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What results weigh: the figures are those of the contract's RoundTripTest. */
class KnownTaskTest {
    private final Map<String, SubTask> subTasks = new TreeMap<>();

    @Test
    void a_result_that_opens_the_next_weighs_fourteen() {
        subTasks.put("a", SmallTasks.subTask(null, 2));
        subTasks.put("b", SmallTasks.subTask(null, 2, "a"));
        assertThat(trips(known(), result("a", 0, 1))).isEqualTo(14);
    }

    @Test
    void a_fan_in_by_result_weighs_one_more_for_each_other_input() {
        subTasks.put("a", SmallTasks.subTask(null, 2));
        subTasks.put("b", SmallTasks.subTask(null, 2));
        subTasks.put("c", SmallTasks.subTask(null, 2, "a", "b"));
        KnownTask task = known();
        assertThat(trips(task, result("b", 0, 1))).as("a is not done yet").isEqualTo(10);
        task.apply(noted(new LedgerEvent.Result(TASK, "a", 0, 1, "ewr", NODE, Outcome.SUCCEEDED, true)));
        assertThat(trips(task, result("b", 0, 1))).isEqualTo(15);
        assertThat(task.weigh(result("b", 0, 1)).item().opens()).containsExactly("c");
        assertThat(task.weigh(result("b", 0, 1)).bare().item().opens()).isEmpty();
    }

    @Test
    void a_lone_leaf_weighs_one_more_for_the_end() {
        subTasks.put("a", SmallTasks.subTask(null, 2));
        assertThat(trips(known(), result("a", 0, 1))).isEqualTo(11);
    }

    @Test
    void a_further_attempt_weighs_its_own_ready_and_todo() {
        subTasks.put("each", SmallTasks.subTask(3, 2));
        assertThat(trips(known(), result("each", 0, 2))).isEqualTo(10);
    }

    @Test
    void forty_parts_of_a_task_share_a_transaction_and_fewer_of_several_tasks() {
        subTasks.put("each", SmallTasks.subTask(1000, 2));
        subTasks.put("next", SmallTasks.subTask(null, 2, "each"));
        KnownTask task = known();
        ResultItem[] forty = new ResultItem[40];
        for (int i = 0; i < forty.length; i++) {
            forty[i] = result("each", i, 1);
        }
        assertThat(trips(task, forty)).isEqualTo(6 + 3 * 40).isLessThanOrEqualTo(Limits.ROUND_TRIPS);

        Batch batch = new Batch();
        int i = 0;
        while (batch.add(null, ofAnother(task.weigh(result("each", i, 1)), i % 4))) {
            i++;
        }
        assertThat(i).isEqualTo(37);
        // signer 2, sub-task 1; task, end and ready of each of four; 3 each
        assertThat(batch.roundTrips()).isEqualTo(2 + 1 + 4 * 3 + 3 * i).isLessThanOrEqualTo(Limits.ROUND_TRIPS);
    }

    /** The same of another task of the same workflow. */
    private static Weighed ofAnother(Weighed weighed, int other) {
        var shared = new HashSet<String>();
        weighed.shared().forEach(key -> shared.add(key.replace(TASK, TASK.substring(1) + other)));
        return new Weighed(weighed.item(), shared, weighed.own());
    }

    private static int trips(KnownTask task, ResultItem... items) {
        Batch batch = new Batch();
        for (ResultItem item : items) {
            assertThat(batch.add(null, task.weigh(item))).isTrue();
        }
        return batch.roundTrips();
    }

    private KnownTask known() {
        var deployment = SmallTasks.deployment("test", subTasks);
        KnownTask task = new KnownTask(TASK);
        task.context(new TaskContext(SmallTasks.fact(deployment.workflow(), NODE), deployment));
        var ready = new ArrayList<LedgerEvent.Entry>();
        subTasks.forEach((name, subTask) -> {
            if (subTask.dependsOn().isEmpty()) {
                int count = subTask.forEach() == null ? 1 : subTask.forEach().count();
                ready.add(new LedgerEvent.Ready(
                        TASK, name, 1, List.of(new PartRange(0, count)), List.of(NODE), SAY.operation(), Map.of(), 0));
            }
        });
        task.apply(noted(ready.toArray(LedgerEvent.Entry[]::new)));
        return task;
    }

    private static Noted noted(LedgerEvent.Entry... entries) {
        return new Noted(1, "tx", 1, List.of(entries));
    }

    private static ResultItem result(String subTask, int index, int attempt) {
        return new ResultItem(
                TASK, subTask, index, attempt, "ewr", Map.of(), Map.of(), null, null, Map.of(), List.of(), Map.of(),
                List.of());
    }
}
