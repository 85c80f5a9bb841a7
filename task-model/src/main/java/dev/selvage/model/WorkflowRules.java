package dev.selvage.model;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What must hold of a workflow beyond its structure. The contract refuses a deployment by these rules and the command checks a file by
 * the same ones.
 */
public final class WorkflowRules {
    private final Workflow workflow;
    private final List<Problem> problems = new ArrayList<>();

    private WorkflowRules(Workflow workflow) {
        this.workflow = workflow;
    }

    /** Everything that is wrong, with WORKFLOW_INVALID, or NOT_SUPPORTED for what this version does not have. */
    public static List<Problem> problems(Workflow workflow) {
        var rules = new WorkflowRules(workflow);
        rules.head();
        workflow.roles().forEach(rules::role);
        if (workflow.subTasks().isEmpty() || workflow.subTasks().size() > Limits.SUB_TASKS) {
            rules.invalid("subTasks", "a workflow has from 1 to " + Limits.SUB_TASKS + " sub-tasks");
        }
        workflow.subTasks().forEach(rules::subTask);
        Graph.of(workflow.subTasks())
                .cycle()
                .ifPresent(cycle ->
                        rules.invalid("subTasks", "wait for each other in a circle: " + String.join(" -> ", cycle)));
        workflow.results().forEach((name, ref) -> rules.outputRef("results." + name, ref.result(), ref.output()));
        return List.copyOf(rules.problems);
    }

    private void head() {
        if (!Workflow.FORMAT.equals(workflow.selvage())) {
            invalid("selvage", "expected \"" + Workflow.FORMAT + "\"");
        }
        if (!Names.isComponent(workflow.name())) {
            invalid("name", "expected letters, digits, '.', '_' and '-'");
        }
        if (!Names.isVersion(workflow.version())) {
            invalid("version", "expected a version such as 1.0.0");
        }
        workflow.parameters().forEach((name, schema) -> {
            component("parameters." + name, name);
            problems.addAll(schema.problems(ErrorCode.WORKFLOW_INVALID, "parameters." + name));
        });
        if (workflow.operations().size() > Limits.OPERATIONS) {
            invalid("operations", "a workflow names at most " + Limits.OPERATIONS + " operations");
        }
        workflow.operations().keySet().stream()
                .filter(id -> !Names.isOperation(id))
                .forEach(id -> invalid("operations." + id, "expected an id such as flights.delays/1"));
        var access = workflow.access();
        access.create().forEach(msp -> component("access.create", msp));
        access.approve().forEach(msp -> component("access.approve", msp));
        access.cancel().forEach(msp -> component("access.cancel", msp));
        if (!access.read().equals("channel")) {
            unsupported("access.read", "only \"channel\" is supported");
        }
    }

    private void role(String name, Workflow.Role role) {
        String path = "roles." + name;
        component(path, name);
        if (name.equals(SubTask.Output.CHANNEL)) {
            invalid(path, "\"channel\" means everybody and cannot be a role");
        }
        long given = java.util.stream.Stream.of(role.node(), role.msp(), role.parameter())
                .filter(java.util.Objects::nonNull)
                .count();
        if (given != 1) {
            invalid(path, "expected exactly one of node, msp and parameter");
        }
        if (role.msp() != null) {
            component(path + ".msp", role.msp());
        }
        if (role.parameter() != null) {
            var schema = workflow.parameters().get(role.parameter());
            if (schema == null) {
                unknown(
                        path + ".parameter",
                        "parameter",
                        role.parameter(),
                        workflow.parameters().keySet());
            } else if (!"array".equals(schema.type())) {
                invalid(path + ".parameter", "the parameter must be an array of nodes");
            }
        }
    }

