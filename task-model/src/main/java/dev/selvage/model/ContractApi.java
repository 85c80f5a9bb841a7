package dev.selvage.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;

/**
 * The functions of the off-chain-compute contract with the records of their arguments and answers. Every argument is one JSON text (canonical
 * on the way out); every answer is JSON. Faults are {@link SelvageException} in wire form.
 */
public final class ContractApi {
    /** The chaincode's usual name. */
    public static final String CHAINCODE = "off-chain-compute";

    // write
    /** {@link Deployment} -> {@link Deployed}. Deploying the same bytes again is answered alike and changes nothing. */
    public static final String DEPLOY_WORKFLOW = "DeployWorkflow";
    /** {@link NodeRegistration} -> "{}". By an admin of the node's organisation. */
    public static final String REGISTER_NODE = "RegisterNode";
    /** {@link NodeRevocation} -> "{}". By an admin of the node's organisation. */
    public static final String REVOKE_NODE = "RevokeNode";
    /** {@link NodeInfo} -> "{}". By the node itself. */
    public static final String UPDATE_NODE_INFO = "UpdateNodeInfo";
    /** {@link NewTask} -> {@link CreatedTask}. By evaluate a dry run (rule 10). */
    public static final String CREATE_TASK = "CreateTask";
    /** {@link TaskAct} -> "{}". By a member of an organisation that must approve. */
    public static final String APPROVE = "Approve";
    /** {@link TaskAct} -> "{}". By a member of an organisation that must approve; ends the task. */
    public static final String REJECT = "Reject";
    /** {@link TaskAct} -> "{}". By whom access.cancel names. */
    public static final String CANCEL = "Cancel";
    /** {@link Submission} -> {@link Verdicts}. By the node that the parts name. */
    public static final String SUBMIT_RESULTS = "SubmitResults";
    /** list of {@link Step} -> list of {@link StepDone}. By any member: each step only writes what the facts imply (rule 3). */
    public static final String ADVANCE = "Advance";
    /** list of {@link Part} -> list of {@link StepDone}. By any member, after the deadline (rule 8). */
    public static final String EXPIRE = "Expire";

    // read
    /** {@link WorkflowQuery} -> {@link Deployment}: the very files that were deployed. */
    public static final String GET_WORKFLOW = "GetWorkflow";
    /** {@link Page} -> {@link Listed} of {@link Deployed}. */
    public static final String LIST_WORKFLOWS = "ListWorkflows";
    /** {@link Page} -> {@link Listed} of {@link NodeView}. */
    public static final String LIST_NODES = "ListNodes";
    /** {@link RoleQuery} -> {@link Binding}: a proposal that CreateTask will accept. */
    public static final String PROPOSE_BINDING = "ProposeBinding";
    /** {@link TaskQuery} -> {@link TaskView}. */
    public static final String GET_TASK = "GetTask";
    /** {@link Page} -> {@link Listed} of {@link TaskSummary}; keys hold no order in time. */
    public static final String LIST_TASKS = "ListTasks";
    /** {@link TodoQuery} -> {@link Listed} of {@link Facts.TodoFact}. */
    public static final String GET_TODO = "GetTodo";
    /** {@link SubTaskQuery} -> {@link Listed} of {@link Facts.ResultFact}, all attempts. */
    public static final String GET_RESULTS = "GetResults";
    /** {@link SubTaskQuery} -> {@link Listed} of {@link DonePart} in order of the index. */
    public static final String GET_DONE = "GetDone";
    /** {@link Part} -> {@link Facts.ResultFact}, or "null" when there is none. */
    public static final String GET_RESULT = "GetResult";
    /** {@link SubTaskQuery} -> {@link Listed} of {@link Facts.ReadyFact}. */
    public static final String GET_READY = "GetReady";
    /** {@link PinnedQuery} -> {@link Bytes}: a pinned state input. */
    public static final String GET_PINNED = "GetPinned";
    /** {@link OutputQuery} -> {@link Bytes}: an output kept on the ledger. */
    public static final String GET_OUTPUT = "GetOutput";
    /** {@link KeyQuery} -> list of {@link Change}, newest first. */
    public static final String GET_HISTORY = "GetHistory";
    /** {@link PermissionQuery} -> {@link Permitted}: what the caller may do (rule 10). */
    public static final String PERMISSIONS = "Permissions";

