package dev.selvage.chaincode;

import dev.selvage.contract.State;
import dev.selvage.model.ContractApi;
import dev.selvage.model.ContractApi.Step;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.Facts;
import dev.selvage.model.Keys;
import dev.selvage.model.Outcome;
import dev.selvage.model.Progress;
import dev.selvage.model.SubTaskState;
import dev.selvage.model.TaskState;
import dev.selvage.model.Workflow;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A task with its derived state and the steps that Advance could take now. */
final class TaskViews {
    /** Round trips kept for looking at failed attempts. */
    private static final int RESERVE = 12;

    private final TaskContext task;
    private final State state;
    private final Workflow workflow;
    private final Map<String, Tally> tallies = new TreeMap<>();
    private final Map<String, Facts.ReadyFact> ready = new TreeMap<>();

    private TaskViews(TaskContext task) {
        this.task = task;
        this.state = task.call().state();
        this.workflow = task.workflow();
    }

    static ContractApi.TaskView get(Call call, ContractApi.TaskQuery query) {
        return new TaskViews(call.task(query.task())).view();
    }

    /** What is done of a sub-task. */
    private static final class Tally {
        private int succeeded;
        private int failed;
        private int expired;

        void add(Facts.DoneFact done) {
            if (done.outcome() == Outcome.SUCCEEDED) {
                succeeded++;
            } else {
                failed++;
                expired += ErrorCode.EXPIRED.name().equals(done.code()) ? 1 : 0;
            }
        }
    }

    private ContractApi.TaskView view() {
        var end = task.end();
        List<Facts.ApprovalFact> approvals = task.fact().approvals().isEmpty()
                ? List.of()
                : state.range(Keys.approvals(task.id())).stream()
                        .map(row -> row.as(Facts.ApprovalFact.class))
                        .toList();
        boolean started = approvals.size() == task.fact().approvals().size();
        readDone();
        readReady(started);
        Map<String, Progress.Parts> parts = new TreeMap<>();
        workflow.subTasks().keySet().forEach(name -> parts.put(name, parts(name)));
        var progress = Progress.of(workflow.subTasks(), parts, started, end != null);
        Map<String, ContractApi.SubTaskView> views = new TreeMap<>();
        parts.forEach((name, of) -> views.put(
                name,
                new ContractApi.SubTaskView(
                        progress.state(name),
                        of,
                        ready.containsKey(name) ? ready.get(name).at() : null)));
        TaskState now = end != null ? end.state() : started ? TaskState.RUNNING : TaskState.AWAITING_APPROVAL;
        List<Step> next = end != null || !started ? List.of() : next(progress);
        return new ContractApi.TaskView(task.fact(), now, approvals, views, end, next);
    }

    private void readDone() {
        String prefix = Keys.dones(task.id());
        for (State.Row row : state.range(prefix)) {
            String subTask = row.key().substring(prefix.length(), row.key().lastIndexOf('/'));
            tallies.computeIfAbsent(subTask, name -> new Tally()).add(row.as(Facts.DoneFact.class));
        }
    }

    /** When a sub-task became ready is left out where parts of it are done and there is no room to ask. */
    private void readReady(boolean started) {
        for (String name : workflow.subTasks().keySet()) {
            boolean needed = !tallies.containsKey(name);
            if (started
                    && (needed || state.left() > RESERVE + workflow.subTasks().size())) {
                var fact = state.get(Keys.ready(task.id(), name), Facts.ReadyFact.class);
                if (fact != null) {
                    ready.put(name, fact);
                }
            }
        }
    }

    private Progress.Parts parts(String name) {
        int count = task.plan(name, workflow.subTasks().get(name)).count();
        int cited = task.fact().citedCount(name);
        Tally tally = tallies.getOrDefault(name, new Tally());
        boolean isReady = ready.containsKey(name) || tallies.containsKey(name) || cited == count;
        return new Progress.Parts(isReady, count, cited + tally.succeeded, tally.failed, tally.expired);
    }

    private List<Step> next(Progress progress) {
        List<Step> steps = new ArrayList<>();
        progress.openable().forEach(name -> steps.add(Step.open(task.id(), name)));
        workflow.subTasks().keySet().stream()
                .filter(name -> progress.state(name) == SubTaskState.READY)
                .forEach(name -> retries(name, steps));
        if (progress.end().isPresent()) {
            steps.add(Step.end(task.id()));
        }
        return steps;
    }

    /** Attempts that failed and may be followed by another one, as far as there is room to ask. */
    private void retries(String name, List<Step> steps) {
        var subTask = workflow.subTasks().get(name);
        if (subTask.retry().attempts() < 2 || state.left() < RESERVE) {
            return;
        }
        int room = (state.left() - RESERVE / 2) / 3 * 100;
        Map<Integer, Facts.ResultFact> last = new TreeMap<>();
        for (State.Row row : state.rangeAfter(Keys.results(task.id(), name), null, room)) {
            var result = row.as(Facts.ResultFact.class);
            last.merge(result.index(), result, (a, b) -> a.attempt() >= b.attempt() ? a : b);
        }
        for (Facts.ResultFact result : last.values()) {
            boolean again = result.failure() != null && subTask.retry().again(result.attempt(), result.failure());
            if (again
                    && state.left() > 1
                    && !state.has(Keys.ready(task.id(), name, result.attempt() + 1, result.index()))) {
                steps.add(Step.retry(task.id(), name, result.index(), result.attempt()));
            }
        }
    }
}
