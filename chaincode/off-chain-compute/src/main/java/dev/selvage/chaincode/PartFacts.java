package dev.selvage.chaincode;

import dev.selvage.model.ErrorCode;
import dev.selvage.model.Facts;
import dev.selvage.model.Keys;
import dev.selvage.model.Outcome;
import dev.selvage.model.Progress;
import dev.selvage.model.Workflow;
import java.util.List;

/**
 * What {@code done} says of the sub-tasks of a task. A sub-task with nothing done is not told from one that is not ready: neither is
 * resolved, and a key that is about to appear is not read. Never reads {@code result} (LEDGER.md, rule 5).
 */
final class PartFacts {
    private final TaskContext task;
    private final Workflow workflow;
    private long latest;
    private String failureCode;

    PartFacts(TaskContext task, Workflow workflow) {
        this.task = task;
        this.workflow = workflow;
        this.latest = task.fact().at();
    }

    Progress.Parts of(String name) {
        var subTask = workflow.subTasks().get(name);
        int count = task.plan(name, subTask).count();
        int cited = task.fact().citedCount(name);
        if (cited == count) {
            return new Progress.Parts(true, count, count, 0, 0);
        }
        var state = task.call().state();
        List<Facts.DoneFact> dones;
        if (subTask.forEach() == null) {
            var done = state.get(Keys.done(task.id(), name, 0), Facts.DoneFact.class);
            dones = done == null ? List.of() : List.of(done);
        } else {
            dones = state.range(Keys.dones(task.id(), name)).stream()
                    .map(row -> row.as(Facts.DoneFact.class))
                    .toList();
        }
        return count(count, cited, dones);
    }

    private Progress.Parts count(int count, int cited, List<Facts.DoneFact> dones) {
        int failed = 0;
        int expired = 0;
        for (Facts.DoneFact done : dones) {
            latest = Math.max(latest, done.at());
            if (done.outcome() == Outcome.FAILED) {
                failed++;
                expired += ErrorCode.EXPIRED.name().equals(done.code()) ? 1 : 0;
                failureCode = failureCode == null ? done.code() : failureCode;
            }
        }
        return new Progress.Parts(!dones.isEmpty() || cited > 0, count, cited + dones.size() - failed, failed, expired);
    }

    /** The latest time of all that was asked for. */
    long latest() {
        return latest;
    }

    /** The code of the first failure met; null when there was none. */
    String failureCode() {
        return failureCode;
    }
}
