package dev.selvage.cli.internal;

import dev.selvage.cli.internal.client.ContractClient;
import dev.selvage.model.ContractApi;
import dev.selvage.model.Digest;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.Facts;
import dev.selvage.model.Names;
import dev.selvage.model.Outcome;
import dev.selvage.model.PartPlan;
import dev.selvage.model.SelvageException;
import dev.selvage.model.SubTask;
import dev.selvage.model.Workflow;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Reads tasks from the contract. */
final class Tasks {
    static final int SHORT_ID = 8;

    private final ContractClient contract;
    private final Map<Digest, ContractApi.Deployment> workflows = new HashMap<>();

    Tasks(ContractClient contract) {
        this.contract = contract;
    }

    /** The id as lists print it; commands take it, and any other unique beginning, for the whole. */
    static String shortId(String task) {
        return task.substring(0, Math.min(SHORT_ID, task.length()));
    }

    /** The shortest beginning of an id, of four digits at least, that no other task shares. */
    String shortest(String task) {
        var others = list().stream()
                .map(ContractApi.TaskSummary::task)
                .filter(other -> !other.equals(task))
                .toList();
        int length = 4;
        while (length < task.length() && others.stream().anyMatch(startsLike(task, length))) {
            length++;
        }
        return task.substring(0, length);
    }

    private static Predicate<String> startsLike(String task, int length) {
        return other -> other.startsWith(task.substring(0, length));
    }

    /**
     * The task that a person means.
     *
     * @param given an id or the beginning of one
     * @throws SelvageException TASK_UNKNOWN when none or several begin so
     */
    String resolve(String given) {
        var id = given.toLowerCase(Locale.ROOT);
        if (Names.isTaskId(id)) {
            return id;
        }
        if (!id.matches("[0-9a-f]{1,31}")) {
            throw new SelvageException(
                    ErrorCode.TASK_UNKNOWN, "\"" + given + "\" is no task's id: those are hexadecimal digits.");
        }
        var found = list().stream()
                .map(ContractApi.TaskSummary::task)
                .filter(task -> task.startsWith(id))
                .toList();
        if (found.isEmpty()) {
            throw new SelvageException(ErrorCode.TASK_UNKNOWN, "No task's id begins with " + given + ".");
        }
        if (found.size() > 1) {
            throw new SelvageException(
                    ErrorCode.TASK_UNKNOWN,
                    found.size() + " tasks begin with " + given + ": " + String.join(", ", found) + ".");
        }
        return found.get(0);
    }

    /** All tasks, the newest first. */
    List<ContractApi.TaskSummary> list() {
        return contract.all(ContractApi.LIST_TASKS, page -> page, ContractApi.TaskSummary.class).stream()
                .sorted(Comparator.comparingLong(ContractApi.TaskSummary::at).reversed())
                .toList();
    }

    ContractApi.TaskView view(String task) {
        return contract.evaluate(ContractApi.GET_TASK, new ContractApi.TaskQuery(task), ContractApi.TaskView.class);
    }

    /** What was deployed under that digest. */
    ContractApi.Deployment workflow(Digest digest) {
        return workflows.computeIfAbsent(
                digest,
                key -> contract.evaluate(
                        ContractApi.GET_WORKFLOW,
                        new ContractApi.WorkflowQuery(key, null, null),
                        ContractApi.Deployment.class));
    }

    Workflow workflowOf(ContractApi.TaskView view) {
        return workflow(view.task().workflow()).workflow();
    }

    /** The parts of a sub-task of a task. */
    PartPlan plan(ContractApi.TaskView view, String subTask) {
        SubTask definition = workflowOf(view).subTasks().get(subTask);
        return PartPlan.of(definition, view.task().binding(), view.task().arguments());
    }

    /** {@code delays[ewr]}, or the plain name of a sub-task with one part. */
    static String partName(String subTask, PartPlan plan, int index) {
        var label = plan.label(index);
        return label.isEmpty() ? subTask : subTask + "[" + label + "]";
    }

    List<Facts.ResultFact> results(String task, String subTask) {
        return contract.all(
                ContractApi.GET_RESULTS,
                page -> new ContractApi.SubTaskQuery(task, subTask, page),
                Facts.ResultFact.class);
    }

    List<Facts.ReadyFact> ready(String task, String subTask) {
        return contract.all(
                ContractApi.GET_READY,
                page -> new ContractApi.SubTaskQuery(task, subTask, page),
                Facts.ReadyFact.class);
    }

    /** The results that decided a sub-task's parts with success, in order of the index; of a retried task an earlier task's may stand in. */
    List<Facts.ResultFact> accepted(ContractApi.TaskView view, String subTask) {
        var task = view.task();
        var attempts = new HashMap<Integer, Integer>();
        done(task.id(), subTask).stream()
                .filter(part -> part.done().outcome() == Outcome.SUCCEEDED)
                .forEach(part -> attempts.put(part.index(), part.done().attempt()));
        var sources = attempts.keySet().stream()
                .map(index -> task.citedTask(subTask, index) == null ? task.id() : task.citedTask(subTask, index))
                .collect(Collectors.toCollection(TreeSet::new));
        return sources.stream()
                .flatMap(source -> results(source, subTask).stream())
                .filter(result -> Integer.valueOf(result.attempt()).equals(attempts.get(result.index())))
                .filter(result -> result.outcome() == Outcome.SUCCEEDED)
                .sorted(Comparator.comparingInt(Facts.ResultFact::index))
                .toList();
    }

    List<ContractApi.DonePart> done(String task, String subTask) {
        return contract.all(
                ContractApi.GET_DONE,
                page -> new ContractApi.SubTaskQuery(task, subTask, page),
                ContractApi.DonePart.class);
    }

    List<ContractApi.NodeView> nodes() {
        return contract.all(ContractApi.LIST_NODES, page -> page, ContractApi.NodeView.class);
    }
}
