package dev.selvage.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * One declarative table of states: from, input, to. The diagram in the docs is generated from it.
 *
 * @param <S> the states
 */
public final class Transitions<S extends Enum<S>> {
    /** The life of a task. The state before the first is null. Suspend and resume come with a later version. */
    public static final Transitions<TaskState> TASK = new Transitions<>(List.of(
            new Row<>(null, "create", TaskState.RUNNING),
            new Row<>(null, "create, approvals needed", TaskState.AWAITING_APPROVAL),
            new Row<>(TaskState.AWAITING_APPROVAL, "last approval", TaskState.RUNNING),
            new Row<>(TaskState.AWAITING_APPROVAL, "reject", TaskState.REJECTED),
            new Row<>(TaskState.AWAITING_APPROVAL, "cancel", TaskState.CANCELLED),
            new Row<>(TaskState.RUNNING, "all sub-tasks resolved, no failure left unhandled", TaskState.SUCCEEDED),
            new Row<>(TaskState.RUNNING, "all sub-tasks resolved, a failure left unhandled", TaskState.FAILED),
            new Row<>(TaskState.RUNNING, "all sub-tasks resolved, an expiry left unhandled", TaskState.EXPIRED),
            new Row<>(TaskState.RUNNING, "cancel", TaskState.CANCELLED)));

    /** The life of a sub-task within a task. That a node reports a run comes with a later version. */
    public static final Transitions<SubTaskState> SUB_TASK = new Transitions<>(List.of(
            new Row<>(null, "create", SubTaskState.WAITING),
            new Row<>(SubTaskState.WAITING, "predecessors done as runIf asks", SubTaskState.READY),
            new Row<>(SubTaskState.WAITING, "all parts cited from an earlier task", SubTaskState.SUCCEEDED),
            new Row<>(SubTaskState.WAITING, "predecessors done otherwise", SubTaskState.SKIPPED),
            new Row<>(SubTaskState.WAITING, "task ended", SubTaskState.CANCELLED),
            new Row<>(SubTaskState.READY, "all parts succeeded", SubTaskState.SUCCEEDED),
            new Row<>(SubTaskState.READY, "all parts done, one failed", SubTaskState.FAILED),
            new Row<>(SubTaskState.READY, "all parts done, those that failed expired", SubTaskState.EXPIRED),
            new Row<>(SubTaskState.READY, "task ended", SubTaskState.CANCELLED)));

    private final List<Row<S>> rows;

    public Transitions(List<Row<S>> rows) {
        this.rows = List.copyOf(rows);
    }

    public List<Row<S>> rows() {
        return rows;
    }

    /** Where an input leads from a state (null before the first), empty when it does not apply there. */
    public Optional<S> next(S from, String input) {
        return rows.stream()
                .filter(row -> row.from() == from && row.input().equals(input))
                .map(Row::to)
                .findFirst();
    }

    /** Whether some input leads from one state directly to the other. */
    public boolean allows(S from, S to) {
        return rows.stream().anyMatch(row -> row.from() == from && row.to() == to);
    }

    /** Whether nothing leads on from a state that can be reached. */
    public boolean isFinal(S state) {
        return rows.stream().anyMatch(row -> row.to() == state) && rows.stream().noneMatch(row -> row.from() == state);
    }

    /** The table as a Mermaid state diagram. */
    public String diagram() {
        List<String> lines = new ArrayList<>();
        lines.add("stateDiagram-v2");
        for (Row<S> row : rows) {
            lines.add("    " + (row.from() == null ? "[*]" : row.from()) + " --> " + row.to() + ": " + row.input());
        }
        Set<S> finals = rows.stream().map(Row::to).filter(this::isFinal).collect(Collectors.toSet());
        rows.stream()
                .map(Row::to)
                .filter(finals::contains)
                .distinct()
                .forEach(state -> lines.add("    " + state + " --> [*]"));
        return String.join("\n", lines) + "\n";
    }

    /**
     * One line of the table.
     *
     * @param from null before the first state
     */
    public record Row<S>(S from, String input, S to) {}
}
