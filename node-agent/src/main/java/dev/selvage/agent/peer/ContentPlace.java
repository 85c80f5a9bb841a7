package dev.selvage.agent.peer;

import dev.selvage.agent.content.ContentRef;
import dev.selvage.model.Binding;
import dev.selvage.model.Facts;
import dev.selvage.model.NodeId;
import dev.selvage.model.SubTask;
import dev.selvage.model.Workflow;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * A committed output.
 *
 * @param task of which it is a result, by its own or by citing it
 * @param binding of that task
 * @param subTask whose output it is
 * @param producer the node that returned it
 */
public record ContentPlace(
        String task,
        Workflow workflow,
        Binding binding,
        String subTask,
        int index,
        String output,
        NodeId producer,
        Facts.OutputFact fact) {
    public ContentPlace {
        Objects.requireNonNull(task);
        Objects.requireNonNull(binding);
        Objects.requireNonNull(producer);
        Objects.requireNonNull(fact);
        if (!workflow.subTasks().containsKey(subTask)
                || !workflow.subTasks().get(subTask).outputs().containsKey(output)) {
            throw new IllegalArgumentException("the workflow has no output " + subTask + "." + output);
        }
    }

    /** The output as the workflow declares it. */
    public SubTask.Output declared() {
        return workflow.subTasks().get(subTask).outputs().get(output);
    }

    /** The content as something to fetch: held by its producer, and perhaps by nodes that had it as an input. */
    public ContentRef ref() {
        Set<NodeId> holders = new LinkedHashSet<>();
        holders.add(producer);
        for (String role : declared().visibility()) {
            binding.roles().getOrDefault(role, List.of()).forEach(node -> holders.add(node.id()));
        }
        return new ContentRef(
                fact.digest(),
                fact.salted(),
                fact.size(),
                fact.mediaType(),
                Optional.of(subTask + "." + output),
                List.copyOf(holders));
    }
}
