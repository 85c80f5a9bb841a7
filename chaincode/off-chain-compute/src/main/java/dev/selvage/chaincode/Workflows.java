package dev.selvage.chaincode;

import com.fasterxml.jackson.databind.JsonNode;
import dev.selvage.contract.Paging;
import dev.selvage.model.CanonicalJson;
import dev.selvage.model.ContractApi;
import dev.selvage.model.Digest;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.Facts;
import dev.selvage.model.Graph;
import dev.selvage.model.Keys;
import dev.selvage.model.Limits;
import dev.selvage.model.Operation;
import dev.selvage.model.Problem;
import dev.selvage.model.SelvageException;
import dev.selvage.model.SubTask;
import dev.selvage.model.Workflow;
import dev.selvage.model.WorkflowRules;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Deployment: an immutable workflow version with its operations. */
final class Workflows {
    private Workflows() {}

    /** Reads a deployment; what this version does not have is told from what is wrong. */
    static ContractApi.Deployment read(String text) {
        JsonNode tree = CanonicalJson.parse(text);
        Problem.refuseAny(ErrorCode.NOT_SUPPORTED, Reserved.problems(tree.path("workflow")));
        return CanonicalJson.bind(tree, ContractApi.Deployment.class);
    }

    /** Deploys; the same bytes again change nothing. */
    static ContractApi.Deployed deploy(Call call, ContractApi.Deployment deployment) {
        Workflow workflow = deployment.workflow();
        if (workflow == null) {
            throw new SelvageException(ErrorCode.REQUEST_INVALID, "A deployment has a workflow.");
        }
        check(workflow, deployment.operations());
        Digest digest = workflow.digest();
        var state = call.state();
        String nameKey = Keys.workflowName(workflow.name(), workflow.version());
        var there = state.get(nameKey, ContractApi.Deployed.class);
        if (there != null) {
            return same(there, digest);
        }
        claimName(call, workflow.name());
        state.put(Keys.workflow(digest), workflow);
        facts(workflow).forEach((name, fact) -> state.put(Keys.workflowSubTask(digest, name), fact));
        deployment.operations().forEach(operation -> state.put(Keys.operation(operation.digest()), operation));
        var deployed = new ContractApi.Deployed(
                workflow.name(), workflow.version(), digest, call.caller().msp(), call.at(), call.txid());
        state.put(nameKey, deployed);
        return deployed;
    }

    private static void check(Workflow workflow, List<Operation> operations) {
        Map<String, Operation> byId = new TreeMap<>();
        for (Operation operation : operations) {
            if (operation.operation() == null) {
                throw new SelvageException(ErrorCode.OPERATION_INVALID, "An operation has an id.");
            }
            if (byId.put(operation.operation(), operation) != null
                    || !workflow.operations().containsKey(operation.operation())) {
                throw new SelvageException(
                        ErrorCode.WORKFLOW_INVALID,
                        "The deployment has operation " + operation.operation()
                                + " twice, or the workflow does not name it.");
            }
            tooLarge("Operation " + operation.operation(), CanonicalJson.bytes(operation).length, Limits.OPERATION);
        }
        tooLarge("The workflow", CanonicalJson.bytes(workflow).length, Limits.WORKFLOW);
        var problems = new java.util.ArrayList<>(WorkflowRules.problems(workflow));
        problems.addAll(WorkflowRules.problems(workflow, byId));
        Problem.refuseAny(ErrorCode.WORKFLOW_INVALID, problems);
    }

    private static void tooLarge(String what, int size, int limit) {
        if (size > limit) {
            throw new SelvageException(
                    ErrorCode.TOO_LARGE, what + " has " + size + " bytes; at most " + limit + " go on the ledger.");
        }
    }

    private static ContractApi.Deployed same(ContractApi.Deployed there, Digest digest) {
        if (there.digest().equals(digest)) {
            return there;
        }
        throw new SelvageException(
                ErrorCode.VERSION_TAKEN,
                Map.of("digest", there.digest().hex()),
                there.name() + " " + there.version() + " is on the ledger with digest "
                        + there.digest().shortForm() + "..., your file has " + digest.shortForm() + "....");
    }

