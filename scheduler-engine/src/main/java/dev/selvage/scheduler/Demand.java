package dev.selvage.scheduler;

import dev.selvage.engine.RunKey;
import dev.selvage.model.Digest;
import dev.selvage.model.SubTask;
import java.util.Objects;
import java.util.Set;

/**
 * A run that asks for an engine and resources.
 *
 * @param creator whose task it is, for fairness between creators
 * @param digest of the operation that the workflow pins
 * @param engines the only engines that may run it, because its data lies in them; empty for any
 */
public record Demand(
        RunKey key,
        String creator,
        String operation,
        Digest digest,
        SubTask.Requirement requirement,
        Set<String> engines) {
    public Demand {
        Objects.requireNonNull(key);
        Objects.requireNonNull(creator);
        Objects.requireNonNull(operation);
        Objects.requireNonNull(digest);
        Objects.requireNonNull(requirement);
        engines = Set.copyOf(engines);
    }
}
