package dev.selvage.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.selvage.model.CanonicalJson;
import dev.selvage.model.Digest;
import dev.selvage.model.Operation;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * A run that is asked of an engine, with all its inputs gathered and verified (A11).
 *
 * @param operation the shared operation of the workflow, pinned by digest
 * @param params canonical JSON text of an object: the operation's parameters, defaults filled in
 * @param inputs in the order of names, then indices
 * @param place makes the run's directory when it is first asked for, see {@link #directory}
 * @param traceparent W3C trace context, or empty
 */
public record EngineRequest(
        RunKey key,
        Operation operation,
        String params,
        List<EngineInput> inputs,
        RunLimits limits,
        Supplier<Path> place,
        String traceparent) {
    public EngineRequest {
        Objects.requireNonNull(key);
        Objects.requireNonNull(operation);
        Objects.requireNonNull(params);
        Objects.requireNonNull(limits);
        Objects.requireNonNull(place);
        Objects.requireNonNull(traceparent);
        inputs = List.copyOf(inputs);
    }

    /** A request whose directory is there already. */
    public EngineRequest(
            RunKey key,
            Operation operation,
            String params,
            List<EngineInput> inputs,
            RunLimits limits,
            Path directory,
            String traceparent) {
        this(key, operation, params, inputs, limits, () -> directory, traceparent);
        if (!directory.isAbsolute()) {
            throw new IllegalArgumentException(directory + " is not absolute");
        }
    }

    /**
     * The run's own directory, empty, absolute; the engine may write there and nowhere else. It is made when it is first asked for, so an engine
     * that does not need it should not ask.
     *
     * @throws dev.selvage.model.SelvageException when it cannot be made, or the run is over
     */
    public Path directory() {
        return place.get();
    }

    /** The same with other inputs. */
    public EngineRequest with(List<EngineInput> others) {
        return new EngineRequest(key, operation, params, others, limits, place, traceparent);
    }

    /** The same within other limits. */
    public EngineRequest within(RunLimits others) {
        return new EngineRequest(key, operation, params, inputs, others, place, traceparent);
    }

    /** The elements of a list input in order, or the one element of a single input; empty when there is none. */
    public List<EngineInput> inputs(String name) {
        return inputs.stream().filter(input -> input.name().equals(name)).toList();
    }

    /**
     * The digest of everything that decides the result: operation, parameters, and each input's name, label, index and digest, or its
     * table and version. Where a run is repeated under its key with another digest, it is refused: KEY_REUSED.
     */
    public Digest digest() {
        ObjectNode tree = CanonicalJson.object();
        tree.put("operation", operation.digest().hex());
        tree.put("params", params);
        var list = tree.putArray("inputs");
        for (EngineInput input : inputs) {
            ObjectNode node = list.addObject();
            node.put("name", input.name());
            node.put("label", input.label());
            node.put("index", input.index());
            input.digest().ifPresent(digest -> node.put("digest", digest.hex()));
            if (input.place() instanceof InputPlace.Resident resident) {
                node.put("engine", resident.engine());
                node.put("table", resident.table());
                node.put("version", resident.version());
            }
        }
        return Digest.ofJson(tree);
    }
}
