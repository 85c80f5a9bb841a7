package dev.selvage.chaincode;

import dev.selvage.model.ContractApi.Step;
import dev.selvage.model.ContractApi.StepDone;
import dev.selvage.model.Digest;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.Facts;
import dev.selvage.model.Graph;
import dev.selvage.model.Input;
import dev.selvage.model.Keys;
import dev.selvage.model.Limits;
import dev.selvage.model.Progress;
import dev.selvage.model.SelvageException;
import dev.selvage.model.SubTask;
import dev.selvage.model.SubTaskState;
import dev.selvage.model.TaskState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Closes what results leave open (LEDGER.md, rules 3 to 5). Anybody may send a step: it only writes what the facts imply. A step that was
 * taken before is success; one whose time has not come refuses the whole list, so that no absence which is about to end is ever recorded.
 */
final class Advance {
    private Advance() {}

    static List<StepDone> run(Call call, List<Step> steps) {
        if (steps.isEmpty() || steps.size() > Limits.STEPS) {
            throw new SelvageException(
                    ErrorCode.REQUEST_INVALID, "Advance takes from 1 to " + Limits.STEPS + " steps.");
        }
        List<StepDone> done = new ArrayList<>();
        for (int i = 0; i < steps.size(); i++) {
            try {
                done.add(new StepDone(take(call, steps.get(i))));
            } catch (SelvageException refused) {
                throw ItemRefusals.at(i, refused);
            }
        }
        return done;
    }

    private static boolean take(Call call, Step step) {
        if (step.kind() == null || step.task() == null) {
            throw new SelvageException(ErrorCode.REQUEST_INVALID, "A step has a kind and a task.");
        }
        TaskContext task = call.task(step.task());
        if (task.end() != null) {
            return false;
        }
        return switch (step.kind()) {
            case START -> start(task);
            case OPEN -> open(task, required("subTask", step.subTask()));
            case RETRY ->
                retry(
                        task,
                        required("subTask", step.subTask()),
                        required("index", step.index()),
                        required("attempt", step.attempt()));
            case END -> end(task);
        };
    }

    private static <T> T required(String name, T value) {
        if (value == null) {
            throw new SelvageException(ErrorCode.REQUEST_INVALID, "The step lacks its \"" + name + "\".");
        }
        return value;
    }

    /** Opens what waits for nothing but approvals, as far as there is room; the rest is opened one by one. */
    private static boolean start(TaskContext task) {
        requireApprovals(task);
        var workflow = task.workflow();
        boolean changed = false;
        int opened = 0;
        for (String name : Tasks.unblocked(task.fact(), workflow)) {
            SubTask subTask = workflow.subTasks().get(name);
            if (opened < Limits.OPENED && task.call().state().left() >= cost(task, name, subTask)) {
                boolean fresh = pinAndOpen(task, name, subTask, task.fact().at());
                changed |= fresh;
                opened += fresh ? 1 : 0;
            }
        }
        return changed;
    }

    private static int cost(TaskContext task, String name, SubTask subTask) {
        var plan = task.plan(name, subTask);
        int nodes = Opening.nodes(plan, Opening.own(task.fact(), name, plan.count()))
                .size();
        return Opening.COST + nodes + 2 * pins(subTask).size();
    }

    private static boolean open(TaskContext task, String name) {
        var call = task.call();
        if (call.state().seen(Keys.ready(task.id(), name), Facts.ReadyFact.class) != null) {
            return false;
        }
        requireApprovals(task);
        var workflow = task.workflow();
        if (!workflow.subTasks().containsKey(name)) {
            task.subTask(name);
        }
        var parts = new PartFacts(task, workflow);
        var progress = Progress.of(workflow.subTasks(), parts::of, true, false);
        switch (progress.gate(name)) {
            case CLOSED ->
                throw new SelvageException(
                        ErrorCode.NOT_READY,
                        Map.of("task", task.id(), "subTask", name),
                        "What " + name + " waits for is not done.");
            case SHUT -> {
                return false;
            }
            default -> {
                SubTask subTask = workflow.subTasks().get(name);
                boolean opened = pinAndOpen(task, name, subTask, parts.latest());
                var graph = Graph.of(workflow.subTasks());
                graph.dependencies(name).stream()
                        .filter(need -> workflow.subTasks().get(need).forEach() != null)
                        .filter(need -> progress.state(need) != SubTaskState.SKIPPED)
                        .forEach(need -> Opening.closeTodos(
                                task, need, workflow.subTasks().get(need), 0));
                return opened;
            }
        }
    }

