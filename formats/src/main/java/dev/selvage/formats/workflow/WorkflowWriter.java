package dev.selvage.formats.workflow;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.selvage.formats.Units;
import dev.selvage.model.CanonicalJson;
import dev.selvage.model.SubTask;
import dev.selvage.model.Workflow;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Makes the tree of a workflow file. What is a default is left out. */
final class WorkflowWriter {
    private static final SubTask.Deadlines DEADLINES = new SubTask.Deadlines(null, null, null, null);
    private static final SubTask.Retry RETRY = new SubTask.Retry(null, null, null);

    private WorkflowWriter() {}

    static ObjectNode tree(Workflow workflow, Map<String, String> operationPaths) {
        var root = CanonicalJson.object();
        root.put("selvage", workflow.selvage()).put("name", workflow.name()).put("version", workflow.version());
        OperationWriter.put(root, "description", workflow.description());
        OperationWriter.schemas(root, workflow.parameters());
        var operations = root.putObject("operations");
        workflow.operations()
                .forEach((id, digest) -> operations.put(id, operationPaths.getOrDefault(id, digest.hex())));
        access(root, workflow.access());
        root.set("roles", CanonicalJson.tree(workflow.roles()));
        var subTasks = root.putObject("subTasks");
        workflow.subTasks().forEach((name, subTask) -> subTask(subTasks.putObject(name), subTask));
        if (!workflow.results().isEmpty()) {
            root.set("results", CanonicalJson.tree(workflow.results()));
        }
        return root;
    }

    private static void access(ObjectNode root, Workflow.Access access) {
        if (!access.equals(new Workflow.Access(null, null, null, null))) {
            root.set("access", CanonicalJson.tree(access));
        }
    }

    private static void subTask(ObjectNode map, SubTask subTask) {
        OperationWriter.put(map, "description", subTask.description());
        if (subTask.forEach() != null) {
            map.set("forEach", CanonicalJson.tree(subTask.forEach()));
        }
        map.set("participants", CanonicalJson.tree(subTask.participants()));
        if (!subTask.inputs().isEmpty()) {
            map.set("inputs", CanonicalJson.tree(subTask.inputs()));
        }
        if (!subTask.outputs().isEmpty()) {
            var outputs = map.putObject("outputs");
            subTask.outputs().forEach((name, output) -> output(outputs.putObject(name), output));
        }
        if (subTask.requirement() != null) {
            OperationWriter.requirement(map, subTask.requirement());
        }
        if (!subTask.deadlines().equals(DEADLINES)) {
            map.putObject("deadlines")
                    .put("accept", Units.writeMillis(subTask.deadlines().accept()))
                    .put("fetch", Units.writeMillis(subTask.deadlines().fetch()))
                    .put("run", Units.writeMillis(subTask.deadlines().run()))
                    .put("publish", Units.writeMillis(subTask.deadlines().publish()));
        }
        if (!subTask.retry().equals(RETRY)) {
            retry(map.putObject("retry"), subTask.retry());
        }
        OperationWriter.strings(map, "dependsOn", subTask.dependsOn());
        if (subTask.runIf() != SubTask.RunIf.SUCCESS) {
            map.put("runIf", subTask.runIf().name().toLowerCase(Locale.ROOT));
        }
    }

    private static void output(ObjectNode map, SubTask.Output output) {
        if (output.visibility().equals(List.of(SubTask.Output.CHANNEL))) {
            map.put("visibility", SubTask.Output.CHANNEL);
        } else {
            OperationWriter.strings(map, "visibility", output.visibility());
        }
        map.put("maxSize", Units.writeSize(output.maxSize()));
        if (output.onLedger()) {
            map.put("onLedger", true);
        }
    }

    private static void retry(ObjectNode map, SubTask.Retry retry) {
        map.put("attempts", retry.attempts());
        OperationWriter.strings(
                map, "categories", retry.categories().stream().map(Enum::name).toList());
        map.putObject("wait")
                .put("first", Units.writeMillis(retry.pause().first()))
                .put("max", Units.writeMillis(retry.pause().max()));
    }
}
