package dev.selvage.scheduler;

import dev.selvage.engine.EngineDescription;
import dev.selvage.engine.RunKey;
import dev.selvage.model.ErrorCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The one book of a node's free resources, and the queue for them. Deciding code only: the caller gives the time and starts what is
 * reserved. Thread-safe by one lock.
 */
public final class Scheduler {
    /** How often a demand may be overtaken by later ones that fit before what it waits for is kept for it. */
    public static final int PATIENCE = 32;

    private final Resources capacity;
    private final int limit;
    private final FairQueue queue = new FairQueue();
    private final Map<RunKey, EngineChoice> running = new HashMap<>();
    private final Map<String, Integer> runs = new HashMap<>();
    private EngineRegistry registry = EngineRegistry.EMPTY;
    private Resources free;
    private boolean draining;
    private double meanRunMs;

    /**
     * A book with everything free.
     *
     * @param capacity what runs may use together
     * @param limit demands that may wait
     */
    public Scheduler(Resources capacity, int limit) {
        this.capacity = capacity;
        this.limit = limit;
        this.free = capacity;
    }

    /** Replaces the engines; runs under way keep theirs. Follow it by {@link #next}. */
    public synchronized void engines(EngineRegistry engines) {
        this.registry = engines;
    }

    public synchronized EngineRegistry engines() {
        return registry;
    }

    /** From now on nothing new starts; what waits stays. */
    public synchronized void drain(boolean on) {
        this.draining = on;
    }

    /**
     * Takes a demand: an engine and resources at once, or a place in the queue, or neither. Offering again what waits or runs changes
     * nothing.
     *
     * @param now milliseconds since 1970 UTC
     */
    public synchronized Offer offer(Demand demand, long now) {
        if (running.containsKey(demand.key())) {
            return new Offer.Reserved(running.get(demand.key()));
        }
        var tooMuch = capacity.lacks(Resources.of(demand.requirement()));
        if (tooMuch.isPresent()) {
            return new Offer.Declined(
                    ErrorCode.RESOURCES_EXCEED_NODE,
                    "The part needs " + tooMuch.get().needed() + " of "
                            + tooMuch.get().resource() + ", the node has "
                            + tooMuch.get().free() + " in all.");
        }
        int ahead = queue.size();
        if (!queue.contains(demand.key())) {
            queue.add(demand);
            var own = queue.take(other -> other.key().equals(demand.key()) && mayStart(other));
            if (own.isPresent()) {
                return new Offer.Reserved(reserve(demand, free(demand).orElseThrow(), now));
            }
            if (ahead >= limit) {
                queue.remove(demand.key());
                return new Offer.Declined(ErrorCode.QUEUE_FULL, new Waiting.ForQueue(limit).sentence() + ".");
            }
        }
        return new Offer.Queued(reason(demand), ahead, eta(ahead));
    }

    /** What {@link #offer} would say to a demand, without taking it. */
    public synchronized Offer ask(Demand demand, long now) {
        var tooMuch = capacity.lacks(Resources.of(demand.requirement()));
        if (tooMuch.isPresent()) {
            return new Offer.Declined(
                    ErrorCode.RESOURCES_EXCEED_NODE,
                    "The node has " + tooMuch.get().free() + " of "
                            + tooMuch.get().resource() + " in all.");
        }
        var engine = queue.size() == 0 ? free(demand) : Optional.<EngineDescription>empty();
        if (engine.isPresent()) {
            return new Offer.Reserved(new EngineChoice(demand, engine.get().engine(), now));
        }
        return new Offer.Queued(reason(demand), queue.size(), eta(queue.size()));
    }

    /** Reserves for everything in the queue that may start now; call it after a release, a change of engines, or a drain's end. */
    public synchronized List<EngineChoice> next(long now) {
        List<EngineChoice> started = new ArrayList<>();
        Optional<Demand> taken = takeOne();
        while (taken.isPresent()) {
            started.add(reserve(taken.get(), free(taken.get()).orElseThrow(), now));
            taken = takeOne();
        }
        return started;
    }

