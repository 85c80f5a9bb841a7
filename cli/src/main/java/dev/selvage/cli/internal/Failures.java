package dev.selvage.cli.internal;

import dev.selvage.model.ContractApi;
import dev.selvage.model.Facts;
import dev.selvage.model.Graph;
import dev.selvage.model.Outcome;
import dev.selvage.model.SubTaskState;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Why the parts failed that ended a task, from the results on the ledger. */
final class Failures {
    private static final int MOST = 10;

    private Failures() {}

    /**
     * One failed part, by its last attempt.
     *
     * @param node null when nobody answered in time
     */
    record Failed(String part, String node, int attempt, String code, String message) {
        /** {@code flood failed on LgaMSP/node1: ENGINE_FLOOD flood wrote more than 64Mi in one run.} */
        String sentence() {
            return part + " failed" + (node == null ? "" : " on " + node) + (attempt > 1 ? ", attempt " + attempt : "")
                    + ": " + code + (message.isEmpty() ? "" : " " + message);
        }
    }

    /** The first failed parts in the order of the workflow; none while the task runs or when it succeeded. */
    static List<Failed> of(Tasks tasks, ContractApi.TaskView view) {
        List<Failed> failed = new ArrayList<>();
        if (!view.state().ended()) {
            return failed;
        }
        for (String name : Graph.of(tasks.workflowOf(view).subTasks()).order()) {
            var state = view.subTasks().get(name).state();
            if ((state == SubTaskState.FAILED || state == SubTaskState.EXPIRED) && failed.size() < MOST) {
                failed.addAll(parts(tasks, view, name));
            }
        }
        return failed.stream().limit(MOST).toList();
    }

    private static List<Failed> parts(Tasks tasks, ContractApi.TaskView view, String name) {
        var plan = tasks.plan(view, name);
        var last = new TreeMap<Integer, Facts.ResultFact>();
        tasks.results(view.task().id(), name)
                .forEach(result -> last.merge(
                        result.index(), result, (one, other) -> one.attempt() > other.attempt() ? one : other));
        return last.values().stream()
                .filter(result -> result.outcome() == Outcome.FAILED && result.failure() != null)
                .map(result -> new Failed(
                        Tasks.partName(name, plan, result.index()),
                        result.node() == null ? null : result.node().toString(),
                        result.attempt(),
                        result.failure().code(),
                        result.failure().message()))
                .toList();
    }

    /** A line for each, to stand below a task's summary; empty for none. */
    static String text(List<Failed> failed) {
        return failed.stream().map(one -> "\n  " + one.sentence()).collect(Collectors.joining());
    }
}