    private void subTask(String name, SubTask subTask) {
        String path = "subTasks." + name;
        component(path, name);
        participants(path, subTask);
        subTask.dependsOn().stream()
                .filter(need -> !known(workflow.subTasks(), need))
                .forEach(need -> unknown(
                        path + ".dependsOn",
                        "sub-task",
                        need,
                        workflow.subTasks().keySet()));
        subTask.inputs().forEach((input, from) -> input(path + ".inputs." + input, input, from, subTask));
        outputs(path, subTask);
        if (!subTask.result().policy().equals("all")) {
            unsupported(
                    path + ".result",
                    "the policy \"" + subTask.result().policy() + "\" is not supported yet, only \"all\"");
        }
        if (subTask.retry().attempts() < 1 || subTask.retry().attempts() > Limits.ATTEMPTS) {
            invalid(path + ".retry.attempts", "expected an integer from 1 to " + Limits.ATTEMPTS);
        }
        var pause = subTask.retry().pause();
        if (pause.first() < 0 || pause.max() < pause.first()) {
            invalid(path + ".retry.wait", "expected first to be at most max");
        }
        var deadlines = subTask.deadlines();
        if (Math.min(Math.min(deadlines.accept(), deadlines.fetch()), Math.min(deadlines.run(), deadlines.publish()))
                <= 0) {
            invalid(path + ".deadlines", "each phase takes some time");
        }
    }

    private void participants(String path, SubTask subTask) {
        if (subTask.participants().size() != 1) {
            if (subTask.participants().isEmpty()) {
                invalid(path + ".participants", "expected a role and its operation");
            } else {
                unsupported(path + ".participants", "several roles in one sub-task are not supported yet");
            }
            return;
        }
        String participant = subTask.participants().keySet().iterator().next();
        String operation = subTask.participants().get(participant).operation();
        if (operation == null) {
            invalid(path + ".participants." + participant, "expected an operation");
        } else if (!known(workflow.operations(), operation)) {
            unknown(
                    path + ".participants." + participant,
                    "operation",
                    operation,
                    workflow.operations().keySet());
        }
        var forEach = subTask.forEach();
        if (forEach == null || forEach.role().isEmpty()) {
            knownRole(path + ".participants", participant);
        } else if (!participant.equals(forEach.as())) {
            invalid(
                    path + ".participants",
                    "a forEach over roles names its variable \"" + forEach.as() + "\" here, not \"" + participant
                            + "\"");
        }
        if (forEach != null) {
            forEach(path + ".forEach", forEach);
        }
    }

    private void forEach(String path, SubTask.ForEach forEach) {
        int kinds = (forEach.role().isEmpty() ? 0 : 1)
                + (forEach.count() == null ? 0 : 1)
                + (forEach.parameter() == null ? 0 : 1);
        if (kinds != 1) {
            invalid(path, "expected exactly one of role, count and parameter");
        }
        component(path + ".as", forEach.as());
        forEach.role().forEach(role -> knownRole(path + ".role", role));
        if (Set.copyOf(forEach.role()).size() != forEach.role().size()) {
            invalid(path + ".role", "names a role twice");
        }
        if (forEach.count() != null && (forEach.count() < 1 || forEach.count() > Limits.PARTS)) {
            invalid(path + ".count", "expected an integer from 1 to " + Limits.PARTS);
        }
        if (forEach.parameter() != null) {
            var schema = workflow.parameters().get(forEach.parameter());
            if (schema == null) {
                unknown(
                        path + ".parameter",
                        "parameter",
                        forEach.parameter(),
                        workflow.parameters().keySet());
            } else if (!"array".equals(schema.type())) {
                invalid(path + ".parameter", "the parameter must be an array");
            }
        }
    }

    private void input(String path, String name, Input input, SubTask subTask) {
        component(path, name);
        if (input instanceof Input.Parameter from && !known(workflow.parameters(), from.parameter())) {
            unknown(path, "parameter", from.parameter(), workflow.parameters().keySet());
        } else if (input instanceof Input.Data from) {
            component(path + ".data", from.data());
        } else if (input instanceof Input.Result from) {
            outputRef(path, from.result(), from.output());
            mayBeSeen(path, from, subTask);
        } else if (input instanceof Input.State from && from.state() == null) {
            invalid(path + ".state", "expected chaincode, function and args");
        } else if (input instanceof Input.State from) {
            component(path + ".state.chaincode", from.state().chaincode());
            component(path + ".state.function", from.state().function());
        } else if (input instanceof Input.Item from) {
            variable(path, from.item(), subTask);
            if (subTask.forEach() != null && subTask.forEach().count() != null) {
                invalid(path, "a forEach over a count has no items; use {index: " + from.item() + "}");
            }
        } else if (input instanceof Input.Index from) {
            variable(path, from.index(), subTask);
        }
    }

