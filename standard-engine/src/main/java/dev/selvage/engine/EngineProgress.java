package dev.selvage.engine;

/**
 * How far a run is.
 *
 * @param permille 0 to 1000
 * @param message at most one line
 */
public record EngineProgress(int permille, String message) {
    public EngineProgress {
        permille = Math.max(0, Math.min(1000, permille));
        message = message == null ? "" : message.lines().findFirst().orElse("");
    }
}
