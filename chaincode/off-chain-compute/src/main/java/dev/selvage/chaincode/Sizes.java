package dev.selvage.chaincode;

import dev.selvage.model.ErrorCode;
import dev.selvage.model.Facts;
import dev.selvage.model.Graph;
import dev.selvage.model.Input;
import dev.selvage.model.Limits;
import dev.selvage.model.PartPlan;
import dev.selvage.model.SelvageException;
import dev.selvage.model.SubTask;
import dev.selvage.model.Workflow;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Holds when a task is created that every later transaction of it will fit: a fan-in reads all parts that it waits for, and the end
 * reads all parts there are (LEDGER.md, rules 5 and 6). A task that could never be finished is refused here.
 */
final class Sizes {
    /** Of Advance: task, end, ready, workflow; the new ready, or the new end. */
    private static final int BASE = 6;

    private final Workflow workflow;
    private final Facts.TaskFact task;
    private final Graph graph;
    private final Map<String, Integer> reads = new TreeMap<>();

    private Sizes(Workflow workflow, Facts.TaskFact task) {
        this.workflow = workflow;
        this.task = task;
        this.graph = Graph.of(workflow.subTasks());
    }

    /**
     * Checks a task to be.
     *
     * @throws SelvageException TOO_LARGE
     */
    static void check(Workflow workflow, Facts.TaskFact task) {
        new Sizes(workflow, task).check();
    }

    private void check() {
        int open = 0;
        for (String name : graph.order()) {
            SubTask subTask = workflow.subTasks().get(name);
            PartPlan plan = PartPlan.of(subTask, task.binding(), task.arguments());
            int own = plan.count() - task.citedCount(name);
            boolean one = subTask.forEach() == null;
            reads.put(name, one ? 1 : Math.max(1, (own + Limits.RANGE_BATCH - 1) / Limits.RANGE_BATCH));
            long pins = subTask.inputs().values().stream()
                    .filter(input -> input instanceof Input.State state && state.pin() == Input.Pin.READY)
                    .count();
            int trips = BASE
                    + task.approvals().size()
                    + ancestors(name).stream().mapToInt(reads::get).sum()
                    + plan.firstNodes().size()
                    + 2 * (int) pins;
            open = Math.max(open, trips);
        }
        int end = BASE + reads.values().stream().mapToInt(Integer::intValue).sum();
        if (Math.max(open, end) > Limits.ROUND_TRIPS) {
            throw new SelvageException(
                    ErrorCode.TOO_LARGE,
                    Map.of("trips", Integer.toString(Math.max(open, end))),
                    "The task has too many parts or nodes: closing it would take " + Math.max(open, end)
                            + " reads and writes in one transaction, and " + Limits.ROUND_TRIPS + " are allowed.");
        }
    }

    private Set<String> ancestors(String name) {
        Set<String> found = new HashSet<>(graph.dependencies(name));
        Set<String> next = new HashSet<>(found);
        while (!next.isEmpty()) {
            Set<String> further = new HashSet<>();
            next.forEach(need -> further.addAll(graph.dependencies(need)));
            further.removeAll(found);
            found.addAll(further);
            next = further;
        }
        return found;
    }
}
