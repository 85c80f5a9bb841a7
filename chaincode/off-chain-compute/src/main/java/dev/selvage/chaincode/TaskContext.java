package dev.selvage.chaincode;

import dev.selvage.model.ErrorCode;
import dev.selvage.model.Facts;
import dev.selvage.model.Keys;
import dev.selvage.model.Outcome;
import dev.selvage.model.PartPlan;
import dev.selvage.model.SelvageException;
import dev.selvage.model.SubTask;
import dev.selvage.model.Workflow;
import java.util.HashMap;
import java.util.Map;

/** A task as one invocation knows it: its fact and what it needs of its workflow, each read once. */
final class TaskContext {
    private final Call call;
    private final Facts.TaskFact fact;
    private final Map<String, PartPlan> plans = new HashMap<>();

    TaskContext(Call call, Facts.TaskFact fact) {
        this.call = call;
        this.fact = fact;
    }

    /**
     * Loads a task.
     *
     * @throws SelvageException TASK_UNKNOWN
     */
    static TaskContext load(Call call, String id) {
        var fact = call.state().get(Keys.task(id), Facts.TaskFact.class);
        if (fact == null) {
            throw new SelvageException(
                    ErrorCode.TASK_UNKNOWN, Map.of("task", id), "No task " + id + " is on the ledger.");
        }
        return new TaskContext(call, fact);
    }

    Call call() {
        return call;
    }

    Facts.TaskFact fact() {
        return fact;
    }

    String id() {
        return fact.id();
    }

    /**
     * A sub-task with its neighbours, in one read.
     *
     * @throws SelvageException SUBTASK_UNKNOWN
     */
    Facts.SubTaskFact subTask(String name) {
        var subTask = call.state().get(Keys.workflowSubTask(fact.workflow(), name), Facts.SubTaskFact.class);
        if (subTask == null) {
            throw new SelvageException(
                    ErrorCode.SUBTASK_UNKNOWN,
                    "Workflow " + fact.name() + " " + fact.version() + " has no sub-task \"" + name + "\".");
        }
        return subTask;
    }

    /** The whole workflow, in one read. */
    Workflow workflow() {
        return Workflows.load(call, fact.workflow());
    }

    PartPlan plan(String name, SubTask subTask) {
        return plans.computeIfAbsent(name, key -> PartPlan.of(subTask, fact.binding(), fact.arguments()));
    }

    /** The task's end; null while it runs. */
    Facts.EndFact end() {
        return call.state().seen(Keys.end(id()), Facts.EndFact.class);
    }

    /**
     * How a part of a sub-task is done, by this task, this very transaction, or an earlier task that is cited.
     *
     * @return null when it is not done
     */
    Facts.DoneFact done(String subTask, int index) {
        String cited = fact.citedTask(subTask, index);
        return cited == null
                ? call.state().seen(Keys.done(id(), subTask, index), Facts.DoneFact.class)
                : new Facts.DoneFact(1, Outcome.SUCCEEDED, null, null, fact.at());
    }

    /** Under which key it stands what made an attempt ready. */
    static String readyKey(String task, String subTask, int index, int attempt) {
        return attempt == 1 ? Keys.ready(task, subTask) : Keys.ready(task, subTask, attempt, index);
    }

    /** What made an attempt of a part ready; null when it is not. */
    Facts.ReadyFact ready(String subTask, int index, int attempt) {
        var ready = call.state().seen(readyKey(id(), subTask, index, attempt), Facts.ReadyFact.class);
        return ready == null || !dev.selvage.model.PartRange.contains(ready.parts(), index) ? null : ready;
    }
}
