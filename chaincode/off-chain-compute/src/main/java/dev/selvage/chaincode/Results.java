package dev.selvage.chaincode;

import dev.selvage.model.ContractApi;
import dev.selvage.model.ContractApi.ItemVerdict;
import dev.selvage.model.ContractApi.ResultItem;
import dev.selvage.model.ContractApi.Verdict;
import dev.selvage.model.Digest;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.Facts;
import dev.selvage.model.Keys;
import dev.selvage.model.LedgerEvent;
import dev.selvage.model.Limits;
import dev.selvage.model.NodeId;
import dev.selvage.model.Outcome;
import dev.selvage.model.SelvageException;
import dev.selvage.model.TaskState;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Results of one node (LEDGER.md, rules 1, 2 and 7). First every item is judged and recorded, then dependents are made ready, so that
 * results of the same batch count as done, whatever their order.
 */
final class Results {
    private final Call call;
    private final NodeId node;
    private int opened;

    private Results(Call call, NodeId node) {
        this.call = call;
        this.node = node;
    }

    static ContractApi.Verdicts submit(Call call, ContractApi.Submission submission) {
        if (submission.results().isEmpty() || submission.results().size() > Limits.RESULTS) {
            throw new SelvageException(
                    ErrorCode.REQUEST_INVALID, "A submission has from 1 to " + Limits.RESULTS + " results.");
        }
        Set<String> keys = new LinkedHashSet<>(Nodes.signerKeys(call, submission.node()));
        submission.results().forEach(item -> keys.addAll(readInAnyCase(item)));
        call.state().readAhead(keys);
        return new Results(call, Nodes.signer(call, submission.node())).judge(submission.results());
    }

    /** What is read of an item whatever comes of it; nothing of one that is malformed, which is refused later, with its place. */
    private static List<String> readInAnyCase(ResultItem item) {
        try {
            return List.of(
                    Keys.task(item.task()),
                    Keys.result(item.task(), item.subTask(), item.index(), item.attempt(), item.role()),
                    TaskContext.readyKey(item.task(), item.subTask(), item.index(), item.attempt()),
                    Keys.end(item.task()));
        } catch (SelvageException malformed) {
            return List.of();
        }
    }

