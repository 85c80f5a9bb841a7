package dev.selvage.agent.monitor;

/** What a node tells of itself to those who watch it. Thread-safe. */
public interface Vitals {
    /** The metrics in Prometheus' text form. */
    String metrics();

    /** Whether the process does anything at all: when not, only a new start helps. */
    Readiness live();

    /** Whether the node can do its work now. */
    Readiness ready();
}
