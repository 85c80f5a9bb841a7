package dev.selvage.model;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * How far a task is, derived from the facts on the ledger; the same derivation serves the contract's Advance, queries, agents and
 * commands. Facts are asked for only where an answer needs them, each sub-task's once. No clock; one thread.
 */
public final class Progress {
    private final Graph graph;
    private final Map<String, SubTask> subTasks;
    private final Function<String, Parts> facts;
    private final boolean started;
    private final boolean ended;
    private final Map<String, SubTaskState> states = new TreeMap<>();

    private Progress(Map<String, SubTask> subTasks, Function<String, Parts> facts, boolean started, boolean ended) {
        this.subTasks = subTasks;
        this.graph = Graph.of(subTasks);
        this.facts = facts;
        this.started = started;
        this.ended = ended;
    }

    /**
     * Derives the progress.
     *
     * @param facts what the ledger has of each sub-task; missing means nothing
     * @param started whether all approvals are there
     * @param ended whether the task's end is on the ledger
     */
    public static Progress of(Map<String, SubTask> subTasks, Map<String, Parts> facts, boolean started, boolean ended) {
        return of(subTasks, name -> facts.getOrDefault(name, Parts.NONE), started, ended);
    }

    /** As {@link #of(Map, Map, boolean, boolean)}, with facts that are read when they are needed. */
    public static Progress of(
            Map<String, SubTask> subTasks, Function<String, Parts> facts, boolean started, boolean ended) {
        return new Progress(subTasks, facts, started, ended);
    }

    public SubTaskState state(String subTask) {
        var state = states.get(subTask);
        if (state == null) {
            state = derive(subTask);
            states.put(subTask, state);
        }
        return state;
    }

    private SubTaskState derive(String name) {
        Parts parts = facts.apply(name);
        if (parts.ready()) {
            return parts.state().orElse(ended ? SubTaskState.CANCELLED : SubTaskState.READY);
        }
        if (gate(name) == Gate.SHUT) {
            return SubTaskState.SKIPPED;
        }
        return ended ? SubTaskState.CANCELLED : SubTaskState.WAITING;
    }

    /** What the outcomes of its predecessors mean for a sub-task. */
    public enum Gate {
        /** It may run. */
        OPEN,
        /** Something that it waits for is not resolved. */
        CLOSED,
        /** It will never run. */
        SHUT
    }

    /** Whether the outcomes of its predecessors let a sub-task run. */
    public Gate gate(String name) {
        boolean all = true;
        boolean anyFailed = false;
        for (String need : graph.dependencies(name)) {
            SubTaskState state = state(need);
            all &= state.resolved();
            anyFailed |= state.resolved() && state != SubTaskState.SUCCEEDED;
        }
        return switch (subTasks.get(name).runIf()) {
            case SUCCESS -> anyFailed ? Gate.SHUT : all ? Gate.OPEN : Gate.CLOSED;
            case FAILURE -> !all ? Gate.CLOSED : anyFailed ? Gate.OPEN : Gate.SHUT;
            case ALWAYS -> all ? Gate.OPEN : Gate.CLOSED;
        };
    }

    /** The states of all sub-tasks, in order of their names. */
    public Map<String, SubTaskState> states() {
        graph.order().forEach(this::state);
        return Collections.unmodifiableMap(states);
    }

    /** Sub-tasks that may become ready now, in order of their names. */
    public List<String> openable() {
        return states().entrySet().stream()
                .filter(entry -> started && !ended && entry.getValue() == SubTaskState.WAITING)
                .map(Map.Entry::getKey)
                .filter(name -> gate(name) == Gate.OPEN)
                .toList();
    }

    /**
     * How the task ends, once every sub-task is resolved. A failure is handled when a sub-task that runs on failure or always, and waits for
     * the failed one, succeeded.
     */
    public Optional<TaskState> end() {
        if (!states().values().stream().allMatch(SubTaskState::resolved)) {
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
        return subTasks.get(dependent).runIf() != SubTask.RunIf.SUCCESS && state(dependent) == SubTaskState.SUCCEEDED;
    }

    /**
     * What the ledger has of one sub-task.
     *
     * @param ready whether its first attempt is ready, or all its parts are cited
     * @param count its parts
     * @param succeeded parts done with success, those cited included
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
