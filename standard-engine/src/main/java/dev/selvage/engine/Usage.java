package dev.selvage.engine;

/**
 * What a run read. How long it ran is measured by the host.
 *
 * @param readMs milliseconds spent in reading its data, 0 when not known
 */
public record Usage(long readMs, long rowsRead, long bytesRead) {
    public static final Usage NONE = new Usage(0, 0, 0);

    public Usage {
        if (readMs < 0 || rowsRead < 0 || bytesRead < 0) {
            throw new IllegalArgumentException("usage cannot be negative");
        }
    }
}
