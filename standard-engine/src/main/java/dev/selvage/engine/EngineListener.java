package dev.selvage.engine;

/**
 * What the host learns while a run is under way. Calls for one run come one after another, on a thread of the engine; the engine goes
 * on only when the call has returned, so that the host can write first.
 */
public interface EngineListener {
    /** A listener that does not care. */
    EngineListener NONE = new EngineListener() {};

    /**
     * The engine has taken the run over. The host makes this durable before it returns: after a crash it hands
     * {@code foreignId} to {@link StandardEngine#resume}.
     *
     * @param resumed whether a run of the same key was there already
     * @param foreignId the foreign engine's own id of the run, or empty
     */
    default void onAccepted(boolean resumed, String foreignId) {}

    default void onProgress(EngineProgress progress) {}
}
