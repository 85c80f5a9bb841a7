package dev.selvage.agent.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.agent.journal.Noted;
import dev.selvage.model.Binding;
import dev.selvage.model.CanonicalJson;
import dev.selvage.model.ContractApi.Deployment;
import dev.selvage.model.ContractApi.ResultItem;
import dev.selvage.model.Digest;
import dev.selvage.model.Facts;
import dev.selvage.model.LedgerEvent;
import dev.selvage.model.Limits;
import dev.selvage.model.NodeId;
import dev.selvage.model.Operation;
import dev.selvage.model.Outcome;
import dev.selvage.model.PartRange;
import dev.selvage.model.SubTask;
import dev.selvage.model.Workflow;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What results weigh: the figures are those of the contract's RoundTripTest. */
class KnownTaskTest {
    private static final NodeId NODE = new NodeId("EwrMSP", "node1");
    private static final String TASK = "0123456789abcdef0123456789abcdef";
    private static final Operation SAY = new Operation(
            Operation.FORMAT,
            "text.say/1",
            null,
            Map.of(),
            Map.of(),
            Map.of("text", new Operation.OutputSpec("text/plain", List.of(), List.of(), null)),
            true,
            null,
            List.of());

    private final Map<String, SubTask> subTasks = new TreeMap<>();

    @Test
    void a_result_that_opens_the_next_weighs_fourteen() {
        subTasks.put("a", subTask(null));
        subTasks.put("b", subTask(null, "a"));
        assertThat(trips(known(), result("a", 0, 1))).isEqualTo(14);
    }

    @Test
    void a_fan_in_by_result_weighs_one_more_for_each_other_input() {
        subTasks.put("a", subTask(null));
        subTasks.put("b", subTask(null));
        subTasks.put("c", subTask(null, "a", "b"));
        KnownTask task = known();
        assertThat(trips(task, result("b", 0, 1))).as("a is not done yet").isEqualTo(10);
        task.apply(noted(new LedgerEvent.Result(TASK, "a", 0, 1, "ewr", NODE, Outcome.SUCCEEDED, true)));
        assertThat(trips(task, result("b", 0, 1))).isEqualTo(15);
        assertThat(task.weigh(result("b", 0, 1)).item().opens()).containsExactly("c");
        assertThat(task.weigh(result("b", 0, 1)).bare().item().opens()).isEmpty();
    }

    @Test
    void a_lone_leaf_weighs_one_more_for_the_end() {
        subTasks.put("a", subTask(null));
        assertThat(trips(known(), result("a", 0, 1))).isEqualTo(11);
    }

    @Test
    void a_further_attempt_weighs_its_own_ready_and_todo() {
        subTasks.put("each", subTask(3));
        assertThat(trips(known(), result("each", 0, 2))).isEqualTo(10);
    }

    @Test
    void forty_parts_of_a_task_share_a_transaction_and_fewer_of_several_tasks() {
        subTasks.put("each", subTask(1000));
        subTasks.put("next", subTask(null, "each"));
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
        // signer 2, sub-task 1; task, end and ready of each of four; 3 each
        assertThat(i).isEqualTo(37);
        assertThat(2 + 1 + 4 * 3 + 3 * i).isLessThanOrEqualTo(Limits.ROUND_TRIPS);
    }

    /** The same of another task of the same workflow. */
    private static Weighed ofAnother(Weighed weighed, int other) {
        var shared = new java.util.HashSet<String>();
        weighed.shared().forEach(key -> shared.add(key.replace(TASK, TASK.substring(1) + other)));
        return new Weighed(weighed.item(), shared, weighed.own());
    }

    private static int trips(KnownTask task, ResultItem... items) {
        var shared = new java.util.HashSet<String>();
        int own = 2;
        for (ResultItem item : items) {
            Weighed weighed = task.weigh(item);
            shared.addAll(weighed.shared());
            own += weighed.own();
        }
        return own + shared.size();
    }

    private KnownTask known() {
        var workflow = new Workflow(
                Workflow.FORMAT,
                "test",
                "1.0.0",
                null,
                Map.of(),
                Map.of(SAY.operation(), SAY.digest()),
                null,
                Map.of("ewr", new Workflow.Role(NODE, null, null)),
                subTasks,
                Map.of());
        var fact = new Facts.TaskFact(
                TASK,
                workflow.digest(),
                "test",
                "1.0.0",
                new Facts.Party("EwrMSP", "User1@ewr.example"),
                CanonicalJson.object(),
                new Binding(Map.of("ewr", List.of(new Binding.BoundNode(NODE, Digest.of(new byte[] {1}))))),
                null,
                null,
                null,
                null,
                1,
                "tx");
        KnownTask task = new KnownTask(TASK);
        task.context(new TaskContext(fact, new Deployment(workflow, List.of(SAY))));
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

    private static SubTask subTask(Integer count, String... dependsOn) {
        return new SubTask(
                null,
                count == null ? null : new SubTask.ForEach(List.of(), count, null, "i"),
                Map.of("ewr", new SubTask.Participant(SAY.operation())),
                Map.of(),
                Map.of("text", new SubTask.Output(List.of("channel"), 1L << 20, false)),
                new SubTask.Requirement(100L, 1L << 20, 1L << 20),
                new SubTask.Deadlines(60_000L, 10_000L, 20_000L, 10_000L),
                new SubTask.Retry(2, List.of(), new SubTask.Pause(10L, 10L)),
                List.of(dependsOn),
                null,
                null);
    }

    private static ResultItem result(String subTask, int index, int attempt) {
        return new ResultItem(
                TASK, subTask, index, attempt, "ewr", Map.of(), Map.of(), null, null, Map.of(), List.of(), Map.of(),
                List.of());
    }
}
