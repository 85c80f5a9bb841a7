package dev.selvage.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * How far a task is, derived from the facts on the ledger; the same derivation serves the contract's Advance, queries, agents and
 * commands. Pure: no ledger, no clock.
 */
public final class Progress {
    private final Graph graph;
    private final Map<String, SubTask> subTasks;
    private final Map<String, SubTaskState> states = new TreeMap<>();
    private final Set<String> openable = new TreeSet<>();

    private Progress(Map<String, SubTask> subTasks, Map<String, Parts> facts, boolean started, boolean ended) {
        this.subTasks = subTasks;
        this.graph = Graph.of(subTasks);
        for (String name : graph.order()) {
            states.put(name, derive(name, facts.getOrDefault(name, Parts.NONE), started, ended));
        }
    }

    /**
     * Derives the progress.
     *
     * @param facts what the ledger has of each sub-task; missing means nothing
     * @param started whether all approvals are there
     * @param ended whether the task's end is on the ledger
     */
    public static Progress of(Map<String, SubTask> subTasks, Map<String, Parts> facts, boolean started, boolean ended) {
        return new Progress(subTasks, facts, started, ended);
    }

    private SubTaskState derive(String name, Parts parts, boolean started, boolean ended) {
        if (parts.ready()) {
            return parts.state().orElse(ended ? SubTaskState.CANCELLED : SubTaskState.READY);
        }
        Gate gate = gate(name);
        if (gate == Gate.SHUT) {
            return SubTaskState.SKIPPED;
        }
        if (ended) {
            return SubTaskState.CANCELLED;
        }
        if (gate == Gate.OPEN && started) {
            openable.add(name);
        }
        return SubTaskState.WAITING;
    }

    private enum Gate {
        OPEN,
        CLOSED,
        SHUT
    }

    private Gate gate(String name) {
        boolean all = true;
        boolean anyFailed = false;
        for (String need : graph.dependencies(name)) {
            SubTaskState state = states.get(need);
            all &= state.resolved();
            anyFailed |= state.resolved() && state != SubTaskState.SUCCEEDED;
        }
        return switch (subTasks.get(name).runIf()) {
            case SUCCESS -> anyFailed ? Gate.SHUT : all ? Gate.OPEN : Gate.CLOSED;
            case FAILURE -> !all ? Gate.CLOSED : anyFailed ? Gate.OPEN : Gate.SHUT;
            case ALWAYS -> all ? Gate.OPEN : Gate.CLOSED;
        };
    }

    public SubTaskState state(String subTask) {
        return states.get(subTask);
    }

    public Map<String, SubTaskState> states() {
        return Map.copyOf(states);
    }

    /** Sub-tasks that may become ready now, in order of their names. */
    public List<String> openable() {
        return List.copyOf(openable);
    }

    /**
     * How the task ends, once every sub-task is resolved. A failure is handled when a sub-task that runs on failure or always, and waits for
     * the failed one, succeeded.
     */
    public Optional<TaskState> end() {
        if (!states.values().stream().allMatch(SubTaskState::resolved)) {
            return Optional.empty();
        }
        List<SubTaskState> unhandled = new ArrayList<>();
        states.forEach((name, state) -> {
            boolean failed = state == SubTaskState.FAILED || state == SubTaskState.EXPIRED;
            if (failed && graph.dependents(name).stream().noneMatch(this::handles)) {
                unhandled.add(state);
            }
        });
        if (unhandled.isEmpty()) {
            return Optional.of(TaskState.SUCCEEDED);
        }
        return Optional.of(unhandled.contains(SubTaskState.FAILED) ? TaskState.FAILED : TaskState.EXPIRED);
    }

    private boolean handles(String dependent) {
        return subTasks.get(dependent).runIf() != SubTask.RunIf.SUCCESS
                && states.get(dependent) == SubTaskState.SUCCEEDED;
    }

    /**
     * What the ledger has of one sub-task.
     *
     * @param ready whether its first attempt is ready
     * @param count its parts
     * @param succeeded parts done with success
     * @param failed parts done with failure
     * @param expired of those failed, how many by Expire
     */
    public record Parts(boolean ready, int count, int succeeded, int failed, int expired) {
        public static final Parts NONE = new Parts(false, 0, 0, 0, 0);

        /** The resolved state, once all parts are done. */
        Optional<SubTaskState> state() {
            if (succeeded + failed < count) {
                return Optional.empty();
            }
            if (failed == 0) {
                return Optional.of(SubTaskState.SUCCEEDED);
            }
            return Optional.of(expired == failed ? SubTaskState.EXPIRED : SubTaskState.FAILED);
        }
    }
}
