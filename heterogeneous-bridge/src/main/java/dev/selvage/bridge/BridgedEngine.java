package dev.selvage.bridge;

import dev.selvage.engine.EngineDescription;
import dev.selvage.engine.EngineFailure;
import dev.selvage.engine.EngineListener;
import dev.selvage.engine.EngineRequest;
import dev.selvage.engine.EngineRun;
import dev.selvage.engine.OpenRun;
import dev.selvage.engine.RunBook;
import dev.selvage.engine.RunLimits;
import dev.selvage.engine.StandardEngine;
import dev.selvage.model.Digest;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.Operation;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** A standard engine that fronts one foreign engine (A7), by an engine file and a transport. */
final class BridgedEngine implements StandardEngine {
    private static final Duration KEEPS = Duration.ofMinutes(5);

    private final EngineFile file;
    private final Map<String, Operation> known;
    private final Transport transport;
    private final RunBook book = new RunBook();

    BridgedEngine(EngineFile file, Map<String, Operation> known, Transport transport) {
        this.file = file;
        this.known = known;
        this.transport = transport;
    }

    @Override
    public EngineDescription describe() {
        var found = transport.describe();
        return new EngineDescription(
                file.engine(),
                found.version().isEmpty() ? file.version() : found.version(),
                found.instance(),
                file.operations().keySet().stream()
                        .sorted()
                        .map(id -> new EngineDescription.Offer(id, digest(id)))
                        .toList(),
                found.canQuery(),
                found.canCancel(),
                false,
                file.deterministic(),
                file.limits().capacity(),
                KEEPS);
    }

    @Override
    public EngineRun run(EngineRequest request, EngineListener listener) {
        return book.open(narrow(request), listener, starting(false, ""));
    }

    @Override
    public EngineRun resume(EngineRequest request, String foreignId, EngineListener listener) {
        return book.open(narrow(request), listener, starting(true, foreignId));
    }

    @Override
    public void reach() {
        transport.reach();
    }

    @Override
    public TableState table(String name) {
        return transport.table(name);
    }

    @Override
    public void close() {
        var open = book.close();
        transport.close();
        open.forEach(run -> run.fail(EngineFailure.of(ErrorCode.CANCELLED, "The engine is closed.")));
    }

    private Consumer<OpenRun> starting(boolean resume, String foreignId) {
        return run -> {
            var operation = run.request().operation();
            var id = operation.operation();
            if (!file.operations().containsKey(id)) {
                run.fail(EngineFailure.of(ErrorCode.NO_ENGINE, file.engine() + " offers no " + id + "."));
            } else if (digest(id)
                    .filter(digest -> !digest.equals(operation.digest()))
                    .isPresent()) {
                run.fail(EngineFailure.of(
                        ErrorCode.OPERATION_MISMATCH,
                        "The node's copy of " + id + " differs from the one that the request names."));
            } else {
                transport.start(run, resume, foreignId);
            }
        };
    }

    private Optional<Digest> digest(String operation) {
        return Optional.ofNullable(known.get(operation)).map(Operation::digest);
    }

    /** The lower of both limits holds. */
    private EngineRequest narrow(EngineRequest request) {
        var asked = request.limits();
        var own = file.limits();
        var limits = new RunLimits(
                asked.run().compareTo(own.run()) <= 0 ? asked.run() : own.run(),
                Math.min(asked.outputBytes(), own.output()),
                asked.cpusMilli(),
                asked.memoryBytes());
        return request.within(limits);
    }
}
