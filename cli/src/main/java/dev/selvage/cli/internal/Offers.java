package dev.selvage.cli.internal;

import com.fasterxml.jackson.databind.JsonNode;
import dev.selvage.model.Binding;
import dev.selvage.model.ContractApi;
import dev.selvage.model.Digest;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.NodeId;
import dev.selvage.model.PartPlan;
import dev.selvage.model.SelvageException;
import dev.selvage.model.SubTask;
import dev.selvage.model.Workflow;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Compares what a task would ask of nodes with what they say that they offer, before it is created. */
final class Offers {
    private final Map<NodeId, ContractApi.NodeView> nodes;

    Offers(List<ContractApi.NodeView> nodes) {
        this.nodes = nodes.stream().collect(Collectors.toMap(ContractApi.NodeView::node, view -> view));
    }

    /**
     * Refuses a task whose parts would wait in vain. A node that has not said anything yet is trusted to do so.
     *
     * @throws SelvageException NO_ENGINE
     */
    void require(Workflow workflow, Binding binding, JsonNode arguments) {
        for (SubTask subTask : workflow.subTasks().values()) {
            var operation = subTask.operation();
            for (NodeId node : PartPlan.of(subTask, binding, arguments).firstNodes()) {
                require(node, operation, workflow.operations().get(operation));
            }
        }
    }

    private void require(NodeId node, String operation, Digest digest) {
        var view = nodes.get(node);
        if (view == null
                || view.info() == null
                || digest.equals(view.info().operations().get(operation))) {
            return;
        }
        var offered = view.info().operations();
        var offers = offered.isEmpty() ? "it offers none" : "it offers " + String.join(", ", offered.keySet());
        var another = offered.containsKey(operation) ? " with the digest " + digest.shortForm() : "";
        throw new SelvageException(
                ErrorCode.NO_ENGINE, node + " offers no " + operation + another + " (" + offers + ").");
    }
}
