package dev.selvage.chaincode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.contract.testing.MemoryLedger;
import dev.selvage.model.ContractApi;
import dev.selvage.model.ContractApi.ResultItem;
import dev.selvage.model.ContractApi.Step;
import dev.selvage.model.ContractApi.StepKind;
import dev.selvage.model.Facts;
import dev.selvage.model.Graph;
import dev.selvage.model.Keys;
import dev.selvage.model.LedgerEvent;
import dev.selvage.model.NodeId;
import dev.selvage.model.PartPlan;
import dev.selvage.model.PartRange;
import dev.selvage.model.SubTask;
import dev.selvage.model.Workflow;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random workflows, run by nodes that behave as LEDGER.md says, under a seeded schedule: results are batched across tasks, stay in flight
 * while others commit, and fail at random. Every task ends exactly once, every fact is written once, and no transaction is invalidated.
 */
class RandomRunTest {
    private static final int TASKS = 4;

    private final Channel channel = new Channel();
    private final Watcher watcher = new Watcher();
    private final List<MemoryLedger.Endorsed> inFlight = new ArrayList<>();
    private final Map<String, Workflow> workflows = new HashMap<>();
    private final Map<NodeId, List<Run>> runs = new HashMap<>();
    private final List<LedgerEvent.Result> results = new ArrayList<>();
    private final Set<String> sent = new HashSet<>();
    private int told;
    private Random random;

