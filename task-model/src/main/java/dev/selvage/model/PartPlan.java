package dev.selvage.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The parts of one sub-task of one task: how many, what each is called, and which node runs which attempt of it. Contract, agent and
 * command compute it alike from the workflow, the task's binding and its arguments. A part's index counts from 0, attempts from 1.
 */
public final class PartPlan {
    private final SubTask subTask;
    private final Binding binding;
    private final List<JsonNode> items;
    private final int count;

    private PartPlan(SubTask subTask, Binding binding, List<JsonNode> items, int count) {
        this.subTask = subTask;
        this.binding = binding;
        this.items = items;
        this.count = count;
    }

    /**
     * The plan.
     *
     * @param arguments the task's arguments, completed
     * @throws SelvageException ARGUMENT_INVALID when a forEach has no element or too many
     */
    public static PartPlan of(SubTask subTask, Binding binding, JsonNode arguments) {
        var forEach = subTask.forEach();
        List<JsonNode> items = List.of();
        int count = 1;
        if (forEach != null && !forEach.role().isEmpty()) {
            count = forEach.role().size();
        } else if (forEach != null && forEach.count() != null) {
            count = forEach.count();
        } else if (forEach != null) {
            var list = arguments.path(forEach.parameter());
            items = java.util.stream.StreamSupport.stream(list.spliterator(), false)
                    .toList();
            count = items.size();
        }
        if (count < 1 || count > Limits.PARTS) {
            throw new SelvageException(
                    ErrorCode.ARGUMENT_INVALID,
                    "A forEach has from 1 to " + Limits.PARTS + " parts, not " + count + ".");
        }
        return new PartPlan(subTask, binding, items, count);
    }

    public int count() {
        return count;
    }

    /** The role whose participant runs the part. */
    public String role(int index) {
        var forEach = subTask.forEach();
        return forEach != null && !forEach.role().isEmpty()
                ? forEach.role().get(checked(index))
                : subTask.participants().keySet().iterator().next();
    }

    /** What a part is called in lists and traces: the role, the element or the number; empty for a sub-task of one part. */
    public String label(int index) {
        var forEach = subTask.forEach();
        if (forEach == null) {
            return "";
        }
        if (!forEach.role().isEmpty()) {
            return forEach.role().get(checked(index));
        }
        return items.isEmpty() || !items.get(checked(index)).isValueNode()
                ? Integer.toString(index)
                : items.get(index).asText();
    }

    /** The element of the part: the role's name or the list's element; null where there is none. */
    public JsonNode item(int index) {
        var forEach = subTask.forEach();
        if (forEach != null && !forEach.role().isEmpty()) {
            return CanonicalJson.tree(forEach.role().get(checked(index)));
        }
        return items.isEmpty() ? null : items.get(checked(index));
    }

    /**
     * The node that runs this attempt of the part. Parts over a count or a list go round the role's nodes, and each further attempt moves on by
     * one, unless the inputs tie the part to a node's own data.
     */
    public Binding.BoundNode node(int index, int attempt) {
        var nodes = binding.nodes(role(index));
        boolean overRoles =
                subTask.forEach() != null && !subTask.forEach().role().isEmpty();
        long first = overRoles ? 0 : checked(index);
        long moved = subTask.usesNodeData() ? first : first + attempt - 1;
        return nodes.get((int) (moved % nodes.size()));
    }

    /** The nodes that run first attempts. */
    public Set<NodeId> firstNodes() {
        var nodes = new TreeSet<NodeId>();
        for (int i = 0; i < count; i++) {
            nodes.add(node(i, 1).id());
        }
        return nodes;
    }

    private int checked(int index) {
        if (index < 0 || index >= count) {
            throw new SelvageException(
                    ErrorCode.REQUEST_INVALID, "The sub-task has parts 0 to " + (count - 1) + ", not " + index + ".");
        }
        return index;
    }
}
