package dev.selvage.chaincode;

import dev.selvage.contract.State;
import dev.selvage.model.Facts;
import dev.selvage.model.Graph;
import dev.selvage.model.Keys;
import dev.selvage.model.Limits;
import dev.selvage.model.Outcome;
import dev.selvage.model.PartRange;
import dev.selvage.model.Progress;
import dev.selvage.model.Workflow;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which accepted results of an ended task a new one cites: every part that succeeded, of sub-tasks whose own inputs are all cited. An
 * ended task never changes, so its facts can be named instead of copied. What does not fit is computed again.
 */
final class Citations {
    /** Round trips kept for the task itself and for what it makes ready. */
    private static final int RESERVE = 12;

    private final TaskContext old;
    private final Workflow workflow;
    private final Map<String, List<Facts.Citation>> cited = new TreeMap<>();
    private int ranges;

    private Citations(TaskContext old, Workflow workflow) {
        this.old = old;
        this.workflow = workflow;
    }

    static Map<String, List<Facts.Citation>> of(TaskContext old, Workflow workflow) {
        return new Citations(old, workflow).collect();
    }

    private Map<String, List<Facts.Citation>> collect() {
        Graph graph = Graph.of(workflow.subTasks());
        for (String name : graph.order()) {
            int count = count(name);
            var progress = progress();
            boolean inputsStand = graph.dependencies(name).stream()
                    .allMatch(need -> progress.state(need).resolved());
            int trips = 1 + count / Limits.RANGE_BATCH;
            if (inputsStand && old.call().state().left() >= RESERVE + trips) {
                cite(name, count);
            }
        }
        return cited;
    }

    private Progress progress() {
        return Progress.of(
                workflow.subTasks(),
                name -> {
                    int parts = cited.getOrDefault(name, List.of()).stream()
                            .mapToInt(citation -> citation.parts().count())
                            .sum();
                    int count = count(name);
                    return new Progress.Parts(parts == count, count, parts, 0, 0);
                },
                true,
                false);
    }

    private int count(String name) {
        return old.plan(name, workflow.subTasks().get(name)).count();
    }

    private void cite(String name, int count) {
        String[] holders = holders(name, count);
        List<Facts.Citation> citations = new ArrayList<>();
        int from = 0;
        for (int i = 1; i <= count; i++) {
            if (i == count || !java.util.Objects.equals(holders[i], holders[from])) {
                if (holders[from] != null && ranges < Limits.CITATIONS) {
                    citations.add(new Facts.Citation(holders[from], new PartRange(from, i - from)));
                    ranges++;
                }
                from = i;
            }
        }
        if (!citations.isEmpty()) {
            cited.put(name, List.copyOf(citations));
        }
    }

    /** For each part the task that holds its accepted result; null where there is none. */
    private String[] holders(String name, int count) {
        String[] holders = new String[count];
        for (Facts.Citation citation : old.fact().cited().getOrDefault(name, List.of())) {
            var parts = citation.parts();
            java.util.Arrays.fill(holders, parts.first(), parts.first() + parts.count(), citation.task());
        }
        String prefix = Keys.dones(old.id(), name);
        for (State.Row row : old.call().state().range(prefix)) {
            if (row.as(Facts.DoneFact.class).outcome() == Outcome.SUCCEEDED) {
                holders[Integer.parseInt(row.key().substring(prefix.length()))] = old.id();
            }
        }
        return holders;
    }
}
