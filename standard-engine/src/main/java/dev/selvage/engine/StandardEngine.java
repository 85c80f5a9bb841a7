package dev.selvage.engine;

import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;

/**
 * A computing engine as the scheduler sees it (requirement A7), whatever stands behind it. Implementations are safe for concurrent
 * use. Two calls with one {@link RunKey} and the same request are one run; with another request the second fails with KEY_REUSED.
 */
public interface StandardEngine extends AutoCloseable {
    /** What the engine is and can do. Blocks on the first call where the engine has to be started to say it. */
    EngineDescription describe();

    /**
     * Starts a run, or joins the one of the same key. Returns soon; faults of the request or the engine come as the run's outcome.
     */
    EngineRun run(EngineRequest request, EngineListener listener);

    /**
     * Takes up a run that the host had started before it crashed. The engine joins it, finds its outcome, or runs again; what it does
     * is its own affair, declared by {@code afterCrash} for foreign engines.
     *
     * @param foreignId what {@link EngineListener#onAccepted} gave before the crash; empty when nothing came
     */
    EngineRun resume(EngineRequest request, String foreignId, EngineListener listener);

    /**
     * Finds out whether what stands behind the engine answers now. Blocks for some seconds at most.
     *
     * @throws SelvageException ENGINE_UNREACHABLE, or the fault of {@link #describe}
     */
    default void reach() {
        describe();
    }

    /**
     * Looks at a table that stays in the engine, when it becomes a data set of the node. Blocks.
     *
     * @param name may have a schema before a dot
     * @throws SelvageException NOT_SUPPORTED where the engine holds no tables; DATA_UNKNOWN, ENGINE_UNREACHABLE
     */
    default TableState table(String name) {
        throw new SelvageException(ErrorCode.NOT_SUPPORTED, "This engine holds no tables.");
    }

    /**
     * A table as it is now.
     *
     * @param version of its content as the engine tells it; empty when it tells none
     */
    record TableState(long rows, String version) {}

    /** Ends what is running, and everything that the engine started. */
    @Override
    void close();
}