    private Optional<Demand> takeOne() {
        return queue.take(this::mayStart);
    }

    private boolean mayStart(Demand demand) {
        var engine = free(demand);
        return engine.isPresent() && !kept(demand, engine.get(), queue.overtaken(PATIENCE));
    }

    /** Whether what the demand would take is kept for one that was overtaken too often. */
    private boolean kept(Demand demand, EngineDescription engine, List<Demand> owed) {
        return owed.stream()
                .filter(other -> !other.key().equals(demand.key()))
                .anyMatch(other -> blocks(other)
                        .map(reason -> reason instanceof Waiting.ForResources
                                || (reason instanceof Waiting.ForRuns
                                        && registry.candidates(other).contains(engine)))
                        .orElse(false));
    }

    /** Gives a run's resources back. More than one call for a run is harmless. */
    public synchronized void release(EngineChoice choice, long now) {
        if (running.remove(choice.demand().key()) != null) {
            free = free.plus(Resources.of(choice.demand().requirement()));
            runs.merge(choice.engine(), -1, Integer::sum);
            double took = Math.max(0, now - choice.since());
            meanRunMs = meanRunMs == 0 ? took : 0.9 * meanRunMs + 0.1 * took;
        }
    }

    /** Takes a demand out of the queue; false when it does not wait there. */
    public synchronized boolean withdraw(RunKey key) {
        return queue.remove(key);
    }

    /** Why a demand waits; empty when it is not in the queue. */
    public synchronized Optional<Waiting> why(RunKey key) {
        return Optional.ofNullable(queue.get(key)).map(this::reason);
    }

    /** The load of this moment. */
    public synchronized Load load() {
        return new Load(capacity, free, running.size(), queue.size(), draining);
    }

    /**
     * The load of a node.
     *
     * @param running runs under way
     * @param waiting demands in the queue
     */
    public record Load(Resources capacity, Resources free, int running, int waiting, boolean draining) {}

    private EngineChoice reserve(Demand demand, EngineDescription engine, long now) {
        var choice = new EngineChoice(demand, engine.engine(), now);
        free = free.minus(Resources.of(demand.requirement()));
        runs.merge(engine.engine(), 1, Integer::sum);
        running.put(demand.key(), choice);
        return choice;
    }

    /** The least loaded engine that could take it now, resources permitting. */
    private Optional<EngineDescription> free(Demand demand) {
        if (draining || free.lacks(Resources.of(demand.requirement())).isPresent()) {
            return Optional.empty();
        }
        return registry.candidates(demand).stream()
                .filter(engine -> runsOf(engine) < engine.capacity().runs())
                .min(Comparator.comparingDouble(
                        engine -> (double) runsOf(engine) / engine.capacity().runs()));
    }

    private Waiting reason(Demand demand) {
        return blocks(demand).orElseGet(() -> new Waiting.ForTurn(queue.size() - 1));
    }

    private Optional<Waiting> blocks(Demand demand) {
        if (draining) {
            return Optional.of(new Waiting.ForDrain());
        }
        var candidates = registry.candidates(demand);
        if (candidates.isEmpty()) {
            return Optional.of(registry.missing(demand));
        }
        if (candidates.stream()
                .allMatch(engine -> runsOf(engine) >= engine.capacity().runs())) {
            var engine = candidates.get(0);
            return Optional.of(new Waiting.ForRuns(engine.engine(), runsOf(engine)));
        }
        return free.lacks(Resources.of(demand.requirement())).map(Waiting.class::cast);
    }

    private int runsOf(EngineDescription engine) {
        return runs.getOrDefault(engine.engine(), 0);
    }

    private Optional<Duration> eta(int ahead) {
        if (meanRunMs == 0 || running.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(Duration.ofMillis((long) (meanRunMs * (ahead + 1) / running.size())));
    }
}
