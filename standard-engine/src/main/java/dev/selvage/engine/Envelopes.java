package dev.selvage.engine;

import com.google.protobuf.ByteString;
import dev.selvage.engine.v1.Description;
import dev.selvage.engine.v1.EngineLimits;
import dev.selvage.engine.v1.Failure;
import dev.selvage.engine.v1.Input;
import dev.selvage.engine.v1.Limits;
import dev.selvage.engine.v1.OfferedOperation;
import dev.selvage.engine.v1.Outcome;
import dev.selvage.engine.v1.Output;
import dev.selvage.engine.v1.Place;
import dev.selvage.engine.v1.Start;
import dev.selvage.model.CanonicalJson;
import dev.selvage.model.Digest;
import dev.selvage.model.ErrorCategory;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.Operation;
import dev.selvage.model.SelvageException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Turns requests and outcomes into the messages of {@code engine.proto} and back. What comes from outside is checked: whatever does
 * not fit is a SelvageException with REQUEST_INVALID or OUTPUT_INVALID.
 */
public final class Envelopes {
    private Envelopes() {}

    public static dev.selvage.engine.v1.RunKey key(RunKey key) {
        return dev.selvage.engine.v1.RunKey.newBuilder()
                .setTask(key.task())
                .setSubTask(key.subTask())
                .setPart(key.part())
                .setAttempt(key.attempt())
                .setRole(key.role())
                .build();
    }

    public static RunKey key(dev.selvage.engine.v1.RunKey key) {
        try {
            return new RunKey(key.getTask(), key.getSubTask(), key.getPart(), key.getAttempt(), key.getRole());
        } catch (IllegalArgumentException e) {
            throw new SelvageException(ErrorCode.REQUEST_INVALID, "A run's key is wrong: " + e.getMessage() + ".", e);
        }
    }

    /**
     * The start of a run.
     *
     * @param resume whether the host had started this key before it crashed
     * @param foreignId what the engine gave then, or empty
     */
    public static Start start(EngineRequest request, boolean resume, String foreignId) {
        var operation = request.operation();
        var start = Start.newBuilder()
                .setOperation(dev.selvage.engine.v1.Operation.newBuilder()
                        .setId(operation.operation())
                        .setDigest(operation.digest().hex())
                        .setDefinition(CanonicalJson.text(operation)))
                .setParams(request.params())
                .setLimits(Limits.newBuilder()
                        .setRunMs(request.limits().run().toMillis())
                        .setOutputBytes(request.limits().outputBytes())
                        .setCpusMilli(request.limits().cpusMilli())
                        .setMemoryBytes(request.limits().memoryBytes()))
                .setRequestDigest(request.digest().hex())
                .setTraceparent(request.traceparent())
                .setDirectory(request.directory().toString())
                .setForeignId(foreignId)
                .setResume(resume);
        request.inputs().forEach(input -> start.addInputs(input(input)));
        return start.build();
    }

    /** The request that a start asks for, on the engine's side. */
    public static EngineRequest request(RunKey key, Start start) {
        var operation = CanonicalJson.read(start.getOperation().getDefinition(), Operation.class);
        if (!operation.digest().hex().equals(start.getOperation().getDigest())) {
            throw new SelvageException(
                    ErrorCode.OPERATION_MISMATCH, "The operation's definition does not have the digest that it names.");
        }
        var limits = start.getLimits();
        var usual = RunLimits.usual();
        return new EngineRequest(
                key,
                operation,
                start.getParams(),
                start.getInputsList().stream().map(Envelopes::input).toList(),
                new RunLimits(
                        limits.getRunMs() > 0 ? Duration.ofMillis(limits.getRunMs()) : usual.run(),
                        limits.getOutputBytes() > 0 ? limits.getOutputBytes() : usual.outputBytes(),
                        limits.getCpusMilli(),
                        Math.max(0, limits.getMemoryBytes())),
                Path.of(start.getDirectory()).toAbsolutePath(),
                start.getTraceparent());
    }

    private static Input input(EngineInput input) {
        return Input.newBuilder()
                .setName(input.name())
                .setLabel(input.label())
                .setIndex(input.index())
                .setMediaType(input.mediaType())
                .setDigest(input.digest().map(Digest::hex).orElse(""))
                .setSize(input.size())
                .setPlace(place(input.place()))
                .build();
    }

