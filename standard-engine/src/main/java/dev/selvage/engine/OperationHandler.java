package dev.selvage.engine;

/** A computation in Java: what an author of an engine writes, for a node's own process and for a worker process alike. */
@FunctionalInterface
public interface OperationHandler {
    /**
     * Runs once, on a thread of the engine. It should end soon after {@link RunContext#cancelled} becomes true or its thread is
     * interrupted.
     *
     * @throws OperationFailedException for a failure with the engine's own code
     * @throws Exception a SelvageException keeps its code; anything else is ENGINE_FAILED, with its words in the node's log only
     */
    void run(RunContext context) throws Exception;
}
