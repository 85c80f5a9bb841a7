package dev.selvage.agent.pipeline;

import java.util.Arrays;

/** How long commits take, from submit to the block stream. Thread-safe. */
final class CommitTimes {
    private static final int KEPT = 256;
    private static final long LEAST_STEP_MS = 5_000;
    private static final long LEAST_RESEND_MS = 10_000;

    private final long[] millis = new long[KEPT];
    private int count;

    synchronized void add(long took) {
        millis[count++ % KEPT] = took;
    }

    synchronized long p99() {
        int size = Math.min(count, KEPT);
        if (size == 0) {
            return 0;
        }
        long[] sorted = Arrays.copyOf(millis, size);
        Arrays.sort(sorted);
        return sorted[Math.min(size - 1, size * 99 / 100)];
    }

    /** How much later each further candidate acts (rule 3). */
    long step() {
        return Math.max(LEAST_STEP_MS, 4 * p99());
    }

    /** After which a transaction that the stream does not show is sent again. */
    long resend() {
        return Math.max(LEAST_RESEND_MS, 5 * p99());
    }
}
