package dev.selvage.agent.pipeline;

import dev.selvage.engine.RunKey;
import dev.selvage.model.Digest;
import dev.selvage.model.Operation;
import dev.selvage.model.SubTask;

/**
 * A part that this node is named for (A5).
 *
 * @param origin who asked
 * @param notBefore earliest start; the deadlines run from here, milliseconds since 1970 UTC
 * @param received when it was learnt, by {@link System#nanoTime}
 * @param fresh whether it came just now by the block stream; what was recovered is asked of the ledger before it runs
 */
public record Assignment(Origin origin, TaskContext task, RunKey key, long notBefore, long received, boolean fresh) {
    /** Where an assignment comes from; the publisher follows from it. */
    public sealed interface Origin {}

    /** The ledger named this node. */
    public record FromLedger() implements Origin {}

    public static final Origin LEDGER = new FromLedger();

    public SubTask subTask() {
        return task.subTask(key.subTask());
    }

    public Operation operation() {
        return task.operation(key.subTask());
    }

    /** The operation's digest, as the workflow pins it. */
    public Digest operationDigest() {
        return task.workflow().operations().get(subTask().operation());
    }

    /** What a run of it needs. */
    public SubTask.Requirement requirement() {
        return subTask().requirement() == null
                ? operation().requirement()
                : subTask().requirement();
    }

    /** Until when an engine must have taken it, milliseconds since 1970 UTC. */
    public long acceptDeadline() {
        return notBefore + subTask().deadlines().accept();
    }
}