    private static void claimName(Call call, String name) {
        String key = Keys.workflowOwner(name);
        var owner = call.state().get(key, String.class);
        if (owner == null) {
            call.state().put(key, call.caller().msp());
        } else if (!owner.equals(call.caller().msp())) {
            throw new SelvageException(
                    ErrorCode.NAME_TAKEN,
                    Map.of("owner", owner),
                    "The name " + name + " belongs to " + owner + ", which deployed it first.");
        }
    }

    /** What is kept of each sub-task beside the workflow. */
    static Map<String, Facts.SubTaskFact> facts(Workflow workflow) {
        Graph graph = Graph.of(workflow.subTasks());
        boolean plain = workflow.subTasks().values().stream().allMatch(s -> s.runIf() == SubTask.RunIf.SUCCESS);
        List<String> leaves = graph.leaves();
        Map<String, Facts.SubTaskFact> facts = new TreeMap<>();
        workflow.subTasks().forEach((name, subTask) -> {
            var dependents = graph.dependents(name).stream()
                    .map(dependent -> dependent(workflow, graph, dependent))
                    .toList();
            boolean endsTask = plain && subTask.forEach() == null && leaves.equals(List.of(name));
            facts.put(
                    name,
                    new Facts.SubTaskFact(name, subTask, List.copyOf(graph.dependencies(name)), dependents, endsTask));
        });
        return facts;
    }

    private static Facts.Dependent dependent(Workflow workflow, Graph graph, String name) {
        SubTask subTask = workflow.subTasks().get(name);
        var dependencies = graph.dependencies(name);
        boolean byResult = !subTask.pinsState()
                && dependencies.stream()
                        .allMatch(need -> workflow.subTasks().get(need).forEach() == null);
        return new Facts.Dependent(name, List.copyOf(dependencies), subTask.runIf(), byResult);
    }

    /**
     * A deployed workflow.
     *
     * @throws SelvageException WORKFLOW_UNKNOWN
     */
    static Workflow load(Call call, Digest digest) {
        var workflow = digest == null ? null : call.state().get(Keys.workflow(digest), Workflow.class);
        if (workflow == null) {
            throw new SelvageException(
                    ErrorCode.WORKFLOW_UNKNOWN, "No workflow with the digest " + digest + " is on the ledger.");
        }
        return workflow;
    }

    /** The workflow's files as they were deployed. */
    static ContractApi.Deployment get(Call call, ContractApi.WorkflowQuery query) {
        Digest digest = query.digest() == null ? named(call, query.name(), query.version()) : query.digest();
        Workflow workflow = load(call, digest);
        var operations = workflow.operations().values().stream()
                .distinct()
                .map(operation -> call.state().get(Keys.operation(operation), Operation.class))
                .toList();
        return new ContractApi.Deployment(workflow, operations);
    }

    /** The digest of a deployed workflow; null for the version means the latest. */
    static Digest named(Call call, String name, String version) {
        ContractApi.Deployed found = null;
        if (version != null) {
            found = call.state().get(Keys.workflowName(name, version), ContractApi.Deployed.class);
        } else {
            for (var row : call.state().range(Keys.workflowNames(name))) {
                var deployed = row.as(ContractApi.Deployed.class);
                if (found == null || later(deployed, found)) {
                    found = deployed;
                }
            }
        }
        if (found == null) {
            throw new SelvageException(
                    ErrorCode.WORKFLOW_UNKNOWN,
                    "No workflow " + name + (version == null ? "" : " " + version) + " is on the ledger.");
        }
        return found.digest();
    }

    private static boolean later(ContractApi.Deployed one, ContractApi.Deployed other) {
        return one.at() > other.at()
                || (one.at().equals(other.at()) && one.txid().compareTo(other.txid()) > 0);
    }

    /** All deployed versions, in order of name and version. */
    static ContractApi.Listed<ContractApi.Deployed> list(Call call, ContractApi.Page page) {
        return Paging.of(page, Limits.PAGE)
                .list(call.state(), "workflowName/", row -> row.as(ContractApi.Deployed.class));
    }
}
