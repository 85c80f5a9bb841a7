package dev.selvage.chaincode;

import com.fasterxml.jackson.databind.JsonNode;
import dev.selvage.model.CanonicalJson;
import dev.selvage.model.ContractApi;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.Facts;
import dev.selvage.model.Keys;
import dev.selvage.model.LedgerEvent;
import dev.selvage.model.Limits;
import dev.selvage.model.Parameters;
import dev.selvage.model.PartPlan;
import dev.selvage.model.Progress;
import dev.selvage.model.SelvageException;
import dev.selvage.model.SubTask;
import dev.selvage.model.TaskState;
import dev.selvage.model.Workflow;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What people do with tasks: create (also from an ended one), approve, reject, cancel. */
final class Tasks {
    private static final int ID = 32;

    private Tasks() {}

    /** Creates a task and makes ready what waits for nothing; by evaluate a dry run (LEDGER.md, rule 10). */
    static ContractApi.CreatedTask create(Call call, ContractApi.NewTask request) {
        TaskContext old = request.retryOf() == null ? null : ended(call, request.retryOf());
        var digest = request.workflow() == null && old != null ? old.fact().workflow() : request.workflow();
        Workflow workflow = Workflows.load(call, digest);
        requireMayCreate(call, workflow);
        JsonNode arguments = arguments(workflow, request.arguments(), old);
        var binding = request.binding() == null
                ? Bindings.propose(call, workflow, arguments)
                : Bindings.checked(call, workflow, arguments, request.binding());
        if (old != null && !old.fact().workflow().equals(digest)) {
            throw new SelvageException(
                    ErrorCode.REQUEST_INVALID, "A retry runs the same workflow as the task that it continues.");
        }
        var fact = new Facts.TaskFact(
                call.txid().substring(0, ID),
                digest,
                workflow.name(),
                workflow.version(),
                call.caller().party(),
                arguments,
                binding,
                workflow.access().approve().stream().distinct().toList(),
                workflow.access().cancel(),
                request.retryOf(),
                old == null ? Map.of() : Citations.of(old, workflow),
                call.at(),
                call.txid());
        Sizes.check(workflow, fact);
        call.state().put(Keys.task(fact.id()), fact);
        call.tell(new LedgerEvent.Created(fact.id(), digest, workflow.name(), workflow.version(), fact.creator()));
        var task = new TaskContext(call, fact);
        boolean running = fact.approvals().isEmpty();
        List<String> ready = running ? openUnblocked(task, workflow) : List.of();
        return new ContractApi.CreatedTask(
                fact.id(),
                running ? TaskState.RUNNING : TaskState.AWAITING_APPROVAL,
                binding,
                ready,
                call.events().facts());
    }

    private static TaskContext ended(Call call, String id) {
        var task = call.task(id);
        if (task.end() == null) {
            throw new SelvageException(
                    ErrorCode.NOT_READY, Map.of("task", id), "Task " + id + " has not ended: cancel it first.");
        }
        return task;
    }

    private static void requireMayCreate(Call call, Workflow workflow) {
        if (!mayCreate(call, workflow)) {
            throw call.notPermitted(
                    "may not create " + workflow.name() + " " + workflow.version() + ": access.create names "
                            + String.join(", ", workflow.access().create()) + ".");
        }
    }

    static boolean mayCreate(Call call, Workflow workflow) {
        var create = workflow.access().create();
        return create.isEmpty() || create.contains(call.caller().msp());
    }

    private static JsonNode arguments(Workflow workflow, JsonNode given, TaskContext old) {
        boolean none = given == null || given.isNull();
        if (old != null && none) {
            return old.fact().arguments();
        }
        JsonNode complete = Parameters.complete(workflow.parameters(), none ? CanonicalJson.object() : given);
        if (CanonicalJson.bytes(complete).length > Limits.ARGUMENTS) {
            throw new SelvageException(
                    ErrorCode.TOO_LARGE, "The arguments have more than " + Limits.ARGUMENTS + " bytes.");
        }
        if (old != null && !complete.equals(old.fact().arguments())) {
            throw new SelvageException(
                    ErrorCode.ARGUMENT_INVALID,
                    "A retry has the arguments of the task that it continues; leave them out.");
        }
        return complete;
    }

