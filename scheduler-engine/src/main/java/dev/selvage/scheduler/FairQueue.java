package dev.selvage.scheduler;

import dev.selvage.engine.RunKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What waits, in an order that is fair between creators, between the tasks of a creator, and between the sub-tasks of a task: each in
 * turn; parts of one sub-task first come, first served.
 */
final class FairQueue {
    private final Lanes root = new Lanes();
    private final Map<RunKey, Entry> entries = new HashMap<>();

    int size() {
        return entries.size();
    }

    boolean contains(RunKey key) {
        return entries.containsKey(key);
    }

    Demand get(RunKey key) {
        Entry entry = entries.get(key);
        return entry == null ? null : entry.demand;
    }

    void add(Demand demand) {
        Entry entry = new Entry(demand);
        if (entries.putIfAbsent(demand.key(), entry) == null) {
            root.lane(demand).waiting.put(demand.key(), entry);
        }
    }

    boolean remove(RunKey key) {
        Entry entry = entries.remove(key);
        if (entry == null) {
            return false;
        }
        root.remove(path(entry.demand), 0, key);
        return true;
    }

    /** Takes the next in turn that passes; those passed over before it are counted as overtaken. */
    Optional<Demand> take(Predicate<Demand> fits) {
        List<Entry> passed = new ArrayList<>();
        Entry taken = root.take(fits, passed);
        if (taken == null) {
            return Optional.empty();
        }
        passed.forEach(entry -> entry.overtaken++);
        entries.remove(taken.demand.key());
        return Optional.of(taken.demand);
    }

    /** The heads of all lanes that were overtaken at least so often. */
    List<Demand> overtaken(int times) {
        List<Demand> heads = new ArrayList<>();
        root.heads(entry -> {
            if (entry.overtaken >= times) {
                heads.add(entry.demand);
            }
        });
        return heads;
    }

    private static List<String> path(Demand demand) {
        return List.of(demand.creator(), demand.key().task(), demand.key().subTask());
    }

    private static final class Entry {
        private final Demand demand;
        private int overtaken;

        Entry(Demand demand) {
            this.demand = demand;
        }
    }

    /** A level of the rotation: creators, then tasks, then sub-tasks, and there the parts. */
    private static final class Lanes {
        private final Map<String, Lanes> lanes = new LinkedHashMap<>();
        private final Map<RunKey, Entry> waiting = new LinkedHashMap<>();

        Lanes lane(Demand demand) {
            Lanes at = this;
            for (String name : path(demand)) {
                at = at.lanes.computeIfAbsent(name, n -> new Lanes());
            }
            return at;
        }

        boolean isEmpty() {
            return lanes.isEmpty() && waiting.isEmpty();
        }

        Entry take(Predicate<Demand> fits, List<Entry> passed) {
            if (!waiting.isEmpty()) {
                Entry head = waiting.values().iterator().next();
                if (fits.test(head.demand)) {
                    waiting.remove(head.demand.key());
                    return head;
                }
                passed.add(head);
                return null;
            }
            for (String name : List.copyOf(lanes.keySet())) {
                Lanes lane = lanes.get(name);
                Entry taken = lane.take(fits, passed);
                if (taken != null) {
                    lanes.remove(name);
                    if (!lane.isEmpty()) {
                        lanes.put(name, lane); // to the end of the turn
                    }
                    return taken;
                }
            }
            return null;
        }

        void remove(List<String> path, int depth, RunKey key) {
            if (depth == path.size()) {
                waiting.remove(key);
                return;
            }
            Lanes lane = lanes.get(path.get(depth));
            lane.remove(path, depth + 1, key);
            if (lane.isEmpty()) {
                lanes.remove(path.get(depth));
            }
        }

        void heads(java.util.function.Consumer<Entry> visitor) {
            if (!waiting.isEmpty()) {
                visitor.accept(waiting.values().iterator().next());
            }
            lanes.values().forEach(lane -> lane.heads(visitor));
        }
    }
}
