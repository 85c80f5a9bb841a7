package dev.selvage.scheduler;

import dev.selvage.engine.EngineDescription;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** The engines of a node by what they offer. Immutable. */
public final class EngineRegistry {
    public static final EngineRegistry EMPTY = new EngineRegistry(Map.of());

    private final Map<String, EngineDescription> engines;

    private EngineRegistry(Map<String, EngineDescription> engines) {
        this.engines = engines;
    }

    /**
     * A registry of these engines.
     *
     * @throws SelvageException ENGINE_TWICE when two have one name, or front one heterogeneous engine (A7)
     */
    public static EngineRegistry of(Collection<EngineDescription> descriptions) {
        Map<String, EngineDescription> byName = new TreeMap<>();
        Map<String, String> byInstance = new HashMap<>();
        for (EngineDescription engine : descriptions) {
            if (byName.put(engine.engine(), engine) != null) {
                throw new SelvageException(ErrorCode.ENGINE_TWICE, "Two engines are called " + engine.engine() + ".");
            }
            String other = byInstance.put(engine.instance(), engine.engine());
            if (other != null) {
                throw new SelvageException(
                        ErrorCode.ENGINE_TWICE,
                        "The engines " + other + " and " + engine.engine() + " front the same one, " + engine.instance()
                                + ".");
            }
        }
        return new EngineRegistry(byName);
    }

    public Collection<EngineDescription> engines() {
        return engines.values();
    }

    /** The engines that may run it, in order of their names. */
    List<EngineDescription> candidates(Demand demand) {
        return engines.values().stream()
                .filter(engine -> engine.offers(demand.operation(), demand.digest()))
                .filter(engine -> demand.engines().isEmpty() || demand.engines().contains(engine.engine()))
                .toList();
    }

    /** Why no engine may run it. */
    Waiting missing(Demand demand) {
        var offered = new TreeSet<String>();
        engines.values().forEach(engine -> engine.operations().forEach(offer -> offered.add(offer.operation())));
        return offered.contains(demand.operation()) && demand.engines().isEmpty()
                ? new Waiting.ForOperation(demand.operation())
                : new Waiting.ForEngine(demand.operation(), List.copyOf(offered));
    }
}
