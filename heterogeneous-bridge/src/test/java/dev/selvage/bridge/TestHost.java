package dev.selvage.bridge;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/** A host process that starts an engine's worker, tells its pid, and waits to be killed. */
public final class TestHost {
    private TestHost() {}

    public static void main(String[] args) throws Exception {
        var listener = new ChildListener() {
            @Override
            public void started(String engine, long pid, Instant start) {
                System.out.println(pid);
                System.out.flush();
            }

            @Override
            public void ended(String engine, long pid) {}
        };
        var file = Path.of(args[0]);
        new EngineLoader(new BridgeSettings(
                        file.resolveSibling("logs"), Optional.empty(), Map.of(), listener, n -> null))
                .load(file)
                .describe();
        new CountDownLatch(1).await();
    }
}
