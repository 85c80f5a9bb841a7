package dev.selvage.chaincode;

import dev.selvage.model.CanonicalJson;
import dev.selvage.model.ContractApi;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.Limits;
import dev.selvage.model.SelvageException;
import dev.selvage.model.Suggestion;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;

/** The contract's functions by name: each takes one JSON text and answers with a value that becomes JSON. */
final class Functions {
    private static final Map<String, BiFunction<Call, String, Object>> ALL = all();

    private Functions() {}

    private static Map<String, BiFunction<Call, String, Object>> all() {
        Map<String, BiFunction<Call, String, Object>> all = new TreeMap<>();
        all.put(ContractApi.DEPLOY_WORKFLOW, (call, text) -> Workflows.deploy(call, given(Workflows.read(text))));
        add(all, ContractApi.REGISTER_NODE, ContractApi.NodeRegistration.class, Nodes::register);
        add(all, ContractApi.REVOKE_NODE, ContractApi.NodeRevocation.class, Nodes::revoke);
        add(all, ContractApi.UPDATE_NODE_INFO, ContractApi.NodeInfo.class, Nodes::update);
        add(all, ContractApi.CREATE_TASK, ContractApi.NewTask.class, Tasks::create);
        add(all, ContractApi.APPROVE, ContractApi.TaskAct.class, Tasks::approve);
        add(all, ContractApi.REJECT, ContractApi.TaskAct.class, Tasks::reject);
        add(all, ContractApi.CANCEL, ContractApi.TaskAct.class, Tasks::cancel);
        add(all, ContractApi.SUBMIT_RESULTS, ContractApi.Submission.class, Results::submit);
        addList(all, ContractApi.ADVANCE, ContractApi.Step.class, Advance::run);
        addList(all, ContractApi.EXPIRE, ContractApi.Part.class, Expire::run);
        add(all, ContractApi.GET_WORKFLOW, ContractApi.WorkflowQuery.class, Workflows::get);
        add(all, ContractApi.LIST_WORKFLOWS, ContractApi.Page.class, Workflows::list);
        add(all, ContractApi.LIST_NODES, ContractApi.Page.class, Bindings::list);
        add(all, ContractApi.PROPOSE_BINDING, ContractApi.RoleQuery.class, Bindings::propose);
        add(all, ContractApi.GET_TASK, ContractApi.TaskQuery.class, TaskViews::get);
        add(all, ContractApi.LIST_TASKS, ContractApi.Page.class, Queries::tasks);
        add(all, ContractApi.GET_TODO, ContractApi.TodoQuery.class, Queries::todo);
        add(all, ContractApi.GET_RESULTS, ContractApi.SubTaskQuery.class, Queries::results);
        add(all, ContractApi.GET_DONE, ContractApi.SubTaskQuery.class, Queries::done);
        add(all, ContractApi.GET_RESULT, ContractApi.Part.class, Queries::result);
        add(all, ContractApi.GET_READY, ContractApi.SubTaskQuery.class, Queries::ready);
        add(all, ContractApi.GET_PINNED, ContractApi.PinnedQuery.class, Queries::pinned);
        add(all, ContractApi.GET_OUTPUT, ContractApi.OutputQuery.class, Queries::output);
        add(all, ContractApi.GET_HISTORY, ContractApi.KeyQuery.class, Queries::history);
        add(all, ContractApi.PERMISSIONS, ContractApi.PermissionQuery.class, Queries::permissions);
        return Collections.unmodifiableMap(all);
    }

    private static <T> void add(
            Map<String, BiFunction<Call, String, Object>> all,
            String name,
            Class<T> request,
            BiFunction<Call, T, Object> function) {
        all.put(name, (call, text) -> function.apply(call, given(CanonicalJson.read(text, request))));
    }

    private static <T> void addList(
            Map<String, BiFunction<Call, String, Object>> all,
            String name,
            Class<T> element,
            BiFunction<Call, List<T>, Object> function) {
        all.put(name, (call, text) -> {
            List<T> elements = given(CanonicalJson.readList(text, element));
            elements.forEach(Functions::given);
            return function.apply(call, elements);
        });
    }

    private static <T> T given(T request) {
        if (request == null) {
            throw new SelvageException(ErrorCode.REQUEST_INVALID, "The request, or a part of it, is null.");
        }
        return request;
    }

    /** Runs a function. */
    static Object run(Call call, String name, List<String> arguments) {
        var function = ALL.get(name);
        if (function == null) {
            throw new SelvageException(
                    ErrorCode.REQUEST_INVALID,
                    "The contract has no function \"" + name + "\"" + Suggestion.among(name, ALL.keySet()) + ".");
        }
        if (arguments.size() > 1) {
            throw new SelvageException(
                    ErrorCode.REQUEST_INVALID,
                    name + " takes one argument, a JSON text, not " + arguments.size() + ".");
        }
        String text = arguments.isEmpty() ? "{}" : arguments.get(0);
        if (text.length() > Limits.REQUEST) {
            throw new SelvageException(
                    ErrorCode.TOO_LARGE, "The request has more than " + Limits.REQUEST + " characters.");
        }
        return function.apply(call, text);
    }
}
