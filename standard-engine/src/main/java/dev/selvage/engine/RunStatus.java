package dev.selvage.engine;

/** What an engine answers when asked for a run. */
public enum RunStatus {
    /** It knows nothing of this key. */
    UNKNOWN,
    QUEUED,
    RUNNING,
    DONE
}
