package dev.selvage.agent.pipeline;

import dev.selvage.engine.EngineDescription;
import dev.selvage.engine.EngineOutcome;
import dev.selvage.engine.StandardEngine;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.Facts.EngineId;
import dev.selvage.model.SelvageException;
import dev.selvage.scheduler.EngineRegistry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The node's engines by name. One that a reload replaced is closed when its last run is over. Thread-safe. */
public final class Engines implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Engines.class);
    private static final int LONGEST_VERSION = 128;

    private Map<String, Held> engines = Map.of();
    private List<StandardEngine> silent = List.of();

    private static final class Held {
        private final StandardEngine engine;
        private final EngineDescription description;
        private int runs;
        private boolean replaced;

        Held(StandardEngine engine, EngineDescription description) {
            this.engine = engine;
            this.description = description;
        }
    }

    /** An engine that stays open until this is closed. */
    final class Lease implements AutoCloseable {
        private final Held held;

        Lease(Held held) {
            this.held = held;
        }

        StandardEngine engine() {
            return held.engine;
        }

        /** What ran: the foreign engine's version where it told one, else the engine's, within what the ledger takes. */
        EngineId ranAs(EngineOutcome outcome) {
            String told = outcome.foreignVersion().isEmpty() ? held.description.version() : outcome.foreignVersion();
            String version = told.isEmpty() ? "unknown" : told;
            return new EngineId(
                    held.description.engine(), version.substring(0, Math.min(version.length(), LONGEST_VERSION)));
        }

        @Override
        public void close() {
            boolean last;
            synchronized (Engines.this) {
                last = --held.runs == 0 && held.replaced;
            }
            if (last) {
                held.engine.close();
            }
        }
    }

    /**
     * Replaces the engines. One that does not answer is left out, and asked again by {@link #askSilent}.
     *
     * @return the registry for the scheduler
     * @throws SelvageException ENGINE_TWICE; then nothing has changed
     */
    public EngineRegistry replace(Collection<? extends StandardEngine> all) {
        List<EngineDescription> descriptions = new ArrayList<>();
        List<StandardEngine> unanswered = new ArrayList<>();
        Map<String, Held> byName = new LinkedHashMap<>();
        for (StandardEngine engine : all) {
            try {
                var description = engine.describe();
                descriptions.add(description);
                byName.put(description.engine(), new Held(engine, description));
            } catch (RuntimeException e) {
                LOG.warn("an engine does not answer and is asked again later: {}", e.getMessage());
                unanswered.add(engine);
            }
        }
        EngineRegistry registry = EngineRegistry.of(descriptions);
        List<StandardEngine> idle = new ArrayList<>();
        synchronized (this) {
            for (Held before : engines.values()) {
                if (!all.contains(before.engine)) {
                    before.replaced = true;
                    if (before.runs == 0) {
                        idle.add(before.engine);
                    }
                } else {
                    byName.replaceAll((name, now) -> now.engine == before.engine ? before : now);
                }
            }
            silent.stream().filter(engine -> !all.contains(engine)).forEach(idle::add);
            silent = List.copyOf(unanswered);
            engines = Map.copyOf(byName);
        }
        idle.forEach(StandardEngine::close);
        return registry;
    }

    /** Asks engines again that did not answer; the registry when one of them does now. Blocks. */
    public Optional<EngineRegistry> askSilent() {
        List<StandardEngine> all = new ArrayList<>();
        synchronized (this) {
            if (silent.isEmpty()) {
                return Optional.empty();
            }
            engines.values().forEach(held -> all.add(held.engine));
            all.addAll(silent);
        }
        int before = all.size() - silent.size();
        EngineRegistry registry = replace(all);
        return registry.engines().size() > before ? Optional.of(registry) : Optional.empty();
    }

    /** The engine of that name for a run. */
    synchronized Lease lease(String name) {
        Held held = engines.get(name);
        if (held == null) {
            throw new SelvageException(ErrorCode.NO_ENGINE, "The engine " + name + " was taken away by a reload.");
        }
        held.runs++;
        return new Lease(held);
    }

    /** How many engines did not answer when they were asked what they are. */
    public synchronized int silent() {
        return silent.size();
    }

    /** All engines by name; those that have not told their names yet come with an empty one. */
    public synchronized List<Map.Entry<String, StandardEngine>> all() {
        List<Map.Entry<String, StandardEngine>> all = new ArrayList<>();
        engines.forEach((name, held) -> all.add(Map.entry(name, held.engine)));
        silent.forEach(engine -> all.add(Map.entry("", engine)));
        return all;
    }

    public synchronized Optional<StandardEngine> find(String name) {
        return Optional.ofNullable(engines.get(name)).map(held -> held.engine);
    }

    /** Closes all engines, whatever runs. */
    @Override
    public void close() {
        List<StandardEngine> open = new ArrayList<>();
        synchronized (this) {
            engines.values().forEach(held -> open.add(held.engine));
            open.addAll(silent);
            engines = Map.of();
            silent = List.of();
        }
        open.forEach(StandardEngine::close);
    }
}
