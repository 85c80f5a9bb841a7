package dev.selvage.chaincode;

import dev.selvage.model.Digest;
import dev.selvage.model.ErrorCategory;
import dev.selvage.model.Input;
import dev.selvage.model.NodeId;
import dev.selvage.model.Operation;
import dev.selvage.model.Schema;
import dev.selvage.model.SubTask;
import dev.selvage.model.Workflow;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** Workflows for tests. Roles ewr, jfk, lga are node1 of the three organisations; every sub-task runs one operation with one output. */
final class Flows {
    static final Operation OPERATION = new Operation(
            Operation.FORMAT,
            "test.op/1",
            null,
            Map.of(),
            Map.of(),
            Map.of("out", new Operation.OutputSpec("text/plain", List.of(), List.of(), null)),
            true,
            null,
            List.of());
    static final String OP = "test.op/1";

    private final Map<String, SubTask> subTasks = new TreeMap<>();
    private final Map<String, Schema> parameters = new TreeMap<>();
    private final Map<String, Workflow.Role> roles = new TreeMap<>(Map.of(
            "ewr", new Workflow.Role(new NodeId("EwrMSP", "node1"), null, null),
            "jfk", new Workflow.Role(new NodeId("JfkMSP", "node1"), null, null),
            "lga", new Workflow.Role(new NodeId("LgaMSP", "node1"), null, null)));
    private Workflow.Access access;
    private String name = "test";
    private String version = "1.0.0";

    static Flows flow() {
        return new Flows();
    }

    Flows named(String newName, String newVersion) {
        name = newName;
        version = newVersion;
        return this;
    }

    Flows access(Workflow.Access newAccess) {
        access = newAccess;
        return this;
    }

    Flows parameter(String parameter, Schema schema) {
        parameters.put(parameter, schema);
        return this;
    }

    Flows role(String role, Workflow.Role bound) {
        roles.put(role, bound);
        return this;
    }

    /** A sub-task of one part. */
    Flows one(String subTask, String role, String... dependsOn) {
        return put(subTask, new Draft().role(role).after(dependsOn));
    }

    /** A forEach over the three roles. */
    Flows eachRole(String subTask, String... dependsOn) {
        return put(
                subTask,
                new Draft()
                        .role("at")
                        .forEach(new SubTask.ForEach(List.of("ewr", "jfk", "lga"), null, null, "at"))
                        .after(dependsOn));
    }

    /** A forEach over a count; its role is bound to the list of nodes in the argument "nodes". */
    Flows count(String subTask, int count, String... dependsOn) {
        return put(
                subTask,
                new Draft()
                        .role("all")
                        .forEach(new SubTask.ForEach(List.of(), count, null, "i"))
                        .after(dependsOn));
    }

    Flows allNodes() {
        return parameter(
                        "nodes",
                        new Schema(
                                "array",
                                null,
                                null,
                                null,
                                null,
                                null,
                                null,
                                null,
                                Schema.ofType("string"),
                                1,
                                null,
                                null))
                .role("all", new Workflow.Role(null, null, "nodes"));
    }

    static Map<String, Object> nodes() {
        return Map.of("nodes", List.of("EwrMSP/node1", "JfkMSP/node1", "LgaMSP/node1"));
    }

    Flows put(String subTask, Draft draft) {
        subTasks.put(subTask, draft.build());
        return this;
    }

    Flows change(String subTask, UnaryOperator<Draft> change) {
        subTasks.put(subTask, change.apply(Draft.of(subTasks.get(subTask))).build());
        return this;
    }

    Workflow build() {
        return new Workflow(
                Workflow.FORMAT,
                name,
                version,
                null,
                parameters,
                Map.of(OP, Digest.ofJson(OPERATION)),
                access,
                roles,
                subTasks,
                Map.of());
    }

    /** A sub-task in the making. */
    static final class Draft {
        private String role = "ewr";
        private SubTask.ForEach forEach;
        private Map<String, Input> inputs = Map.of();
        private SubTask.Output output = new SubTask.Output(List.of("channel"), null, null);
        private SubTask.Deadlines deadlines;
        private SubTask.Retry retry;
        private List<String> dependsOn = List.of();
        private SubTask.RunIf runIf;

        static Draft of(SubTask from) {
            var draft = new Draft();
            draft.role = from.participants().keySet().iterator().next();
            draft.forEach = from.forEach();
            draft.inputs = from.inputs();
            draft.output = from.outputs().get("out");
            draft.deadlines = from.deadlines();
            draft.retry = from.retry();
            draft.dependsOn = from.dependsOn();
            draft.runIf = from.runIf();
            return draft;
        }

        Draft role(String newRole) {
            role = newRole;
            return this;
        }

        Draft forEach(SubTask.ForEach newForEach) {
            forEach = newForEach;
            return this;
        }

        Draft inputs(Map<String, Input> newInputs) {
            inputs = newInputs;
            return this;
        }

        Draft output(SubTask.Output newOutput) {
            output = newOutput;
            return this;
        }

        Draft deadline(long milliseconds) {
            deadlines = new SubTask.Deadlines(milliseconds, 1L, 1L, 1L);
            return this;
        }

        Draft attempts(int attempts) {
            retry = new SubTask.Retry(
                    attempts,
                    List.of(ErrorCategory.EXTERNAL, ErrorCategory.RESOURCE),
                    new SubTask.Pause(1_000L, 60_000L));
            return this;
        }

        Draft after(String... names) {
            dependsOn = List.of(names);
            return this;
        }

        Draft runIf(SubTask.RunIf when) {
            runIf = when;
            return this;
        }

        SubTask build() {
            return new SubTask(
                    null,
                    forEach,
                    Map.of(role, new SubTask.Participant(OP)),
                    inputs,
                    Map.of("out", output),
                    null,
                    deadlines,
                    retry,
                    dependsOn,
                    runIf,
                    null);
        }
    }
}
