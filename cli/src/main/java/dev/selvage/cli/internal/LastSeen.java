package dev.selvage.cli.internal;

import dev.selvage.model.ContractApi;
import dev.selvage.model.NodeId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** When nodes last wrote to the ledger: by what they told of themselves, and by their results in the newest tasks. */
final class LastSeen {
    private static final int NEWEST_TASKS = 10;
    /** Tasks with more parts are left out: reading their results takes long. */
    private static final int MOST_PARTS = 200;

    private final Map<NodeId, Long> times = new HashMap<>();

    LastSeen(Tasks tasks, List<ContractApi.NodeView> nodes) {
        nodes.stream()
                .filter(node -> node.info() != null)
                .forEach(node -> seen(node.node(), node.info().at()));
        tasks.list().stream().limit(NEWEST_TASKS).forEach(task -> read(tasks, tasks.view(task.task())));
    }

    private void read(Tasks tasks, ContractApi.TaskView view) {
        view.subTasks().forEach((name, subTask) -> {
            if (subTask.parts().count() <= MOST_PARTS) {
                tasks.results(view.task().id(), name).stream()
                        .filter(result -> result.node() != null)
                        .forEach(result -> seen(result.node(), result.at()));
            }
        });
    }

    private void seen(NodeId node, long at) {
        times.merge(node, at, Math::max);
    }

    /** The time of its latest transaction that was found, milliseconds since 1970; empty when it never wrote. */
    Optional<Long> of(NodeId node) {
        return Optional.ofNullable(times.get(node));
    }
}
