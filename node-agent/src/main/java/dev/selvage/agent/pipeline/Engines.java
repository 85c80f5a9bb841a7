package dev.selvage.agent.pipeline;

import dev.selvage.engine.EngineDescription;
import dev.selvage.engine.StandardEngine;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import dev.selvage.scheduler.EngineRegistry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The node's engines by name. One that a reload replaced is closed when its last run is over. Thread-safe. */
public final class Engines implements AutoCloseable {
    private Map<String, Held> engines = Map.of();

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

        /** The version that the engine told when it was loaded. */
        String version() {
            return held.description.version();
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
     * Replaces the engines.
     *
     * @return the registry for the scheduler
     * @throws SelvageException ENGINE_TWICE; then nothing has changed
     */
    public EngineRegistry replace(Collection<? extends StandardEngine> all) {
        List<EngineDescription> descriptions = new ArrayList<>();
        Map<String, Held> byName = new LinkedHashMap<>();
        for (StandardEngine engine : all) {
            var description = engine.describe();
            descriptions.add(description);
            byName.put(description.engine(), new Held(engine, description));
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
            engines = Map.copyOf(byName);
        }
        idle.forEach(StandardEngine::close);
        return registry;
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

    public synchronized Optional<StandardEngine> find(String name) {
        return Optional.ofNullable(engines.get(name)).map(held -> held.engine);
    }

    /** Closes all engines, whatever runs. */
    @Override
    public void close() {
        List<Held> open;
        synchronized (this) {
            open = List.copyOf(engines.values());
            engines = Map.of();
        }
        open.forEach(held -> held.engine.close());
    }
}
