package dev.selvage.chaincode;

import dev.selvage.model.Digest;
import dev.selvage.model.Facts;
import dev.selvage.model.Keys;
import dev.selvage.model.LedgerEvent;
import dev.selvage.model.NodeId;
import dev.selvage.model.PartPlan;
import dev.selvage.model.PartRange;
import dev.selvage.model.SubTask;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Makes sub-tasks and further attempts ready, with the todo of each node and the event. */
final class Opening {
    /** Round trips that opening takes beyond one for each node: the absent key and the new one. */
    static final int COST = 2;

    private Opening() {}

    /**
     * Makes the first attempt of a sub-task ready, unless it is.
     *
     * @param waitedFor the latest time of what it waited for
     * @param pinned digests of its pinned inputs
     * @return whether this changed anything
     */
    static boolean open(TaskContext task, String name, SubTask subTask, long waitedFor, Map<String, Digest> pinned) {
        Call call = task.call();
        String key = Keys.ready(task.id(), name);
        if (call.state().seen(key, Facts.ReadyFact.class) != null) {
            return false;
        }
        PartPlan plan = task.plan(name, subTask);
        List<PartRange> parts = own(task.fact(), name, plan.count());
        if (parts.isEmpty()) {
            return false;
        }
        var ready = new Facts.ReadyFact(
                task.id(), name, 1, parts, Math.max(call.at(), waitedFor), pinned, call.at(), call.txid());
        call.state().put(key, ready);
        Set<NodeId> nodes = nodes(plan, parts);
        for (NodeId node : nodes) {
            call.state()
                    .put(
                            Keys.todo(node, task.id(), name),
                            new Facts.TodoFact(task.id(), name, 1, parts.get(0).first(), call.at()));
        }
        tell(call, ready, subTask, List.copyOf(nodes));
        return true;
    }

    /** Makes the attempt after a failed one ready, unless it is. */
    static boolean openAttempt(TaskContext task, String name, SubTask subTask, int index, int attempt, long failedAt) {
        Call call = task.call();
        String key = Keys.ready(task.id(), name, attempt, index);
        if (call.state().seen(key, Facts.ReadyFact.class) != null) {
            return false;
        }
        long notBefore = Math.max(call.at(), failedAt) + subTask.retry().pause().before(attempt);
        var ready = new Facts.ReadyFact(
                task.id(),
                name,
                attempt,
                List.of(new PartRange(index, 1)),
                notBefore,
                Map.of(),
                call.at(),
                call.txid());
        call.state().put(key, ready);
        NodeId node = task.plan(name, subTask).node(index, attempt).id();
        call.state()
                .put(
                        Keys.todo(node, task.id(), name, attempt, index),
                        new Facts.TodoFact(task.id(), name, attempt, index, call.at()));
        tell(call, ready, subTask, List.of(node));
        return true;
    }

    private static void tell(Call call, Facts.ReadyFact ready, SubTask subTask, List<NodeId> nodes) {
        call.tell(new LedgerEvent.Ready(
                ready.task(),
                ready.subTask(),
                ready.attempt(),
                ready.parts(),
                nodes,
                subTask.operation(),
                subTask.inputs(),
                ready.notBefore()));
    }

    /** The parts that are not cited from earlier tasks. */
    static List<PartRange> own(Facts.TaskFact task, String subTask, int count) {
        var cited = task.cited().get(subTask);
        if (cited == null) {
            return List.of(new PartRange(0, count));
        }
        List<PartRange> own = new ArrayList<>();
        int next = 0;
        for (Facts.Citation citation : cited) {
            if (citation.parts().first() > next) {
                own.add(new PartRange(next, citation.parts().first() - next));
            }
            next = citation.parts().first() + citation.parts().count();
        }
        if (next < count) {
            own.add(new PartRange(next, count - next));
        }
        return own;
    }

    /** The nodes that run first attempts of these parts, in order. */
    static Set<NodeId> nodes(PartPlan plan, List<PartRange> parts) {
        Set<NodeId> nodes = new TreeSet<>();
        for (PartRange range : parts) {
            for (int i = range.first(); i < range.first() + range.count(); i++) {
                nodes.add(plan.node(i, 1).id());
            }
        }
        return nodes;
    }

    /** Deletes a todo whose work is over: of a single part or a retry its own; that of a forEach stays for the closing Advance. */
    static void closeTodo(TaskContext task, Facts.SubTaskFact subTask, NodeId node, int index, int attempt) {
        var state = task.call().state();
        if (attempt > 1) {
            state.delete(Keys.todo(node, task.id(), subTask.name(), attempt, index));
        } else if (subTask.subTask().forEach() == null) {
            state.delete(Keys.todo(node, task.id(), subTask.name()));
        }
    }

    /** Deletes the todos of a whole sub-task, as far as round trips are left; those that stay only make a query longer. */
    static void closeTodos(TaskContext task, String name, SubTask subTask, int reserve) {
        var state = task.call().state();
        PartPlan plan = task.plan(name, subTask);
        List<PartRange> parts = own(task.fact(), name, plan.count());
        for (NodeId node : nodes(plan, parts)) {
            if (state.left() <= reserve) {
                return;
            }
            state.delete(Keys.todo(node, task.id(), name));
        }
    }
}