    private static EngineInput input(Input input) {
        return new EngineInput(
                input.getName(),
                input.getLabel(),
                input.getIndex(),
                input.getMediaType(),
                input.getDigest().isEmpty() ? Optional.empty() : Optional.of(new Digest(input.getDigest())),
                input.getSize(),
                place(input.getPlace()));
    }

    private static Place place(InputPlace place) {
        var made = Place.newBuilder();
        if (place instanceof InputPlace.Inline inline) {
            made.setInline(ByteString.copyFrom(inline.bytes()));
        } else if (place instanceof InputPlace.OnDisk file) {
            made.setPath(file.path().toString());
        } else if (place instanceof InputPlace.Resident resident) {
            made.setResident(dev.selvage.engine.v1.Resident.newBuilder()
                    .setEngine(resident.engine())
                    .setTable(resident.table())
                    .setVersion(resident.version()));
        } else {
            made.setLink(dev.selvage.engine.v1.Link.newBuilder().setUrl(((InputPlace.Link) place).url()));
        }
        return made.build();
    }

    private static InputPlace place(Place place) {
        return switch (place.getPlaceCase()) {
            case TEXT -> new InputPlace.Inline(place.getText().getBytes(StandardCharsets.UTF_8));
            case INLINE -> new InputPlace.Inline(place.getInline().toByteArray());
            case PATH -> new InputPlace.OnDisk(Path.of(place.getPath()));
            case LINK -> new InputPlace.Link(place.getLink().getUrl());
            case RESIDENT ->
                new InputPlace.Resident(
                        place.getResident().getEngine(),
                        place.getResident().getTable(),
                        place.getResident().getVersion());
            default ->
                throw new SelvageException(
                        ErrorCode.NOT_SUPPORTED, "An input's place is " + place.getPlaceCase() + ".");
        };
    }

    /** The message of an outcome. Outputs in files are named relative to the run's directory. */
    public static Outcome outcome(EngineOutcome outcome, Path directory) {
        var made = Outcome.newBuilder()
                .setForeignId(outcome.foreignId())
                .setForeignVersion(outcome.foreignVersion())
                .setUsage(dev.selvage.engine.v1.Usage.newBuilder()
                        .setReadMs(outcome.usage().readMs())
                        .setRowsRead(outcome.usage().rowsRead())
                        .setBytesRead(outcome.usage().bytesRead()));
        return outcome.<Outcome.Builder>fold(
                        succeeded -> {
                            succeeded.outputs().forEach(output -> made.addOutputs(output(output, directory)));
                            return made;
                        },
                        failed -> made.setFailure(failure(failed.failure())))
                .build();
    }

    private static Output output(EngineOutput output, Path directory) {
        var place = Place.newBuilder();
        if (output.content() instanceof EngineOutput.Bytes inline) {
            place.setInline(ByteString.copyFrom(inline.bytes()));
        } else {
            var file = ((EngineOutput.OnDisk) output.content()).path();
            place.setPath(relative(file, directory));
        }
        return Output.newBuilder()
                .setName(output.name())
                .setMediaType(output.mediaType())
                .setPlace(place)
                .build();
    }

    private static String relative(Path file, Path directory) {
        try {
            return directory.toRealPath().relativize(file).toString();
        } catch (IOException e) {
            return file.toString();
        }
    }

    private static Failure failure(EngineFailure failure) {
        return Failure.newBuilder()
                .setCode(failure.code())
                .setCategory(Failure.Category.valueOf(failure.category().name()))
                .setRetryable(failure.retryable())
                .setRetryAfterMs(failure.retryAfter().map(Duration::toMillis).orElse(0L))
                .setMessage(failure.message())
                .setDetail(failure.detail())
                .build();
    }

