package dev.selvage.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;
import java.util.Map;

/**
 * Which nodes play which roles in a task, fixed when it is created.
 *
 * @param roles nodes by role; several where the role is bound to a list
 */
public record Binding(@JsonValue Map<String, List<BoundNode>> roles) {
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public Binding {
        Map<String, List<BoundNode>> copy = new java.util.TreeMap<>();
        Workflow.sorted(roles).forEach((role, nodes) -> copy.put(role, List.copyOf(nodes)));
        roles = java.util.Collections.unmodifiableMap(copy);
    }

    /** The nodes of a role. */
    public List<BoundNode> nodes(String role) {
        var nodes = roles.get(role);
        if (nodes == null || nodes.isEmpty()) {
            throw new SelvageException(ErrorCode.ROLE_UNBOUND, "No node plays the role \"" + role + "\".");
        }
        return nodes;
    }

    /**
     * A node with the key by which it was bound.
     *
     * @param spki digest of the key's SubjectPublicKeyInfo
     */
    public record BoundNode(NodeId id, Digest spki) {
        public BoundNode {
            if (id == null || spki == null) {
                throw new SelvageException(ErrorCode.REQUEST_INVALID, "A bound node has an id and a key.");
            }
        }
    }
}
