package dev.selvage.chaincode;

import dev.selvage.contract.FunctionTable;
import dev.selvage.contract.Histories;
import dev.selvage.model.ContractApi;

/** The contract's functions by name. */
final class Functions {
    static final FunctionTable<Call> ALL = all();

    private Functions() {}

    private static FunctionTable<Call> all() {
        var all = new FunctionTable<Call>();
        all.text(
                ContractApi.DEPLOY_WORKFLOW,
                (call, text) -> Workflows.deploy(call, FunctionTable.given(Workflows.read(text))));
        all.add(ContractApi.REGISTER_NODE, ContractApi.NodeRegistration.class, Nodes::register);
        all.add(ContractApi.REVOKE_NODE, ContractApi.NodeRevocation.class, Nodes::revoke);
        all.add(ContractApi.UPDATE_NODE_INFO, ContractApi.NodeInfo.class, Nodes::update);
        all.add(ContractApi.CREATE_TASK, ContractApi.NewTask.class, Tasks::create);
        all.add(ContractApi.APPROVE, ContractApi.TaskAct.class, Tasks::approve);
        all.add(ContractApi.REJECT, ContractApi.TaskAct.class, Tasks::reject);
        all.add(ContractApi.CANCEL, ContractApi.TaskAct.class, Tasks::cancel);
        all.add(ContractApi.SUBMIT_RESULTS, ContractApi.Submission.class, Results::submit);
        all.list(ContractApi.ADVANCE, ContractApi.Step.class, Advance::run);
        all.list(ContractApi.EXPIRE, ContractApi.Part.class, Expire::run);
        all.add(ContractApi.GET_WORKFLOW, ContractApi.WorkflowQuery.class, Workflows::get);
        all.add(ContractApi.LIST_WORKFLOWS, ContractApi.Page.class, Workflows::list);
        all.add(ContractApi.LIST_NODES, ContractApi.Page.class, Bindings::list);
        all.add(ContractApi.PROPOSE_BINDING, ContractApi.RoleQuery.class, Bindings::propose);
        all.add(ContractApi.GET_TASK, ContractApi.TaskQuery.class, TaskViews::get);
        all.add(ContractApi.LIST_TASKS, ContractApi.Page.class, Queries::tasks);
        all.add(ContractApi.GET_TODO, ContractApi.TodoQuery.class, Queries::todo);
        all.add(ContractApi.GET_RESULTS, ContractApi.SubTaskQuery.class, Queries::results);
        all.add(ContractApi.GET_DONE, ContractApi.SubTaskQuery.class, Queries::done);
        all.add(ContractApi.GET_RESULT, ContractApi.Part.class, Queries::result);
        all.add(ContractApi.GET_READY, ContractApi.SubTaskQuery.class, Queries::ready);
        all.add(ContractApi.GET_PINNED, ContractApi.PinnedQuery.class, Queries::pinned);
        all.add(ContractApi.GET_OUTPUT, ContractApi.OutputQuery.class, Queries::output);
        all.add(
                ContractApi.GET_HISTORY,
                ContractApi.KeyQuery.class,
                (call, query) -> Histories.of(call.state(), query));
        all.add(ContractApi.PERMISSIONS, ContractApi.PermissionQuery.class, Queries::permissions);
        words(all);
        return all;
    }

    /** What people call by the peer command (docs/peer-cli.md). */
    private static void words(FunctionTable<Call> all) {
        all.words(ContractApi.CREATE_TASK, (call, words) -> Tasks.create(call, PlainWords.newTask(call, words)));
        all.words(ContractApi.APPROVE, (call, words) -> Tasks.approve(call, PlainWords.act(words)));
        all.words(ContractApi.REJECT, (call, words) -> Tasks.reject(call, PlainWords.act(words)));
        all.words(ContractApi.CANCEL, (call, words) -> Tasks.cancel(call, PlainWords.act(words)));
        all.words(ContractApi.GET_WORKFLOW, (call, words) -> Workflows.get(call, PlainWords.workflow(words)));
        all.words(ContractApi.GET_TASK, (call, words) -> TaskViews.get(call, PlainWords.task(words)));
        all.words(ContractApi.GET_RESULTS, (call, words) -> Queries.results(call, PlainWords.subTask(words)));
        all.words(ContractApi.GET_DONE, (call, words) -> Queries.done(call, PlainWords.subTask(words)));
        all.words(ContractApi.GET_OUTPUT, (call, words) -> Queries.output(call, PlainWords.output(words)));
        all.words(ContractApi.GET_HISTORY, (call, words) -> Histories.of(call.state(), PlainWords.key(words)));
        all.words(ContractApi.PERMISSIONS, (call, words) -> Queries.permissions(call, PlainWords.permission(words)));
    }
}
