package dev.selvage.agent.pipeline;

import dev.selvage.model.ContractApi.Deployment;
import dev.selvage.model.Facts.TaskFact;
import dev.selvage.model.Graph;
import dev.selvage.model.NodeId;
import dev.selvage.model.Operation;
import dev.selvage.model.PartPlan;
import dev.selvage.model.SubTask;
import dev.selvage.model.Workflow;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/** What does not change of a task: its fact, its workflow, its operations. Thread-safe. */
public final class TaskContext {
    private final TaskFact fact;
    private final Workflow workflow;
    private final Map<String, Operation> operations = new TreeMap<>();
    private final Graph graph;
    private final Map<String, PartPlan> plans = new ConcurrentHashMap<>();

    /** A context of files that {@link Deployments} has checked. */
    TaskContext(TaskFact fact, Deployment deployment) {
        this.fact = fact;
        this.workflow = deployment.workflow();
        deployment.operations().forEach(operation -> operations.put(operation.operation(), operation));
        this.graph = Graph.of(workflow.subTasks());
    }

    public String id() {
        return fact.id();
    }

    public TaskFact fact() {
        return fact;
    }

    public Workflow workflow() {
        return workflow;
    }

    public Graph graph() {
        return graph;
    }

    public SubTask subTask(String name) {
        return workflow.subTasks().get(name);
    }

    /** The operation that a sub-task runs. */
    public Operation operation(String subTask) {
        return operations.get(subTask(subTask).operation());
    }

    public PartPlan plan(String subTask) {
        return plans.computeIfAbsent(subTask, name -> PartPlan.of(subTask(name), fact.binding(), fact.arguments()));
    }

    /** Every node that plays a role. */
    public Set<NodeId> nodes() {
        var nodes = new TreeSet<NodeId>();
        fact.binding().roles().values().forEach(bound -> bound.forEach(node -> nodes.add(node.id())));
        return nodes;
    }
}
