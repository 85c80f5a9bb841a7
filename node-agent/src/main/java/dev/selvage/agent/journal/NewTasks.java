package dev.selvage.agent.journal;

import dev.selvage.model.ContractApi.Deployment;
import dev.selvage.model.Facts.TaskFact;
import java.util.List;
import java.util.Map;

/**
 * Tasks that a block created, as far as the block itself tells what they are.
 *
 * @param ours those in which this node takes part, with their workflows
 * @param others those in which it has no part
 */
public record NewTasks(Map<TaskFact, Deployment> ours, List<String> others) {
    public static final NewTasks NONE = new NewTasks(Map.of(), List.of());

    public NewTasks {
        ours = Map.copyOf(ours);
        others = List.copyOf(others);
    }
}
