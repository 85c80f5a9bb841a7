package dev.selvage.bridge;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** Ends processes together with what they started. */
public final class ChildProcesses {
    private static final long LAST_SECONDS = 5;

    private ChildProcesses() {}

    /**
     * Ends a process that an earlier host started, if it is still the same one.
     *
     * @param start as {@link ChildListener#started} gave it
     * @return whether there was one to end
     */
    public static boolean reap(long pid, Instant start) {
        var handle = ProcessHandle.of(pid).filter(ProcessHandle::isAlive);
        boolean same = handle.flatMap(process -> process.info().startInstant())
                .map(start::equals)
                .orElse(false);
        if (same) {
            endTree(handle.orElseThrow());
        }
        return same;
    }

    /**
     * Ends a process and its descendants at once, and waits until it is gone. A descendant that has cut itself loose from its parent
     * before is not found.
     */
    static void endTree(ProcessHandle root) {
        List<ProcessHandle> all =
                Stream.concat(Stream.of(root), root.descendants()).toList();
        all.forEach(ProcessHandle::destroyForcibly);
        // what was started between the look and the end
        all.forEach(process -> process.descendants().forEach(ProcessHandle::destroyForcibly));
        try {
            root.onExit().get(LAST_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException | java.util.concurrent.ExecutionException e) {
            return; // it is in the kernel's hands
        }
    }
}
