package dev.selvage.cli.internal;

import dev.selvage.agent.control.ControlApi;
import dev.selvage.model.ContractApi;
import dev.selvage.model.Facts;
import dev.selvage.model.Graph;
import dev.selvage.model.NodeId;
import dev.selvage.model.PartPlan;
import dev.selvage.model.SubTask;
import dev.selvage.model.SubTaskState;
import dev.selvage.model.TaskState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** What a task waits for, by the facts on the ledger: an approval, another sub-task, a node, a timer. */
final class Why {
    private static final int MOST = 50;

    private final Tasks tasks;
    private final LocalNodes local;
    private Map<NodeId, ContractApi.NodeView> nodes;
    private LastSeen lastSeen;

    /** @param local nodes of this machine that the user may ask for their own reasons */
    Why(Tasks tasks, LocalNodes local) {
        this.tasks = tasks;
        this.local = local;
    }

    /**
     * One reason.
     *
     * @param what what waits: {@code delays[lga]}, or the task
     * @param kind approval, dependency, node, retry, timer or step, or the code of what a node waits for
     * @param node who is waited for; null for none
     * @param deadline when it gives up, in milliseconds since 1970; null for never
     * @param sentence for a person, without a full stop
     */
    record Cause(String what, String kind, NodeId node, Long deadline, String sentence) {}

    /** The reasons, those of the first sub-tasks first; none for a task that has ended. */
    List<Cause> causes(ContractApi.TaskView view) {
        if (view.state().ended()) {
            return List.of();
        }
        if (view.state() == TaskState.AWAITING_APPROVAL) {
            return approvals(view);
        }
        List<Cause> causes = new ArrayList<>();
        var graph = Graph.of(tasks.workflowOf(view).subTasks());
        for (String name : graph.order()) {
            var subTask = view.subTasks().get(name);
            if (causes.size() >= MOST || subTask == null || subTask.state().resolved()) {
                continue;
            }
            if (subTask.state() == SubTaskState.WAITING) {
                causes.add(dependency(view, name, graph.dependencies(name)));
            } else {
                causes.addAll(parts(view, name));
            }
        }
        if (causes.isEmpty()) {
            causes.add(new Cause("task", "step", null, null, "all sub-tasks are done; a node will close the task"));
        }
        return causes;
    }

    private static List<Cause> approvals(ContractApi.TaskView view) {
        var given =
                view.approvals().stream().map(approval -> approval.by().msp()).collect(Collectors.toSet());
        var missing = view.task().approvals().stream()
                .filter(msp -> !given.contains(msp))
                .map(msp -> new Cause("task", "approval", null, null, "the task waits for the approval of " + msp))
                .toList();
        return missing.isEmpty()
                ? List.of(new Cause("task", "step", null, null, "all approvals are there; a node will start the task"))
                : missing;
    }

    private static Cause dependency(ContractApi.TaskView view, String name, Set<String> dependencies) {
        var open = dependencies.stream()
                .filter(dependency -> !view.subTasks().get(dependency).state().resolved())
                .map(dependency -> {
                    var parts = view.subTasks().get(dependency).parts();
                    return parts.count() > 1
                            ? dependency + " (" + (parts.succeeded() + parts.failed()) + " of " + parts.count()
                                    + " done)"
                            : dependency;
                })
                .collect(Collectors.joining(", "));
        return open.isEmpty()
                ? new Cause(name, "step", null, null, name + " can begin: a node will open it")
                : new Cause(name, "dependency", null, null, name + " waits for " + open);
    }

    private List<Cause> parts(ContractApi.TaskView view, String name) {
        var task = view.task().id();
        var subTask = tasks.workflowOf(view).subTasks().get(name);
        var plan = tasks.plan(view, name);
        var done =
                tasks.done(task, name).stream().map(ContractApi.DonePart::index).collect(Collectors.toSet());
        Map<Integer, Facts.ReadyFact> current = new HashMap<>();
        tasks.ready(task, name).stream()
                .sorted(Comparator.comparingInt(Facts.ReadyFact::attempt))
                .forEach(ready -> ready.parts().forEach(range -> {
                    for (int i = range.first(); i < range.first() + range.count(); i++) {
                        current.put(i, ready);
                    }
                }));
        Map<Integer, Facts.ResultFact> failed = new HashMap<>();
        tasks.results(task, name).stream()
                .filter(result -> !done.contains(result.index()))
                .filter(result -> current.containsKey(result.index())
                        && current.get(result.index()).attempt() == result.attempt())
                .forEach(result -> failed.put(result.index(), result));
        return current.keySet().stream()
                .filter(index -> !done.contains(index))
                .sorted()
                .limit(MOST)
                .map(index -> part(name, subTask, plan, index, current.get(index), failed.get(index)))
                .toList();
    }

    private Cause part(
            String name, SubTask subTask, PartPlan plan, int index, Facts.ReadyFact ready, Facts.ResultFact failed) {
        var what = Tasks.partName(name, plan, index);
        if (failed != null) {
            var code = failed.failure() == null
                    ? "all results are there"
                    : "failed with " + failed.failure().code();
            return new Cause(
                    what,
                    "retry",
                    null,
                    null,
                    what + ": attempt " + failed.attempt() + " " + code + "; a node will open what follows");
        }
        var node = plan.node(index, ready.attempt()).id();
        long now = System.currentTimeMillis();
        if (ready.notBefore() > now) {
            return new Cause(
                    what,
                    "timer",
                    node,
                    null,
                    what + " begins attempt " + ready.attempt() + " at " + Times.clock(ready.notBefore()));
        }
        long deadline =
                Math.max(ready.notBefore(), ready.at()) + subTask.deadlines().accept();
        var told = local.standing(node, ready.task(), name + "/" + index + "/" + ready.attempt() + "/");
        return new Cause(
                what,
                told.map(ControlApi.Wait::code).filter(code -> !code.isEmpty()).orElse("node"),
                node,
                deadline,
                what + " waits for " + node + told.map(Why::told).orElseGet(() -> lastSeen(node)) + " (accept deadline "
                        + Times.clock(deadline) + ")");
    }

    private static String told(ControlApi.Wait wait) {
        boolean waits = wait.code() != null && !wait.code().isEmpty();
        return waits
                ? ", which says: " + wait.code() + " " + wait.sentence()
                : ", which says: " + wait.stage().toLowerCase(Locale.ROOT);
    }

    private String lastSeen(NodeId node) {
        if (nodes == null) {
            var all = tasks.nodes();
            nodes = all.stream().collect(Collectors.toMap(ContractApi.NodeView::node, view -> view));
            lastSeen = new LastSeen(tasks, all);
        }
        return nodes.containsKey(node)
                ? lastSeen.of(node).map(at -> ", last seen " + Times.clock(at)).orElse(", never seen")
                : ", which is not registered";
    }
}
