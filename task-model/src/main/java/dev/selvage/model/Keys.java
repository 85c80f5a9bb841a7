package dev.selvage.model;

/**
 * The keys of the contract's facts (LEDGER.md, "Keys"): simple strings joined by "/", indexes padded to six digits so that their
 * order as text is their order as numbers.
 */
public final class Keys {
    private Keys() {}

    public static String workflow(Digest workflow) {
        return "workflow/" + workflow;
    }

    public static String workflowSubTask(Digest workflow, String subTask) {
        return "workflow/" + workflow + "/" + Names.component("The sub-task", subTask);
    }

    public static String operation(Digest operation) {
        return "operation/" + operation;
    }

    public static String workflowName(String name, String version) {
        return workflowNames(name) + Names.component("The version", version);
    }

    /** The prefix of all versions of a name. */
    public static String workflowNames(String name) {
        return "workflowName/" + Names.component("The workflow", name) + "/";
    }

    /** Whose a workflow's name is: the MSP that deployed it first. */
    public static String workflowOwner(String name) {
        return "workflowOwner/" + Names.component("The workflow", name);
    }

    public static String nodeKey(NodeId node, Digest spki) {
        return nodeKeys(node) + spki;
    }

    /** The prefix of all keys of a node. */
    public static String nodeKeys(NodeId node) {
        return "nodeKey/" + node + "/";
    }

    public static String revoked(NodeId node, Digest spki) {
        return "revoked/" + node + "/" + spki;
    }

    public static String nodeInfo(NodeId node) {
        return "nodeInfo/" + node;
    }

    public static String task(String task) {
        return "task/" + Names.taskId(task);
    }

    public static String approval(String task, String msp) {
        return approvals(task) + Names.component("The MSP", msp);
    }

    /** The prefix of all first and later attempts of a sub-task. */
    public static String readies(String task, String subTask) {
        return "ready/" + Names.taskId(task) + "/" + Names.component("The sub-task", subTask) + "/";
    }

    /** The prefix of all done parts of a task. */
    public static String dones(String task) {
        return "done/" + Names.taskId(task) + "/";
    }

    /** The prefix of all approvals of a task. */
    public static String approvals(String task) {
        return "approval/" + Names.taskId(task) + "/";
    }

    /** The first attempt of all parts of a sub-task. */
    public static String ready(String task, String subTask) {
        return "ready/" + Names.taskId(task) + "/" + Names.component("The sub-task", subTask) + "/1";
    }

    /** A later attempt of one part. */
    public static String ready(String task, String subTask, int attempt, int index) {
        return "ready/" + Names.taskId(task) + "/" + Names.component("The sub-task", subTask) + "/" + attempt(attempt)
                + "/" + index(index);
    }

    /** What a node has to do of a sub-task's first attempt. */
    public static String todo(NodeId node, String task, String subTask) {
        return todos(node) + Names.taskId(task) + "/" + Names.component("The sub-task", subTask);
    }

    /** A later attempt of one part that a node has to do. */
    public static String todo(NodeId node, String task, String subTask, int attempt, int index) {
        return todo(node, task, subTask) + "/" + attempt(attempt) + "/" + index(index);
    }

    /** The prefix of all that a node has to do. */
    public static String todos(NodeId node) {
        return "todo/" + node + "/";
    }

    public static String result(String task, String subTask, int index, int attempt, String role) {
        return results(task, subTask) + index(index) + "/" + attempt(attempt) + "/" + Names.component("The role", role);
    }

    /**
     * The part whose result a key names.
     *
     * @throws SelvageException REQUEST_INVALID when it is no result's key
     */
    public static ContractApi.Part part(String resultKey) {
        String[] pieces = resultKey.split("/", -1);
        if (pieces.length == 6 && pieces[0].equals("result") && isNumber(pieces[3]) && isNumber(pieces[4])) {
            var part = new ContractApi.Part(
                    pieces[1], pieces[2], Integer.parseInt(pieces[3]), Integer.parseInt(pieces[4]), pieces[5]);
            if (result(part.task(), part.subTask(), part.index(), part.attempt(), part.role())
                    .equals(resultKey)) {
                return part;
            }
        }
        throw new SelvageException(ErrorCode.REQUEST_INVALID, "Not the key of a result: \"" + resultKey + "\".");
    }

    private static boolean isNumber(String text) {
        return !text.isEmpty() && text.length() <= 6 && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    /** The prefix of all results of a sub-task; for queries only (rule 5). */
    public static String results(String task, String subTask) {
        return "result/" + Names.taskId(task) + "/" + Names.component("The sub-task", subTask) + "/";
    }

    public static String done(String task, String subTask, int index) {
        return dones(task, subTask) + index(index);
    }

    /** The prefix of all done parts of a sub-task. */
    public static String dones(String task, String subTask) {
        return "done/" + Names.taskId(task) + "/" + Names.component("The sub-task", subTask) + "/";
    }

    public static String pinned(String task, String subTask, String input) {
        return "pinned/" + Names.taskId(task) + "/" + Names.component("The sub-task", subTask) + "/"
                + Names.component("The input", input);
    }

    public static String output(String task, String subTask, int index, String output) {
        return "output/" + Names.taskId(task) + "/" + Names.component("The sub-task", subTask) + "/" + index(index)
                + "/" + Names.component("The output", output);
    }

    public static String end(String task) {
        return "end/" + Names.taskId(task);
    }

    public static String conflict(String task, String subTask, int index, int attempt, String role, String txid) {
        return "conflict/" + Names.taskId(task) + "/" + Names.component("The sub-task", subTask) + "/" + index(index)
                + "/" + attempt(attempt) + "/" + Names.component("The role", role) + "/" + txid;
    }

    /** The end of the range of all keys with a prefix that ends in "/": "0" follows "/" in UTF-8. */
    public static String endOf(String prefix) {
        if (!prefix.endsWith("/")) {
            throw new IllegalArgumentException("not a prefix of keys: " + prefix);
        }
        return prefix.substring(0, prefix.length() - 1) + "0";
    }

    private static String index(int index) {
        if (index < 0 || index >= Limits.PARTS) {
            throw new SelvageException(
                    ErrorCode.REQUEST_INVALID,
                    "A part's index is from 0 to " + (Limits.PARTS - 1) + ", not " + index + ".");
        }
        String digits = Integer.toString(index);
        return "000000".substring(digits.length()) + digits;
    }

    private static String attempt(int attempt) {
        if (attempt < 1 || attempt > Limits.ATTEMPTS) {
            throw new SelvageException(
                    ErrorCode.REQUEST_INVALID, "An attempt is from 1 to " + Limits.ATTEMPTS + ", not " + attempt + ".");
        }
        return Integer.toString(attempt);
    }
}
