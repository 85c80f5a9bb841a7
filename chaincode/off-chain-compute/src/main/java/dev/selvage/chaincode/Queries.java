package dev.selvage.chaincode;

import dev.selvage.contract.Paging;
import dev.selvage.model.ContractApi;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.Facts;
import dev.selvage.model.Keys;
import dev.selvage.model.Limits;
import dev.selvage.model.Names;
import dev.selvage.model.SelvageException;
import dev.selvage.model.TaskState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What can be asked about tasks and their facts. Nothing here writes. */
final class Queries {
    /** Tasks in a page: each takes up to two further reads for its state. */
    private static final int TASKS = 40;

    private Queries() {}

    static ContractApi.Listed<ContractApi.TaskSummary> tasks(Call call, ContractApi.Page page) {
        return Paging.of(page, TASKS).list(call.state(), "task/", row -> {
            var task = row.as(Facts.TaskFact.class);
            return new ContractApi.TaskSummary(
                    task.id(),
                    task.workflow(),
                    task.name(),
                    task.version(),
                    task.creator(),
                    state(call, task),
                    task.at());
        });
    }

    static TaskState state(Call call, Facts.TaskFact task) {
        var end = call.state().get(Keys.end(task.id()), Facts.EndFact.class);
        if (end != null) {
            return end.state();
        }
        boolean approved = task.approvals().isEmpty()
                || call.state().range(Keys.approvals(task.id())).size()
                        == task.approvals().size();
        return approved ? TaskState.RUNNING : TaskState.AWAITING_APPROVAL;
    }

    /** What a node has to do, without what belongs to ended tasks. */
    static ContractApi.Listed<Facts.TodoFact> todo(Call call, ContractApi.TodoQuery query) {
        if (query.node() == null) {
            throw new SelvageException(ErrorCode.REQUEST_INVALID, "A todo list is a node's.");
        }
        return Paging.of(query.page(), Limits.PAGE).list(call.state(), Keys.todos(query.node()), row -> {
            var todo = row.as(Facts.TodoFact.class);
            return call.state().has(Keys.end(todo.task())) ? null : todo;
        });
    }

    static ContractApi.Listed<Facts.ResultFact> results(Call call, ContractApi.SubTaskQuery query) {
        return Paging.of(query.page(), Limits.PAGE)
                .list(call.state(), Keys.results(query.task(), query.subTask()), row -> row.as(Facts.ResultFact.class));
    }

    static ContractApi.Listed<Facts.ReadyFact> ready(Call call, ContractApi.SubTaskQuery query) {
        return Paging.of(query.page(), Limits.PAGE)
                .list(call.state(), Keys.readies(query.task(), query.subTask()), row -> row.as(Facts.ReadyFact.class));
    }

    /** Done parts in order of the index, those cited from earlier tasks among them. The bookmark is the next index. */
    static ContractApi.Listed<ContractApi.DonePart> done(Call call, ContractApi.SubTaskQuery query) {
        TaskContext task = call.task(query.task());
        Names.component("The sub-task", query.subTask());
        Paging paging = Paging.of(query.page(), Limits.PAGE);
        int from = paging.after() == null ? 0 : index(paging.after());
        List<ContractApi.DonePart> found =
                new ArrayList<>(dones(call, task.id(), query.subTask(), from, Limits.PARTS, paging.size() + 1));
        for (Facts.Citation citation : task.fact().cited().getOrDefault(query.subTask(), List.of())) {
            int end = citation.parts().first() + citation.parts().count();
            if (end > from && citation.parts().first() < from + found.size() + paging.size() + 1) {
                int first = Math.max(from, citation.parts().first());
                found.addAll(dones(call, citation.task(), query.subTask(), first, end, paging.size() + 1));
            }
        }
        found.sort(Comparator.comparingInt(ContractApi.DonePart::index));
        if (found.size() <= paging.size()) {
            return new ContractApi.Listed<>(found, null);
        }
        return new ContractApi.Listed<>(
                List.copyOf(found.subList(0, paging.size())),
                Integer.toString(found.get(paging.size()).index()));
    }

    private static List<ContractApi.DonePart> dones(
            Call call, String task, String subTask, int from, int end, int limit) {
        String prefix = Keys.dones(task, subTask);
        if (from >= end) {
            return List.of();
        }
        return call.state().rangeFrom(prefix, Keys.done(task, subTask, from), Math.min(limit, end - from)).stream()
                .map(row -> new ContractApi.DonePart(
                        Integer.parseInt(row.key().substring(prefix.length())), row.as(Facts.DoneFact.class)))
                .filter(part -> part.index() < end)
                .toList();
    }

    private static int index(String bookmark) {
        try {
            int index = Integer.parseInt(bookmark);
            if (index >= 0 && index < Limits.PARTS) {
                return index;
            }
        } catch (NumberFormatException e) {
            // answered below
        }
        throw new SelvageException(ErrorCode.REQUEST_INVALID, "The bookmark is not one of this list.");
    }

    /** The accepted result of an attempt; null when there is none. */
    static Facts.ResultFact result(Call call, ContractApi.Part part) {
        return call.state()
                .get(
                        Keys.result(part.task(), part.subTask(), part.index(), part.attempt(), part.role()),
                        Facts.ResultFact.class);
    }

    static ContractApi.Bytes pinned(Call call, ContractApi.PinnedQuery query) {
        return bytes(call, Keys.pinned(query.task(), query.subTask(), query.input()));
    }

    /** An output that stands on the ledger, of this task or of the earlier one that holds the part. */
    static ContractApi.Bytes output(Call call, ContractApi.OutputQuery query) {
        TaskContext task = call.task(query.task());
        Names.component("The sub-task", query.subTask());
        String cited = task.fact().citedTask(query.subTask(), query.index());
        return bytes(
                call, Keys.output(cited == null ? task.id() : cited, query.subTask(), query.index(), query.output()));
    }

    private static ContractApi.Bytes bytes(Call call, String key) {
        byte[] bytes = call.state().bytes(key);
        if (bytes == null) {
            throw new SelvageException(
                    ErrorCode.RESULT_UNKNOWN, java.util.Map.of("key", key), "Nothing is on the ledger under " + key);
        }
        return new ContractApi.Bytes(bytes);
    }

    static ContractApi.Permitted permissions(Call call, ContractApi.PermissionQuery query) {
        List<String> may = new ArrayList<>();
        if (query.task() == null) {
            if (Tasks.mayCreate(call, Workflows.load(call, query.workflow()))) {
                may.add("create");
            }
            return new ContractApi.Permitted(call.caller().party(), may);
        }
        TaskContext task = call.task(query.task());
        if (task.end() != null) {
            if (Tasks.mayCreate(call, task.workflow())) {
                may.add("retry");
            }
            return new ContractApi.Permitted(call.caller().party(), may);
        }
        String msp = call.caller().msp();
        if (task.fact().approvals().contains(msp) && state(call, task.fact()) == TaskState.AWAITING_APPROVAL) {
            if (!call.state().has(Keys.approval(task.id(), msp))) {
                may.add("approve");
            }
            may.add("reject");
        }
        if (Tasks.mayCancel(call, task.fact())) {
            may.add("cancel");
        }
        return new ContractApi.Permitted(call.caller().party(), may);
    }
}
