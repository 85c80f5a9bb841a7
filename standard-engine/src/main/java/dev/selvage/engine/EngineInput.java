package dev.selvage.engine;

import dev.selvage.model.Digest;
import java.util.Objects;
import java.util.Optional;

/**
 * One input of a run. A list input is several of these with one name, indices from 0 in the order of the parts.
 *
 * @param name as the operation declares it
 * @param label the part or role it came from; empty for a single input
 * @param index its place in a list input, else 0
 * @param mediaType such as {@code text/csv}
 * @param digest of the bytes; empty where they stay in an engine
 * @param size bytes; 0 where they stay in an engine
 */
public record EngineInput(
        String name, String label, int index, String mediaType, Optional<Digest> digest, long size, InputPlace place) {
    public EngineInput {
        Objects.requireNonNull(name);
        Objects.requireNonNull(label);
        Objects.requireNonNull(mediaType);
        Objects.requireNonNull(digest);
        Objects.requireNonNull(place);
        if (index < 0 || size < 0) {
            throw new IllegalArgumentException("index " + index + " or size " + size + " is negative");
        }
    }

    /** A single input whose bytes are at hand. */
    public static EngineInput inline(String name, String mediaType, byte[] bytes) {
        return new EngineInput(
                name, "", 0, mediaType, Optional.of(Digest.of(bytes)), bytes.length, new InputPlace.Inline(bytes));
    }

    /** A single input that is a table inside an engine. */
    public static EngineInput resident(String name, InputPlace.Resident place) {
        return new EngineInput(name, "", 0, "application/x-table", Optional.empty(), 0, place);
    }
}
