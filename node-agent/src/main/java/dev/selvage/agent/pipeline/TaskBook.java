package dev.selvage.agent.pipeline;

import dev.selvage.agent.journal.Noted;
import dev.selvage.model.LedgerEvent;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The running tasks that may concern this node. For one thread. */
final class TaskBook {
    private final Map<String, KnownTask> tasks = new LinkedHashMap<>();
    private final Set<String> others = new HashSet<>();

    /** Takes facts in; returns the tasks that they touched, those that ended included. */
    Collection<KnownTask> apply(List<Noted> facts) {
        Map<String, KnownTask> touched = new LinkedHashMap<>();
        for (Noted fact : facts) {
            if (!others.contains(fact.task())) {
                KnownTask task = tasks.computeIfAbsent(fact.task(), KnownTask::new);
                task.apply(fact);
                touched.put(task.id(), task);
            } else if (fact.entries().stream().anyMatch(LedgerEvent.End.class::isInstance)) {
                others.remove(fact.task());
            }
        }
        return touched.values();
    }

    Optional<KnownTask> find(String task) {
        return Optional.ofNullable(tasks.get(task));
    }

    Collection<KnownTask> all() {
        return List.copyOf(tasks.values());
    }

    KnownTask make(String task) {
        return tasks.computeIfAbsent(task, KnownTask::new);
    }

    /** A new task of this node. */
    void add(TaskContext context) {
        make(context.id()).context(context);
    }

    /** The node has no part in this task. */
    void notOurs(String task) {
        tasks.remove(task);
        others.add(task);
    }

    void ended(String task) {
        tasks.remove(task);
    }
}
