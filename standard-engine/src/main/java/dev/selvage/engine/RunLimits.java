package dev.selvage.engine;

import java.time.Duration;

/**
 * What a run may use. The lower of these and the engine file's own limits holds.
 *
 * @param run how long it may take
 * @param outputBytes of all its outputs together
 * @param cpusMilli thousandths of a processor; 0: not stated
 * @param memoryBytes 0: not stated
 */
public record RunLimits(Duration run, long outputBytes, int cpusMilli, long memoryBytes) {
    public RunLimits {
        if (run.isNegative() || run.isZero() || outputBytes < 1 || cpusMilli < 0 || memoryBytes < 0) {
            throw new IllegalArgumentException("limits must be positive: " + run + ", " + outputBytes + " bytes");
        }
    }

    /** Ten minutes and 64 MiB of output. */
    public static RunLimits usual() {
        return new RunLimits(Duration.ofMinutes(10), 64L << 20, 0, 0);
    }
}
