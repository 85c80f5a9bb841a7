package dev.selvage.agent.pipeline;

import dev.selvage.agent.journal.Journal;
import dev.selvage.agent.journal.NewTasks;
import dev.selvage.model.ContractApi.Deployment;
import dev.selvage.model.Facts.TaskFact;
import dev.selvage.model.NodeId;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Learns what a new task is, and whether this node has a part in it. Called on the conductor's thread; asks the ledger on others. */
final class TaskLoader {
    private static final Logger LOG = LoggerFactory.getLogger(TaskLoader.class);
    private static final long FIRST_PAUSE_MS = 20;
    private static final long LONGEST_PAUSE_MS = 5_000;

    private final NodeId self;
    private final Contract contract;
    private final Deployments deployments;
    private final Journal journal;
    private final Executor conductor;
    private final Executor io;
    private final Clock clock;
    private final Map<String, Attempt> loading = new HashMap<>();

    TaskLoader(
            NodeId self,
            Contract contract,
            Deployments deployments,
            Journal journal,
            Executor conductor,
            Executor io,
            Clock clock) {
        this.self = self;
        this.contract = contract;
        this.deployments = deployments;
        this.journal = journal;
        this.conductor = conductor;
        this.io = io;
        this.clock = clock;
    }

    /** The tasks of this node that the journal knows. */
    List<TaskContext> known() {
        List<TaskContext> known = new ArrayList<>();
        journal.tasks().forEach(fact -> known.add(new TaskContext(fact, deployments.get(fact.workflow()))));
        return known;
    }

    /** What a block tells of the tasks that it created; those whose workflow is not at hand are left to {@link #load}. */
    NewTasks created(List<TaskFact> facts) {
        Map<TaskFact, Deployment> ours = new HashMap<>();
        List<String> others = new ArrayList<>();
        for (TaskFact fact : facts) {
            if (isOurs(fact)) {
                deployments.known(fact.workflow()).ifPresent(deployment -> ours.put(fact, deployment));
            } else {
                others.add(fact.id());
            }
        }
        return new NewTasks(ours, others);
    }

    /** Keeps workflows at hand whose deployments were met. */
    void deployed(List<String> arguments) {
        arguments.forEach(argument -> io.execute(() -> deployments.offer(argument)));
    }

    private boolean isOurs(TaskFact fact) {
        return fact.binding().roles().values().stream()
                .anyMatch(nodes -> nodes.stream().anyMatch(node -> node.id().equals(self)));
    }

    /**
     * Loads a task, unless that is under way; a peer that is behind or away is asked again after a pause.
     *
     * @param then gets the context, or nothing when the node has no part in the task or it has ended
     */
    void load(String task, Consumer<Optional<TaskContext>> then) {
        if (loading.putIfAbsent(task, new Attempt(then)) == null) {
            ask(task);
        }
    }

    /** Asks again what is due. */
    void tick(long now) {
        loading.forEach((task, attempt) -> {
            if (attempt.due <= now) {
                attempt.due = Long.MAX_VALUE;
                ask(task);
            }
        });
    }

    /** The task has ended: nobody waits for it any more. */
    void forget(String task) {
        loading.remove(task);
    }

    private static final class Attempt {
        private final Consumer<Optional<TaskContext>> then;
        private long due = Long.MAX_VALUE;
        private long pause = FIRST_PAUSE_MS;

        Attempt(Consumer<Optional<TaskContext>> then) {
            this.then = then;
        }
    }

    private void ask(String task) {
        io.execute(() -> {
            try {
                var context = load(task);
                conductor.execute(() -> {
                    Attempt attempt = loading.remove(task);
                    if (attempt != null) {
                        attempt.then.accept(context);
                    }
                });
            } catch (RuntimeException e) {
                conductor.execute(() -> later(task, e));
            }
        });
    }

    private void later(String task, RuntimeException fault) {
        Attempt attempt = loading.get(task);
        if (attempt != null) {
            if (attempt.pause == LONGEST_PAUSE_MS) {
                LOG.warn("task={} cannot be read, it is asked for again: {}", task, fault.getMessage());
            }
            attempt.due = clock.millis() + attempt.pause;
            attempt.pause = Math.min(LONGEST_PAUSE_MS, attempt.pause * 2);
        }
    }

    private Optional<TaskContext> load(String task) {
        var view = contract.task(task);
        var fact = view.task();
        if (view.end() != null || !isOurs(fact)) {
            journal.notOurs(task);
            return Optional.empty();
        }
        var deployment = deployments.get(fact.workflow());
        journal.ours(fact, deployment);
        return Optional.of(new TaskContext(fact, deployment));
    }
}