    private ContractApi() {}

    /** A workflow and the operations that it names, in any order. */
    public record Deployment(Workflow workflow, List<Operation> operations) {
        public Deployment {
            operations = operations == null ? List.of() : List.copyOf(operations);
        }
    }

    public record Deployed(String name, String version, Digest digest, String owner, Long at, String txid) {}

    /**
     * A node's key.
     *
     * @param certificate PEM of the node's signing certificate, issued by the organisation
     */
    public record NodeRegistration(String node, String certificate) {}

    public record NodeRevocation(String node, Digest spki) {}

    public record NodeInfo(String node, String endpoint, Map<String, Digest> operations, SubTask.Requirement capacity) {
        public NodeInfo {
            operations = Workflow.sorted(operations);
        }
    }

    /**
     * A task to create.
     *
     * @param binding null to let the contract propose it (its reads then guard the transaction)
     * @param retryOf an ended task whose accepted results are cited instead of computed again; null for a fresh task
     */
    public record NewTask(Digest workflow, JsonNode arguments, Binding binding, String retryOf) {}

    /**
     * A task as it was created, or would be.
     *
     * @param ready sub-tasks that may run at once; those that pin chain state are left to Advance
     * @param facts what the channel is told
     */
    public record CreatedTask(
            String task, TaskState state, Binding binding, List<String> ready, List<LedgerEvent.Entry> facts) {
        public CreatedTask {
            ready = ready == null ? List.of() : List.copyOf(ready);
            facts = facts == null ? List.of() : List.copyOf(facts);
        }
    }

    public record TaskAct(String task, String reason) {}

    /** Results of one node, of one task or several (rule 7). */
    public record Submission(String node, List<ResultItem> results) {
        public Submission {
            results = List.copyOf(results);
        }
    }

    /**
     * One result.
     *
     * @param failure null for a success
     * @param onLedger text or base64 bytes of the outputs that go on the ledger, by output
     * @param opens dependents whose other inputs the node has seen done (rule 2)
     */
    public record ResultItem(
            String task,
            String subTask,
            int index,
            int attempt,
            String role,
            Map<String, Facts.OutputFact> outputs,
            Map<String, byte[]> onLedger,
            Failure failure,
            Facts.EngineId engine,
            Map<String, Facts.PinnedRead> reads,
            List<Facts.EvidenceFact> evidence,
            Map<String, Long> measures,
            List<String> opens) {
        public ResultItem {
            outputs = Workflow.sorted(outputs);
            onLedger = Workflow.sorted(onLedger);
            reads = Workflow.sorted(reads);
            evidence = evidence == null ? List.of() : List.copyOf(evidence);
            measures = Workflow.sorted(measures);
            opens = opens == null ? List.of() : List.copyOf(opens);
        }

        /** The same result, naming dependents that it opens. */
        public ResultItem opening(List<String> opened) {
            return new ResultItem(
                    task, subTask, index, attempt, role, outputs, onLedger, failure, engine, reads, evidence, measures,
                    opened);
        }
    }

    /** What became of each item, in the order of the submission. */
    public record Verdicts(List<ItemVerdict> items) {
        public Verdicts {
            items = items == null ? List.of() : List.copyOf(items);
        }
    }

    /**
     * What became of one item.
     *
     * @param opened sub-tasks that this item made ready
     * @param end whether it ended the task
     */
    public record ItemVerdict(Verdict verdict, List<String> opened, boolean end) {
        public ItemVerdict {
            opened = opened == null ? List.of() : List.copyOf(opened);
        }
    }

    /** What the contract made of a result. */
    public enum Verdict {
        ACCEPTED,
        /** The same result was there already. */
        ADOPTED,
        /** A different result was there already. */
        CONFLICT,
        /** The task had ended. */
        ENDED
    }

