package dev.selvage.agent.pipeline;

import dev.selvage.agent.data.RunDirectories;
import dev.selvage.agent.journal.Journal;
import dev.selvage.agent.journal.PartRow;
import dev.selvage.engine.RunKey;
import dev.selvage.model.ContractApi.ResultItem;
import dev.selvage.model.NodeId;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** What the journal knew when the node started. On the conductor's thread, but for {@link #row}. */
final class Recovery {
    private final Journal journal;
    private final Map<RunKey, PartRow> rows = new ConcurrentHashMap<>();

    Recovery(Journal journal) {
        this.journal = journal;
    }

    /** Reads tasks, facts, parts and transactions; before the first block. */
    void read(TaskBook book, TaskLoader loader, ResultPublisher publisher, RunDirectories directories) {
        journal.openParts().forEach(row -> rows.put(row.key(), row));
        loader.known().forEach(context -> book.make(context.id()).context(context));
        book.apply(journal.entries());
        for (var sent : journal.unsettled()) {
            Map<RunKey, ResultItem> items = new HashMap<>();
            sent.parts()
                    .forEach(key -> journal.part(key).flatMap(PartRow::result).ifPresent(item -> items.put(key, item)));
            publisher.restore(sent, items);
        }
        directories.keepOnly(rows.values().stream()
                .filter(row -> row.state() == PartRow.State.ACCEPTED)
                .map(PartRow::key)
                .toList());
    }

    /** Sends restored transactions again; their parts are on their way to the ledger. */
    void resend(TaskBook book, Works works, ResultPublisher publisher) {
        for (RunKey key : publisher.resend()) {
            book.find(key.task()).flatMap(KnownTask::context).ifPresent(context -> {
                var assignment = new Assignment(Assignment.LEDGER, context, key, 0, System.nanoTime(), false);
                works.add(assignment).stage = PartStanding.Stage.PUBLISHING;
            });
        }
    }

    /** What is open when the stream has shown everything up to the start was assigned before: the ledger is asked before it runs. */
    void openBefore(TaskBook book, NodeId self) {
        book.all()
                .forEach(task -> task.ready(self)
                        .forEach(part -> rows.computeIfAbsent(
                                part.key(),
                                key -> new PartRow(key, PartRow.State.ACCEPTED, "", Optional.empty(), ""))));
    }

    Optional<PartRow> row(RunKey key) {
        return Optional.ofNullable(rows.get(key));
    }

    boolean isSettled(RunKey key) {
        return row(key).filter(row -> row.state() == PartRow.State.SETTLED).isPresent();
    }

    void forget(String task) {
        rows.keySet().removeIf(key -> key.task().equals(task));
    }
}
