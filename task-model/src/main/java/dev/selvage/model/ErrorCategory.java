package dev.selvage.model;

/** Whose turn it is after a fault: the caller's, ours, nobody's but time's, or another system's. */
public enum ErrorCategory {
    /** The request or its files are wrong; repeating it changes nothing. */
    USER,
    /** A defect of Selvage, or a state that should not exist. */
    INTERNAL,
    /** Something is used up for now: a queue, memory, a deadline. */
    RESOURCE,
    /** Another system failed or cannot be reached. */
    EXTERNAL
}