    private static boolean pinAndOpen(TaskContext task, String name, SubTask subTask, long waitedFor) {
        var state = task.call().state();
        if (state.seen(Keys.ready(task.id(), name), Facts.ReadyFact.class) != null) {
            return false;
        }
        Map<String, Digest> pinned = new TreeMap<>();
        pins(subTask).forEach((input, from) -> {
            byte[] bytes = read(task, input, from);
            state.putBytes(Keys.pinned(task.id(), name, input), bytes);
            pinned.put(input, Digest.of(bytes));
        });
        return Opening.open(task, name, subTask, waitedFor, pinned);
    }

    private static Map<String, Input.State> pins(SubTask subTask) {
        Map<String, Input.State> pins = new TreeMap<>();
        subTask.inputs().forEach((name, input) -> {
            if (input instanceof Input.State state && state.pin() == Input.Pin.READY) {
                pins.put(name, state);
            }
        });
        return pins;
    }

    private static byte[] read(TaskContext task, String input, Input.State from) {
        List<String> words = new ArrayList<>();
        words.add(from.state().function());
        words.addAll(from.state().args());
        byte[] bytes = task.call().state().call(from.state().chaincode(), words);
        if (bytes.length == 0 || bytes.length > Limits.ON_LEDGER) {
            throw new SelvageException(
                    bytes.length == 0 ? ErrorCode.STATE_UNAVAILABLE : ErrorCode.TOO_LARGE,
                    "The state for the input \"" + input + "\" has " + bytes.length + " bytes; from 1 to "
                            + Limits.ON_LEDGER + " can be pinned.");
        }
        return bytes;
    }

    private static void requireApprovals(TaskContext task) {
        for (String msp : task.fact().approvals()) {
            if (!task.call().state().has(Keys.approval(task.id(), msp))) {
                throw new SelvageException(
                        ErrorCode.NOT_READY,
                        Map.of("task", task.id(), "msp", msp),
                        "The task waits for the approval of " + msp + ".");
            }
        }
    }

    private static boolean retry(TaskContext task, String name, int index, int attempt) {
        var subTask = task.subTask(name).subTask();
        var plan = task.plan(name, subTask);
        String key = Keys.result(task.id(), name, index, attempt, plan.role(index));
        var failed = task.call().state().get(key, Facts.ResultFact.class);
        if (failed == null) {
            throw new SelvageException(
                    ErrorCode.NOT_READY,
                    Map.of("key", key),
                    "Attempt " + attempt + " of " + name + "[" + index + "] has no result yet.");
        }
        return failed.failure() != null
                && subTask.retry().again(attempt, failed.failure())
                && Opening.openAttempt(task, name, subTask, index, attempt + 1, failed.at());
    }

    private static boolean end(TaskContext task) {
        var workflow = task.workflow();
        var parts = new PartFacts(task, workflow);
        var progress = Progress.of(workflow.subTasks(), parts::of, true, false);
        TaskState end = progress.end()
                .orElseThrow(() -> new SelvageException(
                        ErrorCode.NOT_READY, Map.of("task", task.id()), "Not every sub-task is resolved."));
        Ending.end(task, end, end == TaskState.SUCCEEDED ? null : parts.failureCode(), null);
        var graph = Graph.of(workflow.subTasks());
        workflow.subTasks().forEach((name, subTask) -> {
            boolean closedBefore = graph.dependents(name).stream()
                    .anyMatch(dependent -> progress.state(dependent) != SubTaskState.SKIPPED);
            if (subTask.forEach() != null && progress.state(name) != SubTaskState.SKIPPED && !closedBefore) {
                Opening.closeTodos(task, name, subTask, 0);
            }
        });
        return true;
    }
}
