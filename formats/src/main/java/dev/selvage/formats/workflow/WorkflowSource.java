package dev.selvage.formats.workflow;

import dev.selvage.model.Operation;
import dev.selvage.model.Workflow;
import java.util.Map;

/**
 * What a workflow file and the operation files that it names say together.
 *
 * @param operations by id: exactly those that the workflow names
 */
public record WorkflowSource(Workflow workflow, Map<String, Operation> operations) {
    public WorkflowSource {
        operations = Map.copyOf(operations);
    }
}
