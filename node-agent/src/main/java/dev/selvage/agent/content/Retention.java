package dev.selvage.agent.content;

/** Why content is kept. An item without any hold is cache: it goes when room is needed, the least recently used first. */
public enum Retention {
    /** This node certified it on the ledger, or it is a data set of the node: it never goes by itself. */
    OWNED,
    /** Somebody of this node wants it kept. */
    PINNED,
    /** A run or a transfer uses it now. */
    IN_FLIGHT
}
