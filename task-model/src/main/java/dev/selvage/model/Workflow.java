package dev.selvage.model;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A workflow as it stands on the ledger: defaults filled in, durations in milliseconds, sizes in bytes, operations by digest. Its
 * digest is over the canonical JSON of this record (A1, FORMATS.md). Structure is checked here, meaning by {@link WorkflowRules}.
 *
 * @param selvage the format, {@value #FORMAT}
 * @param description for people; may be null
 * @param parameters declared arguments by name
 * @param operations digest of each operation's canonical file, by operation id
 * @param results which outputs are the task's answer, by name
 */
public record Workflow(
        String selvage,
        String name,
        String version,
        String description,
        Map<String, Schema> parameters,
        Map<String, Digest> operations,
        Access access,
        Map<String, Role> roles,
        Map<String, SubTask> subTasks,
        Map<String, OutputRef> results) {

    public static final String FORMAT = "workflow/v1";

    public Workflow {
        parameters = sorted(parameters);
        operations = sorted(operations);
        access = access == null ? new Access(null, null, null, null) : access;
        roles = sorted(roles);
        subTasks = sorted(subTasks);
        results = sorted(results);
    }

    public Digest digest() {
        return Digest.ofJson(this);
    }

    static <V> Map<String, V> sorted(Map<String, V> map) {
        if (map == null) {
            return Map.of();
        }
        map.forEach((key, value) -> {
            if (value == null) {
                throw new SelvageException(ErrorCode.REQUEST_INVALID, "\"" + key + "\" has no value.");
            }
        });
        return java.util.Collections.unmodifiableMap(new TreeMap<>(map));
    }

    /**
     * Who may do what.
     *
     * @param create MSPs whose members may create tasks; empty for every member of the channel
     * @param approve MSPs that must each approve a task before it starts
     * @param cancel MSPs whose members may cancel, or {@value #CREATOR}
     * @param read {@code channel}
     */
    public record Access(List<String> create, List<String> approve, List<String> cancel, String read) {
        public static final String CREATOR = "creator";

        public Access {
            create = create == null ? List.of() : List.copyOf(create);
            approve = approve == null ? List.of() : List.copyOf(approve);
            cancel = cancel == null || cancel.isEmpty() ? List.of(CREATOR) : List.copyOf(cancel);
            read = read == null ? "channel" : read;
        }
    }

    /**
     * Who plays a part: exactly one of the three.
     *
     * @param node this node
     * @param msp any node of this organisation that offers the operation, bound when a task is created
     * @param parameter the argument of this name, a list of nodes
     */
    public record Role(NodeId node, String msp, String parameter) {}

    /**
     * An output of a sub-task.
     *
     * @param result the sub-task
     */
    public record OutputRef(String result, String output) {}
}
