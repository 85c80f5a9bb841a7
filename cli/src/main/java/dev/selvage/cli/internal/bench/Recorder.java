package dev.selvage.cli.internal.bench;

import java.util.Arrays;

/** Latencies of what ended within a span of time. Thread-safe; times are of {@link System#nanoTime}. */
final class Recorder {
    private final long from;
    private final long to;
    private final long until;
    private long[] nanos = new long[1024];
    private int count;
    private int failed;
    private long last = Long.MIN_VALUE;

    /**
     * @param from what ended before is not counted
     * @param to nor what ended from here on
     * @param until when the load begins nothing more
     */
    Recorder(long from, long to, long until) {
        this.from = from;
        this.to = to;
        this.until = until;
    }

    /** Something ended well now, having begun then. */
    synchronized void ended(long began, long now) {
        if (now < from || now >= to) {
            return;
        }
        if (count == nanos.length) {
            nanos = Arrays.copyOf(nanos, count * 2);
        }
        nanos[count++] = now - began;
        last = Math.max(last, now);
    }

    /** Something came to nothing, whenever it was. */
    synchronized void failed() {
        failed++;
    }

    synchronized int count() {
        return count;
    }

    synchronized int failures() {
        return failed;
    }

    /** When the load begins nothing more. */
    long until() {
        return until;
    }

    /** When the last one ended; {@link #from} when none did. */
    synchronized long last() {
        return count == 0 ? from : last;
    }

    /** The latency below which that share of all lies, in microseconds; 0 when there is none. */
    synchronized long micros(double share) {
        if (count == 0) {
            return 0;
        }
        long[] sorted = Arrays.copyOf(nanos, count);
        Arrays.sort(sorted);
        return sorted[Math.min(count - 1, (int) (count * share))] / 1_000;
    }
}
