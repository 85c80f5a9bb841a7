package dev.selvage.agent.pipeline;

import dev.selvage.agent.journal.Noted;
import dev.selvage.engine.RunKey;
import dev.selvage.model.ContractApi.Part;
import dev.selvage.model.ContractApi.ResultItem;
import dev.selvage.model.ContractApi.Step;
import dev.selvage.model.Keys;
import dev.selvage.model.LedgerEvent;
import dev.selvage.model.NodeId;
import dev.selvage.model.Outcome;
import dev.selvage.model.PartRange;
import dev.selvage.model.Progress;
import dev.selvage.model.TaskState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * A running task as far as the ledger's facts tell: a fold over them in ledger order. No I/O, no clock. For one thread.
 */
final class KnownTask {
    /** The dependent's absent ready, and the new one. */
    private static final int OPENING = 2;

    private final String id;
    private final Set<String> approvals = new HashSet<>();
    private final Map<String, Parts> subTasks = new HashMap<>();
    private TaskContext context;
    private TaskState end;
    private NodeId last;

    KnownTask(String id) {
        this.id = id;
    }

    /** What is known of a sub-task's parts. */
    private static final class Parts {
        private final List<PartRange> ready = new ArrayList<>();
        private long readyFrom;
        /** The latest attempt that is ready, by index, where it is not the first. */
        private final Map<Integer, Attempt> retries = new HashMap<>();
        /** Outcomes of the latest attempts, by index. */
        private final Map<Integer, Ended> results = new TreeMap<>();

        private int succeeded;
        private int failed;

        int attempt(int index) {
            Attempt retry = retries.get(index);
            return retry == null ? 1 : retry.number;
        }

        long notBefore(int index) {
            Attempt retry = retries.get(index);
            return retry == null ? readyFrom : retry.notBefore;
        }
    }

    private record Attempt(int number, long notBefore) {}

    private record Ended(int attempt, Outcome outcome, boolean done) {}

    String id() {
        return id;
    }

    Optional<TaskContext> context() {
        return Optional.ofNullable(context);
    }

    void context(TaskContext known) {
        this.context = known;
    }

    Optional<TaskState> end() {
        return Optional.ofNullable(end);
    }

    /** The node whose result came last in ledger order; null when none came yet, or Expire wrote it. */
    NodeId last() {
        return last;
    }

    void apply(Noted noted) {
        noted.entries().forEach(this::apply);
    }

    private void apply(LedgerEvent.Entry entry) {
        if (entry instanceof LedgerEvent.Ready ready) {
            ready(ready);
        } else if (entry instanceof LedgerEvent.Result result) {
            result(result);
        } else if (entry instanceof LedgerEvent.Approval approval) {
            approvals.add(approval.msp());
        } else if (entry instanceof LedgerEvent.End ended) {
            end = ended.state();
        }
    }

    private void ready(LedgerEvent.Ready ready) {
        Parts parts = subTasks.computeIfAbsent(ready.subTask(), name -> new Parts());
        if (ready.attempt() == 1) {
            parts.ready.addAll(ready.parts());
            parts.readyFrom = ready.notBefore();
            return;
        }
        for (PartRange range : ready.parts()) {
            for (int i = range.first(); i < range.first() + range.count(); i++) {
                parts.retries.put(i, new Attempt(ready.attempt(), ready.notBefore()));
            }
        }
    }

    private void result(LedgerEvent.Result result) {
        Parts parts = subTasks.computeIfAbsent(result.subTask(), name -> new Parts());
        var before = parts.results.put(result.index(), new Ended(result.attempt(), result.outcome(), result.done()));
        if (result.done() && (before == null || !before.done)) {
            if (result.outcome() == Outcome.SUCCEEDED) {
                parts.succeeded++;
            } else {
                parts.failed++;
            }
        }
        last = result.node();
    }

    /** How far it is; only once the context is known. */
    Progress progress() {
        return progress(null, null);
    }

    private Progress progress(String alsoDone, Outcome outcome) {
        return Progress.of(
                context.workflow().subTasks(),
                name -> facts(name, name.equals(alsoDone) ? outcome : null),
                approvals.containsAll(context.fact().approvals()),
                end != null);
    }

    private Progress.Parts facts(String name, Outcome alsoDone) {
        int count = context.plan(name).count();
        int cited = context.fact().citedCount(name);
        Parts parts = subTasks.get(name);
        int succeeded = cited + (parts == null ? 0 : parts.succeeded);
        int failed = parts == null ? 0 : parts.failed;
        boolean ready = cited == count || (parts != null && !parts.ready.isEmpty());
        if (alsoDone != null) {
            succeeded += alsoDone == Outcome.SUCCEEDED ? 1 : 0;
            failed += alsoDone == Outcome.FAILED ? 1 : 0;
        }
        return new Progress.Parts(ready, count, succeeded, failed, 0);
    }

