package dev.selvage.bridge;

import dev.selvage.engine.EngineProvider;
import dev.selvage.engine.OperationHandler;
import java.util.Map;

/** An engine in Java for tests. */
public final class WordCount implements EngineProvider {
    @Override
    public String version() {
        return "1";
    }

    @Override
    public Map<String, OperationHandler> operations() {
        return Map.of("count.words/1", context -> context.output("out", new byte[0]));
    }
}