    private ContractApi.Verdicts judge(List<ResultItem> items) {
        readSubTasks(items);
        Set<String> keys = new HashSet<>();
        List<Judged> judged = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            try {
                judged.add(record(items.get(i), keys));
            } catch (SelvageException refused) {
                throw ItemRefusals.at(i, refused);
            }
        }
        List<ItemVerdict> verdicts = new ArrayList<>();
        for (Judged item : judged) {
            List<String> ready = item.done() == null ? List.of() : openDependents(item);
            boolean end = item.done() != null && end(item);
            verdicts.add(new ItemVerdict(item.verdict(), ready, end));
        }
        return new ContractApi.Verdicts(verdicts);
    }

    private void readSubTasks(List<ResultItem> items) {
        Set<String> keys = new LinkedHashSet<>();
        for (ResultItem item : items) {
            try {
                var workflow = call.task(item.task()).fact().workflow();
                keys.add(Keys.workflowSubTask(workflow, item.subTask()));
            } catch (SelvageException refused) {
                return; // with its place, when it is judged
            }
        }
        call.state().readAhead(keys);
    }

    /**
     * An item with its verdict.
     *
     * @param done null unless it decided its part
     */
    private record Judged(
            ResultItem item, TaskContext task, Facts.SubTaskFact subTask, Verdict verdict, Facts.DoneFact done) {}

    private Judged record(ResultItem item, Set<String> keys) {
        TaskContext task = call.task(item.task());
        Facts.SubTaskFact subTask = task.subTask(item.subTask());
        requireNamed(item, task, subTask);
        String key = Keys.result(item.task(), item.subTask(), item.index(), item.attempt(), item.role());
        if (!keys.add(key)) {
            throw new SelvageException(ErrorCode.REQUEST_INVALID, "The submission has a result twice: " + key);
        }
        ItemRules.check(item, subTask.subTask());
        var ready = task.ready(item.subTask(), item.index(), item.attempt());
        if (ready == null) {
            throw new SelvageException(
                    ErrorCode.NOT_READY, Map.of("key", key), "Attempt " + item.attempt() + " is not ready.");
        }
        var there = call.state().get(key, Facts.ResultFact.class);
        if (there != null) {
            return new Judged(item, task, subTask, meet(item, there), null);
        }
        if (task.end() != null) {
            Opening.closeTodo(task, subTask, node, item.index(), item.attempt());
            return new Judged(item, task, subTask, Verdict.ENDED, null);
        }
        return new Judged(item, task, subTask, Verdict.ACCEPTED, accept(item, task, subTask, key, ready));
    }

    private void requireNamed(ResultItem item, TaskContext task, Facts.SubTaskFact subTask) {
        var plan = task.plan(item.subTask(), subTask.subTask());
        NodeId named = plan.node(item.index(), item.attempt()).id();
        if (!named.equals(node)) {
            throw new SelvageException(
                    ErrorCode.NODE_NOT_NAMED,
                    Map.of("named", named.toString()),
                    "Part " + item.index() + " of " + item.subTask() + ", attempt " + item.attempt() + ", is given to "
                            + named + ", not to " + node + ".");
        }
        if (!plan.role(item.index()).equals(item.role())) {
            throw new SelvageException(
                    ErrorCode.NODE_NOT_NAMED,
                    "Part " + item.index() + " of " + item.subTask() + " is run by the role " + plan.role(item.index())
                            + ", not by \"" + item.role() + "\".");
        }
    }

    /** A result is there already: the same, or a conflict, which is recorded by a transaction that succeeds. */
    private Verdict meet(ResultItem item, Facts.ResultFact there) {
        var outcome = item.failure() == null ? Outcome.SUCCEEDED : Outcome.FAILED;
        String code = item.failure() == null ? null : item.failure().code();
        String codeThere = there.failure() == null ? null : there.failure().code();
        if (node.equals(there.node())
                && outcome == there.outcome()
                && item.outputs().equals(there.outputs())
                && java.util.Objects.equals(code, codeThere)) {
            return Verdict.ADOPTED;
        }
        var by = call.caller().party();
        call.state()
                .put(
                        Keys.conflict(
                                item.task(), item.subTask(), item.index(), item.attempt(), item.role(), call.txid()),
                        new Facts.ConflictFact(
                                item.task(),
                                item.subTask(),
                                item.index(),
                                item.attempt(),
                                item.role(),
                                by,
                                Digest.ofJson(item),
                                call.at(),
                                call.txid()));
        call.tell(new LedgerEvent.Conflict(item.task(), item.subTask(), item.index(), item.attempt(), item.role(), by));
        return Verdict.CONFLICT;
    }

    /** Writes the result, and {@code done} unless another attempt may follow. */
    private Facts.DoneFact accept(
            ResultItem item, TaskContext task, Facts.SubTaskFact subTask, String key, Facts.ReadyFact ready) {
        var outcome = item.failure() == null ? Outcome.SUCCEEDED : Outcome.FAILED;
        var state = call.state();
        state.put(
                key,
                new Facts.ResultFact(
                        item.task(),
                        item.subTask(),
                        item.index(),
                        item.attempt(),
                        item.role(),
                        node,
                        outcome,
                        item.outputs(),
                        item.failure(),
                        item.engine(),
                        item.reads(),
                        item.evidence(),
                        item.measures(),
                        call.at(),
                        call.txid()));
        item.onLedger()
                .forEach((name, bytes) ->
                        state.putBytes(Keys.output(item.task(), item.subTask(), item.index(), name), bytes));
        boolean again = item.failure() != null && subTask.subTask().retry().again(item.attempt(), item.failure());
        Facts.DoneFact done = null;
        if (!again) {
            done = new Facts.DoneFact(
                    item.attempt(),
                    outcome,
                    key,
                    item.failure() == null ? null : item.failure().code(),
                    Math.max(call.at(), ready.notBefore()));
            state.put(Keys.done(item.task(), item.subTask(), item.index()), done);
        }
        Opening.closeTodo(task, subTask, node, item.index(), item.attempt());
        call.tell(new LedgerEvent.Result(
                item.task(), item.subTask(), item.index(), item.attempt(), item.role(), node, outcome, done != null));
        return done;
    }

    private List<String> openDependents(Judged item) {
        List<String> names = new ArrayList<>();
        for (Facts.Dependent dependent : item.subTask().dependents()) {
            boolean alone = dependent.dependencies().size() == 1;
            boolean named = item.item().opens().contains(dependent.name());
            if (dependent.byResult() && (alone || named) && mayRun(item, dependent) && open(item, dependent)) {
                names.add(dependent.name());
            }
        }
        return names;
    }

    private boolean mayRun(Judged item, Facts.Dependent dependent) {
        boolean allSucceeded = true;
        for (String need : dependent.dependencies()) {
            allSucceeded &= seenDone(item.task(), need).outcome() == Outcome.SUCCEEDED;
        }
        return switch (dependent.runIf()) {
            case SUCCESS -> allSucceeded;
            case FAILURE -> !allSucceeded;
            case ALWAYS -> true;
        };
    }

    /** What the submission says it has seen must be here; else the answer is an error, never a shorter write (rule 2). */
    private static Facts.DoneFact seenDone(TaskContext task, String subTask) {
        var done = task.done(subTask, 0);
        if (done == null) {
            throw new SelvageException(
                    ErrorCode.NOT_YET_VISIBLE,
                    Map.of("key", Keys.done(task.id(), subTask, 0)),
                    "This peer does not see yet that " + subTask + " is done.");
        }
        return done;
    }

    /** Opens a dependent if there is room in this transaction; else it is left to Advance. */
    private boolean open(Judged item, Facts.Dependent dependent) {
        var state = call.state();
        if (opened >= Limits.OPENED || state.left() < Opening.COST + 2) {
            return false;
        }
        state.readAhead(List.of(
                Keys.workflowSubTask(item.task().fact().workflow(), dependent.name()),
                Keys.ready(item.task().id(), dependent.name())));
        var subTask = item.task().subTask(dependent.name()).subTask();
        var plan = item.task().plan(dependent.name(), subTask);
        var parts = Opening.own(item.task().fact(), dependent.name(), plan.count());
        if (state.left() < 1 + Opening.nodes(plan, parts).size()) {
            return false;
        }
        long waitedFor = dependent.dependencies().stream()
                .mapToLong(need -> item.task().done(need, 0).at())
                .max()
                .orElse(0);
        if (!Opening.open(item.task(), dependent.name(), subTask, waitedFor, Map.of())) {
            return false;
        }
        opened++;
        return true;
    }

    private boolean end(Judged item) {
        if (!item.subTask().endsTask() || call.state().left() < 1) {
            return false;
        }
        boolean succeeded = item.done().outcome() == Outcome.SUCCEEDED;
        Ending.end(
                item.task(),
                succeeded ? TaskState.SUCCEEDED : TaskState.FAILED,
                item.done().code(),
                succeeded ? null : item.item().failure().message());
        return true;
    }
}
