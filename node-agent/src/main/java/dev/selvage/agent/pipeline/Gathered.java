package dev.selvage.agent.pipeline;

import dev.selvage.engine.EngineRequest;
import dev.selvage.model.Facts.PinnedRead;
import java.util.Map;

/**
 * A request with all its inputs (A11).
 *
 * @param reads chain state that this node read itself, by input
 */
record Gathered(EngineRequest request, Map<String, PinnedRead> reads) {
    Gathered {
        reads = Map.copyOf(reads);
    }
}
