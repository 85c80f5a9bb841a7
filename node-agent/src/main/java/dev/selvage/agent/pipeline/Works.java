package dev.selvage.agent.pipeline;

import dev.selvage.engine.RunKey;
import dev.selvage.scheduler.Scheduler;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The parts of this node that are not settled. On the conductor's thread. */
final class Works {
    private final Map<RunKey, Work> works = new LinkedHashMap<>();
    private final Scheduler scheduler;

    Works(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    Work add(Assignment assignment) {
        Work work = new Work(assignment);
        works.put(assignment.key(), work);
        return work;
    }

    boolean has(RunKey key) {
        return works.containsKey(key);
    }

    Work get(RunKey key) {
        return works.get(key);
    }

    /** Whether this very work is still wanted: its task runs, and the ledger has no result of it. */
    boolean wants(Work work) {
        return works.get(work.assignment.key()) == work;
    }

    /** Takes a part out, from the scheduler's queue too. */
    void remove(RunKey key) {
        drop(key);
        scheduler.withdraw(key);
    }

    private void drop(RunKey key) {
        Work work = works.remove(key);
        if (work != null) {
            work.gone = true;
        }
    }

    void removeAll(Collection<RunKey> keys) {
        keys.forEach(this::drop);
    }

    void end(String task) {
        works.keySet().stream().filter(key -> key.task().equals(task)).toList().forEach(this::remove);
    }

    List<Work> waiting() {
        return works.values().stream().filter(Work::waits).toList();
    }

    List<PartStanding> standing(String task) {
        return works.values().stream()
                .filter(work -> work.assignment.key().task().equals(task))
                .map(work -> work.standing(scheduler))
                .toList();
    }
}
