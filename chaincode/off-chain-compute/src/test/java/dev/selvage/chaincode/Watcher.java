package dev.selvage.chaincode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.model.ContractApi;
import dev.selvage.model.SubTaskState;
import dev.selvage.model.TaskState;
import dev.selvage.model.Transitions;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Looks at all tasks after every block: each change of a state must stand in the table, and those seen are kept. */
final class Watcher {
    private final Map<String, TaskState> tasks = new HashMap<>();
    private final Map<String, SubTaskState> subTasks = new HashMap<>();
    final Set<Transitions.Row<TaskState>> taskRows = new HashSet<>();
    final Set<Transitions.Row<SubTaskState>> subTaskRows = new HashSet<>();

    void look(Channel channel) {
        for (String key : channel.ledger.state.keySet()) {
            if (key.startsWith("task/")) {
                look(channel.view(key.substring("task/".length())));
            }
        }
    }

    private void look(ContractApi.TaskView view) {
        String id = view.task().id();
        boolean fresh = !tasks.containsKey(id);
        step(Transitions.TASK, taskRows, id, fresh, tasks.put(id, view.state()), view.state());
        view.subTasks().forEach((name, subTask) -> {
            String key = id + "/" + name;
            if (fresh) {
                step(Transitions.SUB_TASK, subTaskRows, key, true, null, SubTaskState.WAITING);
                subTasks.put(key, SubTaskState.WAITING);
            }
            step(Transitions.SUB_TASK, subTaskRows, key, false, subTasks.put(key, subTask.state()), subTask.state());
        });
    }

    private static <S extends Enum<S>> void step(
            Transitions<S> table, Set<Transitions.Row<S>> rows, String what, boolean fresh, S from, S to) {
        if (!fresh && from == to) {
            return;
        }
        assertThat(table.allows(from, to))
                .as("%s: %s -> %s stands in the table", what, from, to)
                .isTrue();
        table.rows().stream()
                .filter(row -> row.from() == from && row.to() == to)
                .forEach(rows::add);
    }
}
