package dev.selvage.bridge;

import dev.selvage.engine.OpenRun;
import dev.selvage.engine.StandardEngine;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;

/** The way to a foreign engine. Implementations are safe for concurrent use and keep to the engine file's number of runs at once. */
interface Transport extends AutoCloseable {
    /**
     * What was found out about the engine: its version and which running thing it is. Blocks where the engine has to be started for it.
     */
    Found describe();

    /**
     * Sets a run going, or queues it; returns soon. Everything else, faults too, is reported to the run.
     *
     * @param resume whether the host had started it before it crashed
     * @param foreignId what was accepted then, or empty
     */
    void start(OpenRun run, boolean resume, String foreignId);

    /** As {@link StandardEngine#reach}. */
    default void reach() {
        describe();
    }

    /** As {@link StandardEngine#table}. */
    default StandardEngine.TableState table(String name) {
        throw new SelvageException(ErrorCode.NOT_SUPPORTED, "This engine holds no tables.");
    }

    /** Ends what is running and everything that was started. */
    @Override
    void close();

    /**
     * What a transport knows of its engine.
     *
     * @param instance two engines of one node with the same instance front one foreign engine, which is refused (A7)
     */
    record Found(String version, String instance, boolean canQuery, boolean canCancel) {}
}