    /** A node gets an input only where the output's visibility reaches its organisation: else every run would wait in vain. */
    private void mayBeSeen(String path, Input.Result from, SubTask reader) {
        if (!known(workflow.subTasks(), from.result())
                || !known(workflow.subTasks().get(from.result()).outputs(), from.output())) {
            return; // told already
        }
        SubTask producer = workflow.subTasks().get(from.result());
        SubTask.Output output = producer.outputs().get(from.output());
        if (output.isPublic() || reader.participants().size() != 1) {
            return;
        }
        for (String role : roles(reader)) {
            var msp = msp(role);
            boolean sameOrganisation = msp.isPresent()
                    && (output.visibility().stream().map(this::msp).anyMatch(msp::equals)
                            || roles(producer).stream().map(this::msp).allMatch(msp::equals));
            boolean reaches = output.visibility().contains(role) || sameOrganisation;
            if (!reaches) {
                invalid(
                        path,
                        "the role \"" + role + "\" may not see " + from.result() + "." + from.output()
                                + "; name it in subTasks." + from.result() + ".outputs." + from.output()
                                + ".visibility");
            }
        }
    }

    private static Collection<String> roles(SubTask subTask) {
        var forEach = subTask.forEach();
        return forEach != null && !forEach.role().isEmpty()
                ? forEach.role()
                : subTask.participants().keySet();
    }

    /** The organisation that plays a role in every task; empty where the task's arguments decide. */
    private Optional<String> msp(String role) {
        return Optional.ofNullable(workflow.roles().get(role))
                .map(bound -> bound.node() != null ? bound.node().msp() : bound.msp());
    }

    private void variable(String path, String name, SubTask subTask) {
        if (subTask.forEach() == null
                || name == null
                || !name.equals(subTask.forEach().as())) {
            invalid(path, "\"" + name + "\" is not this sub-task's forEach variable");
        }
    }

    private void outputs(String path, SubTask subTask) {
        if (subTask.outputs().size() > Limits.OUTPUTS) {
            invalid(path + ".outputs", "at most " + Limits.OUTPUTS + " outputs");
        }
        subTask.outputs().forEach((name, output) -> {
            String at = path + ".outputs." + name;
            component(at, name);
            output.visibility().stream()
                    .filter(role -> !role.equals(SubTask.Output.CHANNEL))
                    .forEach(role -> knownRole(at + ".visibility", role));
            if (output.onLedger() && !output.isPublic()) {
                invalid(at, "what stands on the ledger is visible to the channel: say visibility: channel");
            }
            if (output.onLedger() && output.maxSize() > Limits.ON_LEDGER) {
                invalid(at + ".maxSize", "at most 16Ki go on the ledger");
            }
            if (output.maxSize() < 1 || output.maxSize() > Limits.OUTPUT_SIZE) {
                invalid(at + ".maxSize", "expected a size up to 4Gi");
            }
        });
    }

    private void outputRef(String path, String subTask, String output) {
        var from = subTask == null ? null : workflow.subTasks().get(subTask);
        if (from == null) {
            unknown(path, "sub-task", subTask, workflow.subTasks().keySet());
        } else if (!known(from.outputs(), output)) {
            unknown(path, "output of " + subTask, output, from.outputs().keySet());
        }
    }

    private static boolean known(Map<String, ?> names, String name) {
        return name != null && names.containsKey(name);
    }

