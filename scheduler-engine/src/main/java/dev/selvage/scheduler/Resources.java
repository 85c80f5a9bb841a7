package dev.selvage.scheduler;

import dev.selvage.model.SubTask;
import java.util.Optional;

/**
 * An amount of a node's resources.
 *
 * @param cpus thousandths of a core
 * @param memory bytes
 * @param storage bytes
 */
public record Resources(long cpus, long memory, long storage) {
    public Resources {
        if (cpus < 0 || memory < 0 || storage < 0) {
            throw new IllegalArgumentException(
                    "resources cannot be negative: " + cpus + ", " + memory + ", " + storage);
        }
    }

    public static Resources of(SubTask.Requirement requirement) {
        return new Resources(requirement.cpus(), requirement.memory(), requirement.storage());
    }

    Resources minus(Resources other) {
        return new Resources(cpus - other.cpus, memory - other.memory, storage - other.storage);
    }

    Resources plus(Resources other) {
        return new Resources(cpus + other.cpus, memory + other.memory, storage + other.storage);
    }

    /** What of this is too little for the need; empty when it suffices. */
    Optional<Waiting.ForResources> lacks(Resources need) {
        if (need.cpus > cpus) {
            return Optional.of(new Waiting.ForResources("cpus (thousandths)", need.cpus, cpus));
        }
        if (need.memory > memory) {
            return Optional.of(new Waiting.ForResources("memory (bytes)", need.memory, memory));
        }
        if (need.storage > storage) {
            return Optional.of(new Waiting.ForResources("storage (bytes)", need.storage, storage));
        }
        return Optional.empty();
    }
}
