package dev.selvage.cli.internal.bench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.selvage.engine.BuiltinEngine;
import dev.selvage.model.CanonicalJson;
import dev.selvage.model.ContractApi;
import dev.selvage.model.Digest;
import dev.selvage.model.Input;
import dev.selvage.model.NodeId;
import dev.selvage.model.Operation;
import dev.selvage.model.Schema;
import dev.selvage.model.SubTask;
import dev.selvage.model.Workflow;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The workflows of the benchmark: their sub-tasks do nothing, so what is measured is everything around them. */
final class TaskShape {
    private static final String VERSION = "1.0.0";
    private static final String PARTS = "parts";
    private static final String WORKER = "worker";
    private static final String NODES = "nodes";
    private static final SubTask.Requirement SMALL = new SubTask.Requirement(10L, 1L << 20, 1L << 20);
    private static final long SMALL_OUTPUT = 1024;

    private TaskShape() {}

    /** Steps one after the other, each on the next node. */
    static Workflow chain(List<NodeId> nodes, int steps) {
        Map<String, Workflow.Role> roles = new TreeMap<>();
        for (int i = 0; i < nodes.size(); i++) {
            roles.put("node" + i, new Workflow.Role(nodes.get(i), null, null));
        }
        Map<String, SubTask> subTasks = new TreeMap<>();
        for (int i = 0; i < steps; i++) {
            subTasks.put(
                    step(i),
                    subTask(
                            null,
                            "node" + i % nodes.size(),
                            BuiltinEngine.NOOP,
                            Map.of(),
                            "out",
                            i == 0 ? List.of() : List.of(step(i - 1))));
        }
        return workflow("bench-chain-" + steps, roles, subTasks);
    }

    private static String step(int number) {
        return String.format(Locale.ROOT, "step%03d", number);
    }

    /** Parts side by side, spread over the nodes. */
    static Workflow fanOut(int width) {
        return workflow("bench-fan-out-" + width, spread(), Map.of(PARTS, parts(width)));
    }

    /** The same, and one sub-task that takes all their outputs. */
    static Workflow fanIn(List<NodeId> nodes, int width) {
        var roles = new TreeMap<>(spread());
        roles.put("gatherer", new Workflow.Role(nodes.get(0), null, null));
        var gather = subTask(
                null,
                "gatherer",
                BuiltinEngine.GATHER,
                Map.of("items", new Input.Result(PARTS, "out")),
                "count",
                List.of());
        return workflow("bench-fan-in-" + width, roles, Map.of(PARTS, parts(width), "gather", gather));
    }

    private static Map<String, Workflow.Role> spread() {
        return Map.of(WORKER, new Workflow.Role(null, null, NODES));
    }

    private static SubTask parts(int width) {
        return subTask(
                new SubTask.ForEach(null, width, null, "part"),
                WORKER,
                BuiltinEngine.NOOP,
                Map.of("index", new Input.Index("part")),
                "out",
                List.of());
    }

    private static SubTask subTask(
            SubTask.ForEach forEach,
            String role,
            String operation,
            Map<String, Input> inputs,
            String output,
            List<String> dependsOn) {
        return new SubTask(
                null,
                forEach,
                Map.of(role, new SubTask.Participant(operation)),
                inputs,
                Map.of(output, new SubTask.Output(List.of(SubTask.Output.CHANNEL), SMALL_OUTPUT, false)),
                SMALL,
                null,
                null,
                dependsOn,
                null,
                null);
    }

    private static Workflow workflow(String name, Map<String, Workflow.Role> roles, Map<String, SubTask> subTasks) {
        Map<String, Digest> operations = new TreeMap<>();
        subTasks.values()
                .forEach(subTask -> operations.put(
                        subTask.operation(), operation(subTask.operation()).digest()));
        return new Workflow(
                Workflow.FORMAT, name, VERSION, null, parameters(roles), operations, null, roles, subTasks, null);
    }

    /** The list of nodes, where a role is played by such a list. */
    private static Map<String, Schema> parameters(Map<String, Workflow.Role> roles) {
        if (!roles.containsKey(WORKER)) {
            return Map.of();
        }
        var nodes =
                new Schema("array", null, null, null, null, null, null, null, Schema.ofType("string"), 1, 100, null);
        return Map.of(NODES, nodes);
    }

    /** The arguments of a task of the workflow. */
    static JsonNode arguments(Workflow workflow, List<NodeId> nodes) {
        var arguments = CanonicalJson.object();
        if (workflow.parameters().containsKey(NODES)) {
            var list = arguments.putArray(NODES);
            nodes.forEach(node -> list.add(node.toString()));
        }
        return arguments;
    }

    private static Operation operation(String id) {
        return BuiltinEngine.builtinOperations().get(id);
    }

    /** What deploys the workflow. */
    static ContractApi.Deployment deployment(Workflow workflow) {
        return new ContractApi.Deployment(
                workflow,
                workflow.operations().keySet().stream()
                        .map(TaskShape::operation)
                        .toList());
    }
}
