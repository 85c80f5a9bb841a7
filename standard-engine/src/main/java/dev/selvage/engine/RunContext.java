package dev.selvage.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.selvage.model.CanonicalJson;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.Operation;
import dev.selvage.model.SelvageException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** What a handler sees of its run, and where it puts its outputs. Used by one thread. */
public final class RunContext {
    private final EngineRequest request;
    private final Consumer<EngineProgress> progress;
    private final BooleanSupplier cancelled;
    private final List<EngineOutput> outputs = new ArrayList<>();
    private Usage usage = Usage.NONE;
    private long outputBytes;

    RunContext(EngineRequest request, Consumer<EngineProgress> progress, BooleanSupplier cancelled) {
        this.request = request;
        this.progress = progress;
        this.cancelled = cancelled;
    }

    public RunKey key() {
        return request.key();
    }

    public Operation operation() {
        return request.operation();
    }

    /** The operation's parameters, defaults filled in. */
    public ObjectNode params() {
        return (ObjectNode) CanonicalJson.parse(request.params());
    }

    /** The elements of an input in order; empty when there is none of that name. */
    public List<EngineInput> inputs(String name) {
        return request.inputs(name);
    }

    /**
     * The one element of an input.
     *
     * @throws SelvageException REQUEST_INVALID when there are none or several
     */
    public EngineInput input(String name) {
        var found = inputs(name);
        if (found.size() != 1) {
            throw new SelvageException(
                    ErrorCode.REQUEST_INVALID, "Expected one input \"" + name + "\", not " + found.size() + ".");
        }
        return found.get(0);
    }

    /** Opens an input whose bytes are in the request or on this machine. */
    public InputStream open(EngineInput input) throws IOException {
        if (input.place() instanceof InputPlace.Inline inline) {
            return new ByteArrayInputStream(inline.bytes());
        }
        if (input.place() instanceof InputPlace.OnDisk file) {
            return Files.newInputStream(file.path());
        }
        throw new SelvageException(
                ErrorCode.NOT_SUPPORTED, "The input \"" + input.name() + "\" has no bytes that this engine can read.");
    }

    /**
     * The bytes of an input.
     *
     * @param most refuses longer ones with TOO_LARGE
     */
    public byte[] bytes(EngineInput input, int most) throws IOException {
        try (var in = open(input)) {
            var bytes = in.readNBytes(most);
            if (in.read() >= 0) {
                throw new SelvageException(
                        ErrorCode.TOO_LARGE, "The input \"" + input.name() + "\" is larger than " + most + " bytes.");
            }
            return bytes;
        }
    }

    /** The run's own directory. */
    public Path directory() {
        return request.directory();
    }

    public RunLimits limits() {
        return request.limits();
    }

    /** Whether somebody wants the run to end. */
    public boolean cancelled() {
        return cancelled.getAsBoolean();
    }

    /** Tells how far it is: 0 to 1000, and a line for a person. */
    public void progress(int permille, String message) {
        progress.accept(new EngineProgress(permille, message));
    }

    /** Gives an output, with the media type that the operation declares for it. */
    public void output(String name, byte[] bytes) {
        count(bytes.length);
        outputs.add(EngineOutput.of(name, mediaType(name), bytes));
    }

    /** Gives a table, from cells in canonical text ({@link CanonicalTable#cell}). */
    public void output(String name, List<List<String>> rows) {
        var spec = request.operation().outputs().get(name);
        if (spec == null) {
            throw new SelvageException(ErrorCode.OUTPUT_INVALID, "The operation declares no output \"" + name + "\".");
        }
        output(name, CanonicalTable.write(spec.columns(), spec.order(), rows));
    }

    /** Gives a file of the run's directory as an output. */
    public void output(String name, Path file) {
        outputs.add(EngineOutput.of(name, mediaType(name), RunFiles.inside(request.directory(), file)));
    }

    /** Says what was read. */
    public void usage(Usage used) {
        this.usage = used;
    }

    EngineOutcome outcome() {
        return new EngineOutcome.Succeeded(outputs, usage, "", "");
    }

    private String mediaType(String name) {
        var spec = request.operation().outputs().get(name);
        return spec == null || spec.mediaType() == null ? "application/octet-stream" : spec.mediaType();
    }

    private void count(int length) {
        outputBytes += length;
        if (outputBytes > limits().outputBytes()) {
            throw new SelvageException(
                    ErrorCode.ENGINE_FLOOD, "The outputs are larger than " + limits().outputBytes() + " bytes.");
        }
    }
}
