package dev.selvage.agent.pipeline;

import java.util.List;

/**
 * Results that wait for their time.
 *
 * @param due milliseconds since 1970 UTC
 * @param pause the next pause where they stay together in one transaction, else 0
 */
record Delayed(List<Queued> items, long due, long pause) {}