    /**
     * The outcome that an engine reports.
     *
     * @param request of the run; outputs named by path must lie in its directory
     */
    public static EngineOutcome outcome(Outcome outcome, EngineRequest request) {
        var usage = new Usage(
                Math.max(0, outcome.getUsage().getReadMs()),
                Math.max(0, outcome.getUsage().getRowsRead()),
                Math.max(0, outcome.getUsage().getBytesRead()));
        if (outcome.hasFailure()) {
            return new EngineOutcome.Failed(
                    failure(outcome.getFailure()), usage, outcome.getForeignId(), outcome.getForeignVersion());
        }
        List<EngineOutput> outputs = new ArrayList<>();
        for (Output output : outcome.getOutputsList()) {
            var place = output.getPlace();
            outputs.add(
                    switch (place.getPlaceCase()) {
                        case TEXT ->
                            EngineOutput.of(
                                    output.getName(),
                                    output.getMediaType(),
                                    place.getText().getBytes(StandardCharsets.UTF_8));
                        case INLINE ->
                            EngineOutput.of(
                                    output.getName(),
                                    output.getMediaType(),
                                    place.getInline().toByteArray());
                        case PATH ->
                            EngineOutput.of(
                                    output.getName(),
                                    output.getMediaType(),
                                    RunFiles.inside(request.directory(), place.getPath()));
                        default ->
                            throw new SelvageException(
                                    ErrorCode.OUTPUT_INVALID,
                                    "The output \"" + output.getName() + "\" is neither text, inline nor path.");
                    });
        }
        return new EngineOutcome.Succeeded(outputs, usage, outcome.getForeignId(), outcome.getForeignVersion());
    }

    private static EngineFailure failure(Failure failure) {
        var category = switch (failure.getCategory()) {
            case USER -> ErrorCategory.USER;
            case INTERNAL -> ErrorCategory.INTERNAL;
            case RESOURCE -> ErrorCategory.RESOURCE;
            default -> ErrorCategory.EXTERNAL;
        };
        return new EngineFailure(
                failure.getCode(),
                category,
                failure.getRetryable(),
                failure.getRetryAfterMs() > 0
                        ? Optional.of(Duration.ofMillis(failure.getRetryAfterMs()))
                        : Optional.empty(),
                failure.getMessage(),
                failure.getDetail());
    }

    public static Description description(EngineDescription description) {
        var made = Description.newBuilder()
                .setEngine(description.engine())
                .setVersion(description.version())
                .setInstance(description.instance())
                .setCanQuery(description.canQuery())
                .setCanCancel(description.canCancel())
                .setCanExchange(description.canExchange())
                .setDeterministic(description.deterministic())
                .setKeepsOutcomeMs(description.keepsOutcome().toMillis())
                .setLimits(EngineLimits.newBuilder()
                        .setRuns(description.capacity().runs())
                        .setRunMs(description.capacity().run().toMillis())
                        .setOutputBytes(description.capacity().outputBytes())
                        .setCpusMilli(description.capacity().cpusMilli())
                        .setMemoryBytes(description.capacity().memoryBytes()));
        description
                .operations()
                .forEach(offer -> made.addOperations(OfferedOperation.newBuilder()
                        .setId(offer.operation())
                        .setDigest(offer.digest().map(Digest::hex).orElse(""))));
        return made.build();
    }

    /** What an engine says of itself; what it leaves out is filled with the usual values. */
    public static EngineDescription description(Description description) {
        var limits = description.getLimits();
        var usual = EngineDescription.Capacity.usual();
        return new EngineDescription(
                description.getEngine(),
                description.getVersion(),
                description.getInstance(),
                description.getOperationsList().stream()
                        .map(offer -> new EngineDescription.Offer(
                                offer.getId(),
                                offer.getDigest().isEmpty()
                                        ? Optional.empty()
                                        : Optional.of(new Digest(offer.getDigest()))))
                        .toList(),
                description.getCanQuery(),
                description.getCanCancel(),
                description.getCanExchange(),
                description.getDeterministic(),
                new EngineDescription.Capacity(
                        Math.max(1, limits.getRuns()),
                        limits.getRunMs() > 0 ? Duration.ofMillis(limits.getRunMs()) : usual.run(),
                        limits.getOutputBytes() > 0 ? limits.getOutputBytes() : usual.outputBytes(),
                        Math.max(0, limits.getCpusMilli()),
                        Math.max(0, limits.getMemoryBytes())),
                Duration.ofMillis(Math.max(0, description.getKeepsOutcomeMs())));
    }
}