    /** What Advance can do. */
    public enum StepKind {
        /** Start a task whose approvals are complete. */
        @JsonProperty("start")
        START,
        /** Make a sub-task ready whose dependencies are done. */
        @JsonProperty("open")
        OPEN,
        /** Open the next attempt of a part whose attempt failed. */
        @JsonProperty("retry")
        RETRY,
        /** End a task whose sub-tasks are all resolved. */
        @JsonProperty("end")
        END
    }

    /**
     * A step to take.
     *
     * @param subTask of open and retry
     * @param index of retry
     * @param attempt of retry: the one that failed
     */
    public record Step(StepKind kind, String task, String subTask, Integer index, Integer attempt) {
        public static Step start(String task) {
            return new Step(StepKind.START, task, null, null, null);
        }

        public static Step open(String task, String subTask) {
            return new Step(StepKind.OPEN, task, subTask, null, null);
        }

        public static Step retry(String task, String subTask, int index, int failedAttempt) {
            return new Step(StepKind.RETRY, task, subTask, index, failedAttempt);
        }

        public static Step end(String task) {
            return new Step(StepKind.END, task, null, null, null);
        }
    }

    /** Whether a step changed something, or had been done before (which is success). */
    public record StepDone(boolean changed) {}

    public record Part(String task, String subTask, int index, int attempt, String role) {}

    /** By digest, or by name and version (null for the latest). */
    public record WorkflowQuery(Digest digest, String name, String version) {}

    /**
     * Which part of a long answer is wanted.
     *
     * @param bookmark of the page before; null for the first
     * @param size at most {@link Limits#PAGE}
     */
    public record Page(String bookmark, Integer size) {}

    /**
     * A page of an answer.
     *
     * @param bookmark of the next page; null when this is the last
     */
    public record Listed<T>(List<T> items, String bookmark) {
        public Listed {
            items = items == null ? List.of() : List.copyOf(items);
        }
    }

    public record NodeView(NodeId node, List<Digest> keys, List<Digest> revoked, Facts.NodeInfoFact info) {
        public NodeView {
            keys = keys == null ? List.of() : List.copyOf(keys);
            revoked = revoked == null ? List.of() : List.copyOf(revoked);
        }
    }

    public record RoleQuery(Digest workflow, JsonNode arguments) {}

    public record TaskQuery(String task) {}

    public record SubTaskQuery(String task, String subTask, Page page) {}

    public record TodoQuery(NodeId node, Page page) {}

    public record PinnedQuery(String task, String subTask, String input) {}

    public record OutputQuery(String task, String subTask, int index, String output) {}

    /**
     * Whose history is wanted.
     *
     * @param key a key of {@link Keys}
     */
    public record KeyQuery(String key) {}

    /** Bytes of the ledger; base64 in JSON. */
    public record Bytes(byte[] bytes) {}

    public record DonePart(int index, Facts.DoneFact done) {}

    public record Change(String txid, long at, boolean deleted, JsonNode value) {}

    /** One of the two. */
    public record PermissionQuery(String task, Digest workflow) {}

    /** The caller, and which of create, approve, reject, cancel, retry it may do. */
    public record Permitted(Facts.Party caller, List<String> may) {
        public Permitted {
            may = may == null ? List.of() : List.copyOf(may);
        }
    }

    public record TaskSummary(
            String task, Digest workflow, String name, String version, Facts.Party creator, TaskState state, long at) {}

    /**
     * A task with its derived state.
     *
     * @param subTasks by name
     * @param end null while it runs
     * @param next steps that Advance could take now
     */
    public record TaskView(
            Facts.TaskFact task,
            TaskState state,
            List<Facts.ApprovalFact> approvals,
            Map<String, SubTaskView> subTasks,
            Facts.EndFact end,
            List<Step> next) {
        public TaskView {
            approvals = approvals == null ? List.of() : List.copyOf(approvals);
            subTasks = Workflow.sorted(subTasks);
            next = next == null ? List.of() : List.copyOf(next);
        }
    }

    public record SubTaskView(SubTaskState state, Progress.Parts parts, Long readyAt) {}
}
