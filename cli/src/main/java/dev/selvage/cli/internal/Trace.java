package dev.selvage.cli.internal;

import dev.selvage.model.ContractApi;
import dev.selvage.model.Facts;
import dev.selvage.model.Outcome;
import dev.selvage.model.PartRange;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A task's history from its facts on the ledger (A14). */
final class Trace {
    private final Tasks tasks;

    Trace(Tasks tasks) {
        this.tasks = tasks;
    }

    /**
     * One step.
     *
     * @param at the transaction's time, milliseconds since 1970
     * @param what {@code created}, {@code delays ready}, {@code delays[ewr] ok}
     * @param who the user or node
     * @param how engine, digests, measures or reasons
     * @param outputs digests by output, in full
     */
    record Step(long at, String what, String who, String how, Map<String, Facts.OutputFact> outputs, String txid) {
        Step(long at, String what, String who, String how, String txid) {
            this(at, what, who, how, Map.of(), txid);
        }
    }

    List<Step> of(ContractApi.TaskView view) {
        List<Step> steps = new ArrayList<>();
        var task = view.task();
        steps.add(new Step(
                task.at(),
                "created",
                task.creator().toString(),
                task.name() + " " + task.version() + " digest "
                        + task.workflow().shortForm()
                        + (task.retryOf() == null ? "" : ", again after " + Tasks.shortId(task.retryOf())),
                task.txid()));
        view.approvals()
                .forEach(approval -> steps.add(
                        new Step(approval.at(), "approved", approval.by().toString(), "", approval.txid())));
        for (String subTask : view.subTasks().keySet()) {
            var plan = tasks.plan(view, subTask);
            tasks.ready(task.id(), subTask)
                    .forEach(ready -> steps.add(new Step(
                            ready.at(),
                            subTask + " ready",
                            "",
                            PartRange.count(ready.parts()) + " part(s), attempt " + ready.attempt() + pinned(ready),
                            ready.txid())));
            tasks.results(task.id(), subTask)
                    .forEach(result -> steps.add(result(Tasks.partName(subTask, plan, result.index()), result)));
        }
        if (view.end() != null) {
            var end = view.end();
            steps.add(new Step(
                    end.at(),
                    end.state().toString(),
                    end.by() == null ? "" : end.by().toString(),
                    end.code() == null ? "" : end.code() + (end.message() == null ? "" : " " + end.message()),
                    end.txid()));
        }
        steps.sort(Comparator.comparingLong(Step::at));
        return steps;
    }

    private static String pinned(Facts.ReadyFact ready) {
        return ready.pinned().entrySet().stream()
                .map(entry ->
                        ", " + entry.getKey() + " pinned as " + entry.getValue().shortForm())
                .collect(Collectors.joining());
    }

    private static Step result(String part, Facts.ResultFact result) {
        boolean ok = result.outcome() == Outcome.SUCCEEDED;
        var attempt = result.attempt() > 1 ? " (attempt " + result.attempt() + ")" : "";
        var how = new ArrayList<String>();
        if (result.engine() != null) {
            how.add(result.engine().engine() + " " + result.engine().version());
        }
        result.outputs()
                .forEach((name, output) -> how.add(name + " " + output.digest().shortForm()
                        + (output.salted() ? " salted" : "") + " " + output.size() + " B"));
        if (result.failure() != null) {
            how.add(result.failure().code() + " " + result.failure().message());
        }
        if (result.measures().containsKey("runMs")) {
            how.add("run " + Times.span(result.measures().get("runMs")));
        }
        return new Step(
                result.at(),
                part + (ok ? " ok" : " failed") + attempt,
                result.node() == null ? "expired" : result.node().toString(),
                String.join(", ", how),
                result.outputs(),
                result.txid());
    }
}
