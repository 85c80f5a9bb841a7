package dev.selvage.agent;

import dev.selvage.engine.EngineDescription;
import dev.selvage.engine.EngineInput;
import dev.selvage.engine.EngineProvider;
import dev.selvage.engine.HandlerEngine;
import dev.selvage.engine.OperationHandler;
import dev.selvage.model.ErrorCategory;
import dev.selvage.model.Input;
import dev.selvage.model.NodeId;
import dev.selvage.model.Operation;
import dev.selvage.model.Schema;
import dev.selvage.model.SubTask;
import dev.selvage.model.Workflow;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Workflows and an engine in the test's own process: {@code text.say/1} returns its parameter, {@code text.join/1} joins its inputs. */
final class Flow {
    static final Operation SAY =
            operation("text.say/1", Map.of("text", Schema.ofType("string"), "number", number()), Map.of());
    static final Operation JOIN = operation(
            "text.join/1", Map.of(), Map.of("texts", new Operation.InputSpec("text/plain", true, List.of(), null)));

    private final Map<String, SubTask> subTasks = new TreeMap<>();
    private final String name;
    private SubTask.Deadlines deadlines = new SubTask.Deadlines(60_000L, 30_000L, 20_000L, 10_000L);

    private Flow(String name) {
        this.name = name;
    }

    static Flow named(String name) {
        return new Flow(name);
    }

    /** Parts from here on have an hour for each of their phases. */
    Flow patient() {
        deadlines = new SubTask.Deadlines(3_600_000L, 3_600_000L, 3_600_000L, 3_600_000L);
        return this;
    }

    private static Schema number() {
        return new Schema(
                "integer",
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                dev.selvage.model.CanonicalJson.tree(0));
    }

    private static Operation operation(
            String id, Map<String, Schema> parameters, Map<String, Operation.InputSpec> inputs) {
        return new Operation(
                Operation.FORMAT,
                id,
                null,
                parameters,
                inputs,
                Map.of("text", new Operation.OutputSpec("text/plain", List.of(), List.of(), null)),
                true,
                null,
                List.of());
    }

    /** A part that says a text, by node1 of an organisation's role. */
    Flow say(String subTask, String role, String text, String... after) {
        return put(subTask, null, role, SAY, Map.of("text", value(text)), List.of("channel"), List.of(after));
    }

    /** Many parts over the three nodes, each saying its number. */
    Flow sayMany(String subTask, int count) {
        return put(
                subTask,
                new SubTask.ForEach(List.of(), count, null, "i"),
                "all",
                SAY,
                Map.of("text", value("part"), "number", new Input.Index("i")),
                List.of("channel"),
                List.of());
    }

    /** A part that says a text only the reader may fetch. */
    Flow whisper(String subTask, String role, String text, String reader) {
        return put(subTask, null, role, SAY, Map.of("text", value(text)), List.of(reader), List.of());
    }

    Flow join(String subTask, String role, String from) {
        return put(
                subTask,
                null,
                role,
                JOIN,
                Map.of("texts", new Input.Result(from, "text")),
                List.of("channel"),
                List.of());
    }

    private static Input value(String text) {
        return new Input.Value(dev.selvage.model.CanonicalJson.tree(text));
    }

    private Flow put(
            String subTask,
            SubTask.ForEach forEach,
            String role,
            Operation operation,
            Map<String, Input> inputs,
            List<String> visibility,
            List<String> after) {
        subTasks.put(
                subTask,
                new SubTask(
                        null,
                        forEach,
                        Map.of(role, new SubTask.Participant(operation.operation())),
                        inputs,
                        Map.of("text", new SubTask.Output(visibility, 1L << 20, false)),
                        new SubTask.Requirement(100L, 1L << 20, 1L << 20),
                        deadlines,
                        new SubTask.Retry(
                                3,
                                List.of(ErrorCategory.EXTERNAL, ErrorCategory.RESOURCE),
                                new SubTask.Pause(10L, 10L)),
                        after,
                        null,
                        null));
        return this;
    }

    Workflow build() {
        Map<String, Workflow.Role> roles = new TreeMap<>();
        roles.put("ewr", new Workflow.Role(new NodeId("EwrMSP", "node1"), null, null));
        roles.put("jfk", new Workflow.Role(new NodeId("JfkMSP", "node1"), null, null));
        roles.put("lga", new Workflow.Role(new NodeId("LgaMSP", "node1"), null, null));
        Map<String, Schema> parameters = new TreeMap<>();
        boolean many = subTasks.values().stream()
                .anyMatch(subTask -> subTask.participants().containsKey("all"));
        if (many) {
            parameters.put(
                    "nodes",
                    new Schema(
                            "array", null, null, null, null, null, null, null, Schema.ofType("string"), 1, null, null));
            roles.put("all", new Workflow.Role(null, null, "nodes"));
        }
        return new Workflow(
                Workflow.FORMAT,
                name,
                "1.0.0",
                null,
                parameters,
                Map.of(SAY.operation(), SAY.digest(), JOIN.operation(), JOIN.digest()),
                null,
                roles,
                subTasks,
                Map.of());
    }

    static Map<String, Object> allNodes() {
        return Map.of("nodes", List.of("EwrMSP/node1", "JfkMSP/node1", "LgaMSP/node1"));
    }

    static Map<String, Object> nodes(String... nodes) {
        return Map.of("nodes", List.of(nodes));
    }

    static HandlerEngine engine(int runs) {
        return engine(runs, context -> {
            var params = context.params();
            context.output(
                    "text",
                    (params.get("text").asText() + " " + params.get("number").asInt())
                            .getBytes(StandardCharsets.UTF_8));
        });
    }

    /** An engine whose {@code text.say/1} is the given handler. */
    static HandlerEngine engine(int runs, OperationHandler say) {
        EngineProvider provider = new EngineProvider() {
            @Override
            public String version() {
                return "1";
            }

            @Override
            public Map<String, OperationHandler> operations() {
                return Map.of("text.say/1", say, "text.join/1", context -> {
                    var joined = new StringBuilder();
                    for (EngineInput input : context.inputs("texts")) {
                        joined.append(new String(context.bytes(input, 1 << 20), StandardCharsets.UTF_8))
                                .append('\n');
                    }
                    context.output("text", joined.toString().getBytes(StandardCharsets.UTF_8));
                });
            }
        };
        return new HandlerEngine(
                "texts",
                provider,
                new EngineDescription.Capacity(runs, Duration.ofMinutes(1), 1 << 20, 0, 0),
                Map.of(SAY.operation(), SAY, JOIN.operation(), JOIN));
    }
}
