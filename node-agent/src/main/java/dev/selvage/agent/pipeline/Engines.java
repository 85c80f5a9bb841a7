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

/** The node's engines by name. Thread-safe; an engine that left a reload stays usable for its runs until it is closed. */
public final class Engines {
    private volatile Map<String, StandardEngine> engines = Map.of();

    /**
     * Replaces the engines.
     *
     * @return the registry for the scheduler
     * @throws SelvageException ENGINE_TWICE; then nothing has changed
     */
    public EngineRegistry replace(Collection<? extends StandardEngine> all) {
        List<EngineDescription> descriptions = new ArrayList<>();
        Map<String, StandardEngine> byName = new LinkedHashMap<>();
        for (StandardEngine engine : all) {
            var description = engine.describe();
            descriptions.add(description);
            byName.put(description.engine(), engine);
        }
        EngineRegistry registry = EngineRegistry.of(descriptions);
        engines = Map.copyOf(byName);
        return registry;
    }

    public Optional<StandardEngine> find(String name) {
        return Optional.ofNullable(engines.get(name));
    }

    StandardEngine get(String name) {
        return find(name)
                .orElseThrow(() -> new SelvageException(
                        ErrorCode.NO_ENGINE, "The engine " + name + " was taken away by a reload."));
    }

    public Collection<StandardEngine> all() {
        return engines.values();
    }
}
