package dev.selvage.agent.pipeline;

import dev.selvage.engine.RunKey;
import dev.selvage.scheduler.Waiting;
import java.util.Optional;

/**
 * Where a part stands on this node.
 *
 * @param reason why it waits; empty when it does not
 * @param deadline when its waiting ends in a failure, milliseconds since 1970 UTC
 */
public record PartStanding(RunKey key, Stage stage, Optional<Waiting> reason, long deadline) {
    /** Where a part is on its way. */
    public enum Stage {
        /** For an engine, resources, data, a grant or a time. */
        WAITING,
        /** It has its engine: inputs are gathered, or it runs. */
        RUNNING,
        /** Its result is durable and goes to the ledger. */
        PUBLISHING
    }
}