    /** The steps that Advance could take now, by what this node has seen (rule 3). */
    List<Step> openSteps() {
        List<Step> steps = new ArrayList<>();
        if (context == null || end != null) {
            return steps;
        }
        Progress progress = progress();
        List<String> openable = progress.openable();
        boolean nothingReady = subTasks.values().stream().allMatch(parts -> parts.ready.isEmpty());
        if (!context.fact().approvals().isEmpty() && nothingReady && !openable.isEmpty()) {
            steps.add(Step.start(id));
            return steps;
        }
        openable.forEach(name -> steps.add(Step.open(id, name)));
        subTasks.forEach((name, parts) -> parts.results.forEach((index, ended) -> {
            if (ended.outcome == Outcome.FAILED && !ended.done && ended.attempt == parts.attempt(index)) {
                steps.add(Step.retry(id, name, index, ended.attempt));
            }
        }));
        if (progress.end().isPresent()) {
            steps.add(Step.end(id));
        }
        return steps;
    }

    /** The dependents that a result of this sub-task's only part may make ready because this node has seen their other inputs (rule 2). */
    private List<String> opens(ResultItem item) {
        String subTask = item.subTask();
        if (context == null || end != null || context.plan(subTask).count() != 1) {
            return List.of();
        }
        var failure = item.failure();
        if (failure != null && context.subTask(subTask).retry().again(item.attempt(), failure)) {
            return List.of();
        }
        Outcome outcome = failure == null ? Outcome.SUCCEEDED : Outcome.FAILED;
        Progress after = progress(subTask, outcome);
        List<String> opens = new ArrayList<>();
        for (String dependent : context.graph().dependents(subTask)) {
            var needs = context.graph().dependencies(dependent);
            boolean byResult = needs.size() > 1
                    && !context.subTask(dependent).pinsState()
                    && needs.stream().allMatch(need -> context.plan(need).count() == 1);
            if (byResult && after.openable().contains(dependent)) {
                opens.add(dependent);
            }
        }
        return opens;
    }

    /** A result with the dependents that it opens, and what the contract counts for it (rule 6; its RoundTripTest has the same figures). */
    Weighed weigh(ResultItem item) {
        if (context == null || end != null) {
            return Weighed.alone(item);
        }
        String name = item.subTask();
        var subTask = context.subTask(name);
        var workflow = context.fact().workflow();
        List<String> opened = opens(item);
        boolean first = item.attempt() == 1;
        boolean single = subTask.forEach() == null;
        Set<String> shared = new HashSet<>(Set.of(Keys.task(id), Keys.end(id), Keys.workflowSubTask(workflow, name)));
        shared.add(first ? Keys.ready(id, name) : Keys.ready(id, name, item.attempt(), item.index()));
        int own = Weighed.RESULT + item.onLedger().size();
        own += single || !first ? 1 : 0; // its todo
        var dependents = context.graph().dependents(name);
        for (String dependent : dependents) {
            var needs = context.graph().dependencies(dependent);
            if (opened.contains(dependent)
                    || (needs.size() == 1 && context.plan(name).count() == 1)) {
                shared.add(Keys.workflowSubTask(workflow, dependent));
                own += OPENING
                        + needs.size()
                        - 1
                        + (context.plan(dependent).count() == 1
                                ? 1
                                : context.nodes().size());
            }
        }
        own += dependents.isEmpty() && single ? 1 : 0; // the end, where it is the only leaf
        return new Weighed(opened.isEmpty() ? item : item.opening(opened), shared, own);
    }

    /** The parts of a node that are ready and have no result yet. */
    List<ReadyPart> ready(NodeId node) {
        List<ReadyPart> found = new ArrayList<>();
        if (context == null || end != null) {
            return found;
        }
        forEachOpen((name, index, attempt, notBefore) -> {
            var plan = context.plan(name);
            if (plan.node(index, attempt).id().equals(node)) {
                found.add(new ReadyPart(new RunKey(id, name, index, attempt, plan.role(index)), notBefore));
            }
        });
        return found;
    }

    /** Attempts whose deadlines have passed, the accepted difference of clocks included (rule 8). */
    List<Part> overdue(long now, long skew) {
        List<Part> found = new ArrayList<>();
        if (context == null || end != null) {
            return found;
        }
        forEachOpen((name, index, attempt, notBefore) -> {
            long total = context.subTask(name).deadlines().total();
            if (now > notBefore + total + 2 * skew) {
                found.add(new Part(id, name, index, attempt, context.plan(name).role(index)));
            }
        });
        return found;
    }

    private interface OpenPart {
        void take(String subTask, int index, int attempt, long notBefore);
    }

    private void forEachOpen(OpenPart visitor) {
        subTasks.forEach((name, parts) -> parts.ready.forEach(range -> {
            for (int i = range.first(); i < range.first() + range.count(); i++) {
                Ended ended = parts.results.get(i);
                int attempt = parts.attempt(i);
                if (ended == null || (!ended.done && ended.attempt < attempt)) {
                    visitor.take(name, i, attempt, parts.notBefore(i));
                }
            }
        }));
    }

    /** Whether this attempt has its result on the ledger. */
    boolean hasResult(RunKey key) {
        Parts parts = subTasks.get(key.subTask());
        Ended ended = parts == null ? null : parts.results.get(key.part());
        return ended != null && ended.attempt >= key.attempt();
    }

    /** A part that a node may run. */
    record ReadyPart(RunKey key, long notBefore) {}
}
