package dev.selvage.agent.peer;

import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;

/** Requests that were answered, for as long as their repetition would still look fresh. Bounded. */
final class SeenNonces {
    private static final int MOST = 200_000;

    private final Set<String> seen = new HashSet<>();
    private final Deque<Entry> order = new ArrayDeque<>();

    private record Entry(String key, Instant until) {}

    /** Whether this is the first time. */
    synchronized boolean first(String key, Instant now, Instant until) {
        while (!order.isEmpty() && order.peekFirst().until().isBefore(now)) {
            seen.remove(order.removeFirst().key());
        }
        if (seen.size() >= MOST) {
            throw new SelvageException(ErrorCode.TOO_MANY_REQUESTS, "This node is asked for too much at a time.");
        }
        if (!seen.add(key)) {
            return false;
        }
        order.addLast(new Entry(key, until));
        return true;
    }
}
