package dev.selvage.agent.read;

import dev.selvage.agent.peer.ContentFacts;
import dev.selvage.agent.peer.ContentPlace;
import dev.selvage.model.Digest;
import dev.selvage.model.Facts.TaskFact;
import dev.selvage.model.SelvageException;
import dev.selvage.model.Workflow;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** What the ledger says of content: places from the read model, tasks and workflows from the ledger, once each. Thread-safe. */
public final class LedgerContentFacts implements ContentFacts {
    private static final int KEPT = 1_000;

    private final ReadModel model;
    private final Function<String, Known> tasks;
    private final Map<String, Known> kept = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Known> eldest) {
            return size() > KEPT;
        }
    };

    /** A task with its workflow. */
    public record Known(TaskFact task, Workflow workflow) {}

    /**
     * Content facts of a read model.
     *
     * @param tasks reads a task from the ledger; may throw
     */
    public LedgerContentFacts(ReadModel model, Function<String, Known> tasks) {
        this.model = model;
        this.tasks = tasks;
    }

    @Override
    public List<ContentPlace> places(Digest digest) {
        List<ContentPlace> places = new ArrayList<>();
        for (ReadModel.OutputPlace place : model.places(digest)) {
            known(place.task()).ifPresent(task -> places.add(place(task, place)));
            for (String later : model.retriesOf(place.task())) {
                known(later)
                        .filter(task -> place.task().equals(task.task().citedTask(place.subTask(), place.part())))
                        .ifPresent(task -> places.add(place(task, place)));
            }
        }
        return places;
    }

    private static ContentPlace place(Known task, ReadModel.OutputPlace place) {
        return new ContentPlace(
                task.task().id(),
                task.workflow(),
                task.task().binding(),
                place.subTask(),
                place.part(),
                place.name(),
                place.node(),
                place.fact());
    }

    private Optional<Known> known(String task) {
        synchronized (kept) {
            var known = kept.get(task);
            if (known != null) {
                return Optional.of(known);
            }
        }
        try {
            var found = tasks.apply(task);
            synchronized (kept) {
                kept.put(task, found);
            }
            return Optional.of(found);
        } catch (SelvageException notReachable) {
            return Optional.empty();
        }
    }

    @Override
    public boolean revoked(String msp, Digest spki) {
        return model.revoked(msp, spki);
    }
}