    private record Run(String task, String subTask, int index, int attempt, String role) {}

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24})
    void any_interleaving_ends_every_task_once_and_invalidates_nothing(long seed) {
        random = new Random(seed);
        for (int i = 0; i < TASKS; i++) {
            Workflow workflow = randomWorkflow(i);
            workflows.put(channel.create(workflow, Flows.nodes()), workflow);
        }
        listen();
        watcher.look(channel);
        for (int step = 0; !finished(); step++) {
            assertThat(step).as("steps until all has ended").isLessThan(5_000);
            if (random.nextInt(3) > 0) {
                work();
            } else {
                commit();
            }
        }
        for (String task : workflows.keySet()) {
            assertThat(channel.events().stream()
                            .filter(fact -> fact instanceof LedgerEvent.End
                                    && fact.task().equals(task)))
                    .hasSize(1);
        }
        channel.ledger.history.forEach((key, changes) -> {
            if (!key.startsWith("todo/") && !key.startsWith("operation/")) {
                assertThat(changes).as(key).hasSize(1);
            }
        });
        assertThat(channel.ledger.state.keySet()).noneMatch(key -> key.startsWith("todo/"));
        assertThat(channel.ledger.state.keySet()).noneMatch(key -> key.startsWith("conflict/"));
    }

    private boolean finished() {
        return inFlight.isEmpty() && workflows.keySet().stream().allMatch(task -> channel.end(task) != null);
    }

    private Workflow randomWorkflow(int number) {
        var flow = Flows.flow().named("w" + number, "1.0.0").allNodes();
        int size = 2 + random.nextInt(7);
        for (int i = 0; i < size; i++) {
            var after = new TreeSet<String>();
            for (int j = 0; j < i && after.size() < 3; j++) {
                if (random.nextInt(3) == 0) {
                    after.add("s" + j);
                }
            }
            String[] needs = after.toArray(String[]::new);
            String name = "s" + i;
            switch (random.nextInt(5)) {
                case 0 -> flow.eachRole(name, needs);
                case 1 -> flow.count(name, 1 + random.nextInt(6), needs);
                default -> flow.one(name, List.of("ewr", "jfk", "lga").get(random.nextInt(3)), needs);
            }
            if (random.nextInt(4) == 0) {
                var when = random.nextBoolean() ? SubTask.RunIf.ALWAYS : SubTask.RunIf.FAILURE;
                flow.change(name, draft -> draft.runIf(when));
            }
            flow.change(name, draft -> draft.attempts(1 + random.nextInt(3)));
        }
        return flow.build();
    }

    /** A node takes some of what it has to do and endorses the results in one transaction. */
    private void work() {
        List<NodeId> busy = runs.entrySet().stream()
                .filter(entry -> !entry.getValue().isEmpty())
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
        if (busy.isEmpty()) {
            commit();
            return;
        }
        NodeId node = busy.get(random.nextInt(busy.size()));
        List<Run> mine = runs.get(node);
        int count = 1 + random.nextInt(Math.min(5, mine.size()));
        List<ResultItem> items = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            items.add(result(mine.remove(random.nextInt(mine.size()))));
        }
        inFlight.add(channel.endorse(node.msp(), items.toArray(ResultItem[]::new)));
    }

    private ResultItem result(Run run) {
        if (random.nextInt(7) == 0) {
            return Channel.failure(
                    run.task(), run.subTask(), run.index(), run.attempt(), run.role(), random.nextInt(4) > 0);
        }
        var item = Channel.success(run.task(), run.subTask(), run.index(), run.attempt(), run.role(), "x");
        return Channel.opening(item, seenComplete(run).toArray(String[]::new));
    }

    /** Dependents whose other inputs this node has seen done. */
    private List<String> seenComplete(Run run) {
        var fact = Workflows.facts(workflows.get(run.task())).get(run.subTask());
        return fact.dependents().stream()
                .filter(Facts.Dependent::byResult)
                .filter(dependent -> dependent.dependencies().stream()
                        .filter(need -> !need.equals(run.subTask()))
                        .allMatch(need -> channel.ledger.state.containsKey(Keys.done(run.task(), need, 0))))
                .map(Facts.Dependent::name)
                .toList();
    }

    /** Commits some of what is in flight, in any order. */
    private void commit() {
        List<MemoryLedger.Endorsed> block = new ArrayList<>();
        int count = inFlight.isEmpty() ? 0 : 1 + random.nextInt(inFlight.size());
        for (int i = 0; i < count; i++) {
            block.add(inFlight.remove(random.nextInt(inFlight.size())));
        }
        assertThat(channel.ledger.commit(block)).allMatch(code -> code == MemoryLedger.Code.VALID);
        listen();
        watcher.look(channel);
        workflows.keySet().stream().sorted().forEach(this::advance);
    }

    private void listen() {
        var events = channel.events();
        for (; told < events.size(); told++) {
            if (events.get(told) instanceof LedgerEvent.Ready ready) {
                start(ready);
            } else if (events.get(told) instanceof LedgerEvent.Result result) {
                results.add(result);
            }
        }
    }

    private void start(LedgerEvent.Ready ready) {
        var task = channel.fact(Keys.task(ready.task()), Facts.TaskFact.class);
        var plan = PartPlan.of(
                workflows.get(ready.task()).subTasks().get(ready.subTask()), task.binding(), task.arguments());
        for (PartRange range : ready.parts()) {
            for (int i = range.first(); i < range.first() + range.count(); i++) {
                NodeId node = plan.node(i, ready.attempt()).id();
                assertThat(ready.nodes()).contains(node);
                runs.computeIfAbsent(node, key -> new ArrayList<>())
                        .add(new Run(ready.task(), ready.subTask(), i, ready.attempt(), plan.role(i)));
            }
        }
    }

    /** The node whose result came last among those that a step waited for sends it (rule 3). */
    private void advance(String task) {
        for (Step step : channel.view(task).next()) {
            NodeId duty = results.stream()
                    .filter(result -> result.task().equals(task) && waitedFor(step, result))
                    .reduce((first, last) -> last)
                    .map(LedgerEvent.Result::node)
                    .orElse(Channel.node("EwrMSP"));
            if (sent.add(step + " by " + duty)) {
                inFlight.add(channel.ledger.endorse(Channel.identity(duty), ContractApi.ADVANCE, List.of(step)));
            }
        }
    }

    private boolean waitedFor(Step step, LedgerEvent.Result result) {
        if (step.kind() == StepKind.OPEN) {
            return ancestors(step.task(), step.subTask()).contains(result.subTask());
        }
        return step.kind() == StepKind.END
                || (result.subTask().equals(step.subTask()) && result.index() == step.index());
    }

    private Set<String> ancestors(String task, String subTask) {
        var graph = Graph.of(workflows.get(task).subTasks());
        Set<String> found = new TreeSet<>(graph.dependencies(subTask));
        for (String need : List.copyOf(found)) {
            found.addAll(ancestors(task, need));
        }
        return found;
    }
}
