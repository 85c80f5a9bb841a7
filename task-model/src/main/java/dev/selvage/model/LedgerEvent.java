package dev.selvage.model;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The payload of the contract's one event per transaction (rule 14): everything in it can be derived from state again.
 *
 * @param v the version, 1
 */
public record LedgerEvent(int v, List<Entry> facts) {
    /** The event's name on the ledger. */
    public static final String NAME = "selvage.task.v1";

    public LedgerEvent {
        facts = List.copyOf(facts);
    }

    /** The facts of each task, tasks and facts in their order. */
    public Map<String, List<Entry>> byTask() {
        Map<String, List<Entry>> tasks = new LinkedHashMap<>();
        facts.forEach(entry ->
                tasks.computeIfAbsent(entry.task(), task -> new ArrayList<>()).add(entry));
        return tasks;
    }

    /** The canonical text of some facts; {@link #entries} reads it. */
    public static String text(List<Entry> entries) {
        return CanonicalJson.text(entries.toArray(Entry[]::new)); // an array keeps the type that a list loses
    }

    /**
     * The facts that {@link #text} wrote.
     *
     * @throws SelvageException REQUEST_INVALID
     */
    public static List<Entry> entries(String text) {
        return CanonicalJson.readList(text, Entry.class);
    }

    /** One fact. Every fact names its task. */
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = Created.class, name = "created"),
        @JsonSubTypes.Type(value = Ready.class, name = "ready"),
        @JsonSubTypes.Type(value = Result.class, name = "result"),
        @JsonSubTypes.Type(value = Conflict.class, name = "conflict"),
        @JsonSubTypes.Type(value = Approval.class, name = "approval"),
        @JsonSubTypes.Type(value = End.class, name = "end")
    })
    public sealed interface Entry {
        String task();
    }

    /** A task was created. */
    public record Created(String task, Digest workflow, String name, String version, Facts.Party creator)
            implements Entry {}

    /**
     * Parts may run (A5): who, what, and where the inputs come from.
     *
     * @param parts which parts
     * @param nodes the nodes that run them, without repetition
     * @param operation what they run
     * @param inputs where each input comes from, by name; empty when the event would be too long with them: the workflow has them
     */
    public record Ready(
            String task,
            String subTask,
            int attempt,
            List<PartRange> parts,
            List<NodeId> nodes,
            String operation,
            Map<String, Input> inputs,
            long notBefore)
            implements Entry {
        public Ready {
            parts = List.copyOf(parts);
            nodes = List.copyOf(nodes);
            inputs = Workflow.sorted(inputs);
        }
    }

    /**
     * A result was accepted.
     *
     * @param attempt the attempt
     * @param node who returned it; null when Expire wrote it on the node's behalf, so that nobody waits for a node that is gone
     * @param done whether it decided the part
     */
    public record Result(
            String task,
            String subTask,
            int index,
            int attempt,
            String role,
            NodeId node,
            Outcome outcome,
            boolean done)
            implements Entry {}

    /** A differing second result came. */
    public record Conflict(String task, String subTask, int index, int attempt, String role, Facts.Party by)
            implements Entry {}

    /** An organisation approved. */
    public record Approval(String task, String msp) implements Entry {}

    /** The task ended. */
    public record End(String task, TaskState state) implements Entry {}
}
