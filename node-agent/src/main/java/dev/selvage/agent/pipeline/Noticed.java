package dev.selvage.agent.pipeline;

import dev.selvage.agent.journal.NewTasks;
import dev.selvage.engine.RunKey;
import java.util.Map;
import java.util.Optional;

/** A block on its way through the pipeline: read, then journalled, then acted upon. */
public final class Noticed {
    private final Optional<Effects> effects;

    Noticed(Optional<Effects> effects) {
        this.effects = effects;
    }

    /**
     * What a block means for this node.
     *
     * @param settled parts with nothing left to do, and why
     * @param now when it was read, milliseconds since 1970 UTC
     */
    record Effects(LedgerEvents.News news, NewTasks tasks, Codes codes, Map<RunKey, String> settled, long now) {}

    /** Empty for a block that was taken before. */
    Optional<Effects> effects() {
        return effects;
    }
}
