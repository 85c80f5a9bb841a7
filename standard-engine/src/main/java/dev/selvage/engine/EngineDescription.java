package dev.selvage.engine;

import dev.selvage.model.Digest;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What an engine says of itself.
 *
 * @param engine its name on the node
 * @param version of the engine's own program, for the record
 * @param instance which running thing it is; two engines of one node with the same instance are refused (A7)
 * @param deterministic whether equal requests give equal bytes
 * @param keepsOutcome how long an outcome can be had again
 */
public record EngineDescription(
        String engine,
        String version,
        String instance,
        List<Offer> operations,
        boolean canQuery,
        boolean canCancel,
        boolean canExchange,
        boolean deterministic,
        Capacity capacity,
        Duration keepsOutcome) {
    public EngineDescription {
        Objects.requireNonNull(engine);
        Objects.requireNonNull(version);
        Objects.requireNonNull(instance);
        Objects.requireNonNull(keepsOutcome);
        operations = List.copyOf(operations);
    }

    /**
     * An operation that the engine implements.
     *
     * @param digest the operation file that it was written for; empty: any of this id
     */
    public record Offer(String operation, Optional<Digest> digest) {
        public Offer {
            Objects.requireNonNull(operation);
            Objects.requireNonNull(digest);
        }
    }

    /**
     * What the engine can take.
     *
     * @param runs at once
     * @param run the longest run
     * @param outputBytes of one run
     * @param cpusMilli thousandths of a processor that one run uses; 0: not stated
     * @param memoryBytes that one run uses; 0: not stated
     */
    public record Capacity(int runs, Duration run, long outputBytes, int cpusMilli, long memoryBytes) {
        public Capacity {
            if (runs < 1 || run.isNegative() || run.isZero() || outputBytes < 1 || cpusMilli < 0 || memoryBytes < 0) {
                throw new IllegalArgumentException("a capacity must be positive");
            }
        }

        /** One run at a time, ten minutes, 64 MiB. */
        public static Capacity usual() {
            return new Capacity(1, Duration.ofMinutes(10), 64L << 20, 0, 0);
        }
    }

    /** Whether it implements this operation, by id and, where it says one, by digest. */
    public boolean offers(String operation, Digest digest) {
        return operations.stream()
                .anyMatch(offer -> offer.operation().equals(operation)
                        && offer.digest().map(digest::equals).orElse(true));
    }
}
