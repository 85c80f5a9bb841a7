package dev.selvage.agent;

import dev.selvage.engine.StandardEngine;
import java.util.List;

/** Where a node's engines come from; asked at the start and at each reload. */
@FunctionalInterface
public interface EngineSource {
    /**
     * Makes the engines.
     *
     * @param processes is told of child processes, so that those which outlive a crash are ended at the next start
     * @throws dev.selvage.model.SelvageException when a file is wrong; then a reload keeps the engines that are there
     */
    List<StandardEngine> load(ProcessBook processes);

    /** Engines that are always the same. */
    static EngineSource of(StandardEngine... engines) {
        return processes -> List.of(engines);
    }
}