    private void knownRole(String path, String role) {
        if (!known(workflow.roles(), role)) {
            unknown(path, "role", role, workflow.roles().keySet());
        }
    }

    private void component(String path, String text) {
        if (!Names.isComponent(text)) {
            invalid(path, "\"" + text + "\" is not a name of 1 to 64 letters, digits, '.', '_' and '-'");
        }
    }

    private void unknown(String path, String kind, String name, Set<String> known) {
        invalid(path, "unknown " + kind + " \"" + name + "\"" + (name == null ? "" : Suggestion.among(name, known)));
    }

    private void invalid(String path, String message) {
        problems.add(new Problem(ErrorCode.WORKFLOW_INVALID, path, message));
    }

    private void unsupported(String path, String message) {
        problems.add(new Problem(ErrorCode.NOT_SUPPORTED, path, message));
    }

    /**
     * What must hold between a workflow and the operations it names: digests agree, required parameters and inputs are given and known.
     *
     * @param operations by id; those missing are reported
     */
    public static List<Problem> problems(Workflow workflow, Map<String, Operation> operations) {
        List<Problem> problems = new ArrayList<>();
        workflow.operations().forEach((id, digest) -> {
            var operation = operations.get(id);
            if (operation == null || !operation.digest().equals(digest)) {
                problems.add(new Problem(
                        ErrorCode.WORKFLOW_INVALID, "operations." + id, "the operation's file is missing or differs"));
            } else {
                problems.addAll(operation.problems());
            }
        });
        workflow.subTasks().forEach((name, subTask) -> {
            if (subTask.participants().size() == 1
                    && subTask.operation() != null
                    && operations.containsKey(subTask.operation())) {
                problems.addAll(matches("subTasks." + name, subTask, operations.get(subTask.operation())));
            }
        });
        problems.sort(Comparator.comparing(Problem::path));
        return problems;
    }

    private static List<Problem> matches(String path, SubTask subTask, Operation operation) {
        List<Problem> problems = new ArrayList<>();
        operation.parameters().forEach((name, schema) -> {
            if (!subTask.inputs().containsKey(name) && schema.defaultValue() == null) {
                problems.add(new Problem(
                        ErrorCode.WORKFLOW_INVALID,
                        path + ".inputs",
                        operation.operation() + " needs the parameter \"" + name + "\""));
            }
        });
        operation.inputs().keySet().stream()
                .filter(name -> !subTask.inputs().containsKey(name))
                .forEach(name -> problems.add(new Problem(
                        ErrorCode.WORKFLOW_INVALID,
                        path + ".inputs",
                        operation.operation() + " needs the input \"" + name + "\"")));
        subTask.inputs().forEach((name, input) -> {
            boolean content =
                    input instanceof Input.Data || input instanceof Input.Result || input instanceof Input.State;
            var known = content
                    ? operation.inputs().keySet()
                    : operation.parameters().keySet();
            if (!known.contains(name)) {
                problems.add(new Problem(
                        ErrorCode.WORKFLOW_INVALID,
                        path + ".inputs." + name,
                        operation.operation() + " has no " + (content ? "input" : "parameter") + " \"" + name + "\""
                                + Suggestion.among(name, known)));
            }
        });
        subTask.inputs().forEach((name, input) -> {
            var schema = operation.parameters().get(name);
            if (input instanceof Input.Value literal
                    && schema != null
                    && schema.problems(ErrorCode.OPERATION_INVALID, name).isEmpty()) {
                schema.check(path + ".inputs." + name, literal.value())
                        .forEach(problem -> problems.add(
                                new Problem(ErrorCode.WORKFLOW_INVALID, problem.path(), problem.message())));
            }
        });
        subTask.outputs().keySet().stream()
                .filter(name -> !known(operation.outputs(), name))
                .forEach(name -> problems.add(new Problem(
                        ErrorCode.WORKFLOW_INVALID,
                        path + ".outputs." + name,
                        operation.operation() + " has no output \"" + name + "\""
                                + Suggestion.among(name, operation.outputs().keySet()))));
        return problems;
    }
}
