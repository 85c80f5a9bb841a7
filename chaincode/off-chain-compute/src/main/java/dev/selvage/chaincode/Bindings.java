package dev.selvage.chaincode;

import com.fasterxml.jackson.databind.JsonNode;
import dev.selvage.contract.Paging;
import dev.selvage.model.Binding;
import dev.selvage.model.Binding.BoundNode;
import dev.selvage.model.CanonicalJson;
import dev.selvage.model.ContractApi;
import dev.selvage.model.Digest;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.Facts;
import dev.selvage.model.Keys;
import dev.selvage.model.NodeId;
import dev.selvage.model.Parameters;
import dev.selvage.model.SelvageException;
import dev.selvage.model.SubTask;
import dev.selvage.model.Workflow;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Which nodes play a workflow's roles: proposed for a client that evaluates, checked for one that submits. */
final class Bindings {
    private Bindings() {}

    static Binding propose(Call call, ContractApi.RoleQuery query) {
        Workflow workflow = Workflows.load(call, query.workflow());
        JsonNode given = query.arguments() == null ? CanonicalJson.object() : query.arguments();
        return propose(call, workflow, Parameters.complete(workflow.parameters(), given));
    }

    static Binding propose(Call call, Workflow workflow, JsonNode arguments) {
        Map<String, List<BoundNode>> roles = new TreeMap<>();
        workflow.roles().forEach((name, role) -> {
            List<NodeId> nodes = role.msp() == null
                    ? named(role, arguments)
                    : List.of(chosen(call, workflow, name, role.msp(), arguments));
            roles.put(name, nodes.stream().map(node -> bound(call, name, node)).toList());
        });
        return new Binding(roles);
    }

    private static BoundNode bound(Call call, String role, NodeId node) {
        return new BoundNode(
                node,
                Nodes.currentKey(call, node)
                        .orElseThrow(() -> new SelvageException(
                                ErrorCode.ROLE_UNBOUND,
                                Map.of("role", role, "node", node.toString()),
                                "The role \"" + role + "\" is for " + node + ", which is not registered.")));
    }

    /** Nodes that the role or an argument names. */
    private static List<NodeId> named(Workflow.Role role, JsonNode arguments) {
        if (role.node() != null) {
            return List.of(role.node());
        }
        List<NodeId> nodes = new ArrayList<>();
        for (JsonNode node : arguments.path(role.parameter())) {
            if (!node.isTextual()) {
                throw new SelvageException(
                        ErrorCode.ARGUMENT_INVALID, role.parameter() + ": expected nodes such as EwrMSP/node1");
            }
            nodes.add(NodeId.parse(node.textValue()));
        }
        return nodes;
    }

    /**
     * One of the organisation's nodes that offer what the role runs. Which one depends on the arguments, so that tasks spread over the
     * nodes and a repeated task meets the same caches.
     */
    private static NodeId chosen(Call call, Workflow workflow, String role, String msp, JsonNode arguments) {
        Map<String, Digest> needed = new TreeMap<>();
        operations(workflow, role)
                .forEach(id -> needed.put(id, workflow.operations().get(id)));
        List<Facts.NodeInfoFact> all = call.state().range("nodeInfo/" + msp + "/").stream()
                .map(row -> row.as(Facts.NodeInfoFact.class))
                .toList();
        return all.stream()
                .filter(info -> info.operations().entrySet().containsAll(needed.entrySet()))
                .map(Facts.NodeInfoFact::node)
                .filter(node -> Nodes.currentKey(call, node).isPresent())
                .min(Comparator.comparing(node -> Digest.ofJson(List.of(node.toString(), role, arguments))))
                .orElseThrow(() -> new SelvageException(
                        ErrorCode.ROLE_UNBOUND,
                        Map.of("role", role, "msp", msp),
                        "No registered node of " + msp + " offers " + String.join(", ", needed.keySet())
                                + " for the role \"" + role + "\"."));
    }

    /** What a role has to run, in all sub-tasks. */
    private static Set<String> operations(Workflow workflow, String role) {
        Set<String> operations = new TreeSet<>();
        for (SubTask subTask : workflow.subTasks().values()) {
            boolean part = subTask.participants().containsKey(role)
                    || (subTask.forEach() != null && subTask.forEach().role().contains(role));
            if (part) {
                operations.add(subTask.operation());
            }
        }
        return operations;
    }

    /** Holds that a client's binding is one that the workflow allows, with registered keys. */
    static Binding checked(Call call, Workflow workflow, JsonNode arguments, Binding binding) {
        if (!binding.roles().keySet().equals(workflow.roles().keySet())) {
            throw new SelvageException(
                    ErrorCode.ROLE_UNBOUND,
                    "The binding has the roles " + binding.roles().keySet() + ", the workflow "
                            + workflow.roles().keySet() + ".");
        }
        workflow.roles().forEach((name, role) -> {
            List<BoundNode> given = binding.nodes(name);
            List<NodeId> nodes = given.stream().map(BoundNode::id).toList();
            boolean allowed = role.msp() == null
                    ? nodes.equals(named(role, arguments))
                    : nodes.size() == 1 && nodes.get(0).msp().equals(role.msp());
            if (!allowed) {
                throw new SelvageException(
                        ErrorCode.ROLE_UNBOUND,
                        Map.of("role", name),
                        "The workflow does not let " + nodes + " play the role \"" + name + "\".");
            }
            given.forEach(node -> Nodes.requireKey(call, node.id(), node.spki()));
        });
        return binding;
    }

    /** Nodes of the channel with their keys, revoked ones and what they say of themselves. */
    static ContractApi.Listed<ContractApi.NodeView> list(Call call, ContractApi.Page page) {
        var keys = Paging.of(page, 40).list(call.state(), "nodeKey/", row -> row.as(Facts.NodeKeyFact.class));
        Map<NodeId, List<Digest>> valid = new TreeMap<>();
        Map<NodeId, List<Digest>> revoked = new TreeMap<>();
        for (Facts.NodeKeyFact key : keys.items()) {
            boolean gone = call.state().has(Keys.revoked(key.node(), key.spki()));
            valid.computeIfAbsent(key.node(), node -> new ArrayList<>());
            revoked.computeIfAbsent(key.node(), node -> new ArrayList<>());
            (gone ? revoked : valid).get(key.node()).add(key.spki());
        }
        List<ContractApi.NodeView> nodes = new ArrayList<>();
        valid.forEach((node, spkis) -> nodes.add(new ContractApi.NodeView(
                node, spkis, revoked.get(node), call.state().get(Keys.nodeInfo(node), Facts.NodeInfoFact.class))));
        return new ContractApi.Listed<>(nodes, keys.bookmark());
    }
}
