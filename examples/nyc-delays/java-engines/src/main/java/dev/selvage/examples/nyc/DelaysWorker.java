package dev.selvage.examples.nyc;

import dev.selvage.engine.StdioWorker;
import java.io.IOException;
import java.util.Map;

/** A worker process that does in Java what {@code engines/lga/worker.py} does in Python, for machines without Python. */
public final class DelaysWorker {
    private DelaysWorker() {}

    public static void main(String[] args) throws IOException {
        StdioWorker.serve("java-lga", "1.0", Map.of(Delays.OPERATION, Delays::run));
    }
}
