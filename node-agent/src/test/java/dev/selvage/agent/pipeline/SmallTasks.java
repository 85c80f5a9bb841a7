package dev.selvage.agent.pipeline;

import dev.selvage.model.Binding;
import dev.selvage.model.CanonicalJson;
import dev.selvage.model.ContractApi.Deployment;
import dev.selvage.model.Digest;
import dev.selvage.model.Facts;
import dev.selvage.model.NodeId;
import dev.selvage.model.Operation;
import dev.selvage.model.SubTask;
import dev.selvage.model.Workflow;
import java.util.List;
import java.util.Map;

/** Tasks whose sub-tasks all run one operation in one role. */
final class SmallTasks {
    static final String TASK = "0123456789abcdef0123456789abcdef";
    static final NodeId NODE = new NodeId("EwrMSP", "node1");
    static final Operation SAY = new Operation(
            Operation.FORMAT,
            "text.say/1",
            null,
            Map.of(),
            Map.of(),
            Map.of("text", new Operation.OutputSpec("text/plain", List.of(), List.of(), null)),
            true,
            null,
            List.of());

    private SmallTasks() {}

    static Deployment deployment(String name, Map<String, SubTask> subTasks) {
        var workflow = new Workflow(
                Workflow.FORMAT,
                name,
                "1.0.0",
                null,
                Map.of(),
                Map.of(SAY.operation(), SAY.digest()),
                null,
                Map.of("ewr", new Workflow.Role(NODE, null, null)),
                subTasks,
                Map.of());
        return new Deployment(workflow, List.of(SAY));
    }

    /** The task of a workflow, its role bound to a node. */
    static Facts.TaskFact fact(Workflow workflow, NodeId bound) {
        return new Facts.TaskFact(
                TASK,
                workflow.digest(),
                workflow.name(),
                workflow.version(),
                new Facts.Party("EwrMSP", "User1@ewr.example"),
                CanonicalJson.object(),
                new Binding(Map.of("ewr", List.of(new Binding.BoundNode(bound, Digest.of(new byte[] {1}))))),
                null,
                null,
                null,
                null,
                1,
                "tx");
    }

    /**
     * A sub-task.
     *
     * @param count of its parts; null for one part that is no list's
     */
    static SubTask subTask(Integer count, int attempts, String... dependsOn) {
        return new SubTask(
                null,
                count == null ? null : new SubTask.ForEach(List.of(), count, null, "i"),
                Map.of("ewr", new SubTask.Participant(SAY.operation())),
                Map.of(),
                Map.of("text", new SubTask.Output(List.of("channel"), 1L << 20, false)),
                new SubTask.Requirement(100L, 1L << 20, 1L << 20),
                new SubTask.Deadlines(60_000L, 10_000L, 20_000L, 10_000L),
                new SubTask.Retry(attempts, List.of(), new SubTask.Pause(10L, 10L)),
                List.of(dependsOn),
                null,
                null);
    }
}
