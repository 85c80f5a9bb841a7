package dev.selvage.bridge;

import java.time.Instant;

/**
 * Learns of the processes that engines start, so that the host can write them down and reap those that a crash left behind ({@link
 * ChildProcesses#reap}).
 */
public interface ChildListener {
    /** For hosts that do not care. */
    ChildListener NONE = new ChildListener() {
        @Override
        public void started(String engine, long pid, Instant start) {}

        @Override
        public void ended(String engine, long pid) {}
    };

    /**
     * A process was started. It gets its first message only when this has returned.
     *
     * @param start the system's start time of the process: with the pid it names one process for good
     */
    void started(String engine, long pid, Instant start);

    void ended(String engine, long pid);
}