    /** Sub-tasks that pin chain state are left to Advance, so that a change of that state invalidates no creation. */
    private static List<String> openUnblocked(TaskContext task, Workflow workflow) {
        List<String> ready = new ArrayList<>();
        for (String name : unblocked(task.fact(), workflow)) {
            SubTask subTask = workflow.subTasks().get(name);
            var plan = task.plan(name, subTask);
            int nodes = Opening.nodes(plan, Opening.own(task.fact(), name, plan.count()))
                    .size();
            boolean room = ready.size() < Limits.OPENED && task.call().state().left() >= Opening.COST + nodes;
            if (!subTask.pinsState()
                    && room
                    && Opening.open(task, name, subTask, task.fact().at(), Map.of())) {
                ready.add(name);
            }
        }
        return ready;
    }

    /** Sub-tasks that wait for nothing that is still to be computed, in order of their names. */
    static List<String> unblocked(Facts.TaskFact task, Workflow workflow) {
        return citedOnly(task, workflow).openable();
    }

    /** The progress of a task of which nothing has been computed but what it cites. */
    static Progress citedOnly(Facts.TaskFact task, Workflow workflow) {
        return Progress.of(
                workflow.subTasks(),
                name -> {
                    int cited = task.citedCount(name);
                    if (cited == 0) {
                        return Progress.Parts.NONE;
                    }
                    int count = PartPlan.of(workflow.subTasks().get(name), task.binding(), task.arguments())
                            .count();
                    return cited < count ? Progress.Parts.NONE : new Progress.Parts(true, count, count, 0, 0);
                },
                true,
                false);
    }

    static Map<String, String> approve(Call call, ContractApi.TaskAct act) {
        TaskContext task = call.task(act.task());
        String msp = requireApprover(call, task);
        requireRunning(task);
        String key = Keys.approval(task.id(), msp);
        if (call.state().has(key)) {
            throw new SelvageException(ErrorCode.ALREADY_DONE, msp + " has approved the task.");
        }
        call.state().put(key, new Facts.ApprovalFact(task.id(), call.caller().party(), call.at(), call.txid()));
        call.tell(new LedgerEvent.Approval(task.id(), msp));
        return Map.of();
    }

    static Map<String, String> reject(Call call, ContractApi.TaskAct act) {
        TaskContext task = call.task(act.task());
        String msp = requireApprover(call, task);
        requireRunning(task);
        boolean all =
                task.fact().approvals().stream().allMatch(needed -> call.state().has(Keys.approval(task.id(), needed)));
        if (all) {
            throw new SelvageException(
                    ErrorCode.NOT_PERMITTED, "All have approved the task: it runs, and can only be cancelled.");
        }
        Ending.end(task, TaskState.REJECTED, null, reason(act, "Rejected by " + msp + "."));
        return Map.of();
    }

    private static String requireApprover(Call call, TaskContext task) {
        String msp = call.caller().msp();
        if (!task.fact().approvals().contains(msp)) {
            throw call.notPermitted("does not approve this task: "
                    + (task.fact().approvals().isEmpty()
                            ? "it needs no approval."
                            : "it needs " + String.join(", ", task.fact().approvals()) + "."));
        }
        return msp;
    }

    static Map<String, String> cancel(Call call, ContractApi.TaskAct act) {
        TaskContext task = call.task(act.task());
        if (!mayCancel(call, task.fact())) {
            throw call.notPermitted(
                    "may not cancel this task: " + String.join(", ", task.fact().cancel()) + " may.");
        }
        requireRunning(task);
        Ending.end(
                task,
                TaskState.CANCELLED,
                ErrorCode.CANCELLED.name(),
                reason(act, "Cancelled by " + call.caller().party() + "."));
        Ending.closeTodos(task);
        return Map.of();
    }

    static boolean mayCancel(Call call, Facts.TaskFact task) {
        return task.cancel().contains(call.caller().msp())
                || (task.cancel().contains(Workflow.Access.CREATOR)
                        && task.creator().equals(call.caller().party()));
    }

    private static void requireRunning(TaskContext task) {
        var end = task.end();
        if (end != null) {
            throw new SelvageException(
                    ErrorCode.TASK_ENDED,
                    Map.of("state", end.state().toString()),
                    "The task has ended: " + end.state() + ".");
        }
    }

    private static String reason(ContractApi.TaskAct act, String otherwise) {
        if (act.reason() == null || act.reason().isBlank()) {
            return otherwise;
        }
        if (act.reason().length() > Limits.MESSAGE) {
            throw new SelvageException(ErrorCode.TOO_LARGE, "A reason has at most " + Limits.MESSAGE + " characters.");
        }
        return act.reason();
    }
}
