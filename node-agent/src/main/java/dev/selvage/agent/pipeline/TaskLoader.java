package dev.selvage.agent.pipeline;

import dev.selvage.agent.journal.Journal;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.NodeId;
import dev.selvage.model.SelvageException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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
    private final Set<String> loading = new HashSet<>();

    TaskLoader(
            NodeId self, Contract contract, Deployments deployments, Journal journal, Executor conductor, Executor io) {
        this.self = self;
        this.contract = contract;
        this.deployments = deployments;
        this.journal = journal;
        this.conductor = conductor;
        this.io = io;
    }

    /** The tasks of this node that the journal knows. */
    List<TaskContext> known() {
        List<TaskContext> known = new ArrayList<>();
        journal.tasks().forEach(fact -> known.add(new TaskContext(fact, deployments.get(fact.workflow()))));
        return known;
    }

    /**
     * Loads a task, unless that is under way; a peer that is behind or away is asked again.
     *
     * @param then gets the context, or nothing when the node has no part in the task or it has ended
     */
    void load(String task, Consumer<Optional<TaskContext>> then) {
        if (loading.add(task)) {
            io.execute(() -> {
                var context = until(task);
                conductor.execute(() -> {
                    loading.remove(task);
                    then.accept(context);
                });
            });
        }
    }

    private Optional<TaskContext> until(String task) {
        long pause = FIRST_PAUSE_MS;
        while (true) {
            try {
                return load(task);
            } catch (SelvageException e) {
                if (e.code() == ErrorCode.INTERRUPTED || e.code() == ErrorCode.JOURNAL_CORRUPT) {
                    throw e;
                }
                LOG.debug("task={} cannot be read yet: {}", task, e.getMessage());
                Pauses.sleep(pause);
                pause = Math.min(LONGEST_PAUSE_MS, pause * 2);
            }
        }
    }

    private Optional<TaskContext> load(String task) {
        var view = contract.task(task);
        var fact = view.task();
        boolean ours = view.end() == null
                && fact.binding().roles().values().stream()
                        .anyMatch(nodes ->
                                nodes.stream().anyMatch(node -> node.id().equals(self)));
        if (!ours) {
            journal.notOurs(task);
            return Optional.empty();
        }
        var deployment = deployments.get(fact.workflow());
        journal.ours(fact, deployment);
        return Optional.of(new TaskContext(fact, deployment));
    }
}
