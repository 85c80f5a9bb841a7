package dev.selvage.engine;

import dev.selvage.model.ErrorCode;
import dev.selvage.model.Operation;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Holds the outputs of a run against what its operation declares. */
final class OutputCheck {
    private OutputCheck() {}

    /** What is wrong, as OUTPUT_INVALID or ENGINE_FLOOD; empty when nothing is. */
    static Optional<EngineFailure> problem(EngineRequest request, List<EngineOutput> outputs) {
        var declared = request.operation().outputs();
        Set<String> missing = new HashSet<>(declared.keySet());
        long total = 0;
        try {
            for (EngineOutput output : outputs) {
                var spec = declared.get(output.name());
                if (spec == null) {
                    return invalid("the output \"" + output.name() + "\" is not declared");
                }
                if (!missing.remove(output.name())) {
                    return invalid("the output \"" + output.name() + "\" came twice");
                }
                if (spec.mediaType() != null && !spec.mediaType().equals(output.mediaType())) {
                    return invalid("the output \"" + output.name() + "\" is " + output.mediaType() + ", not "
                            + spec.mediaType());
                }
                total += size(output);
                if (total > request.limits().outputBytes()) {
                    return Optional.of(EngineFailure.of(
                            ErrorCode.ENGINE_FLOOD,
                            "The outputs are larger than " + request.limits().outputBytes() + " bytes."));
                }
                var problem = table(output, spec);
                if (problem.isPresent()) {
                    return invalid("the output \"" + output.name() + "\": " + problem.get());
                }
            }
        } catch (IOException e) {
            return Optional.of(EngineFailure.of(
                    ErrorCode.OUTPUT_INVALID, "An output of the engine could not be read.", e.toString()));
        }
        return missing.isEmpty()
                ? Optional.empty()
                : invalid(
                        "the output \"" + missing.stream().sorted().findFirst().orElseThrow() + "\" is missing");
    }

    private static Optional<EngineFailure> invalid(String what) {
        return Optional.of(
                EngineFailure.of(ErrorCode.OUTPUT_INVALID, "Not what the operation declares: " + what + "."));
    }

    private static Optional<String> table(EngineOutput output, Operation.OutputSpec spec) throws IOException {
        if (spec.columns().isEmpty()) {
            return Optional.empty();
        }
        try (var in = open(output)) {
            return CanonicalTable.problem(spec.columns(), spec.order(), in);
        }
    }

    private static long size(EngineOutput output) throws IOException {
        return output.content() instanceof EngineOutput.Bytes inline
                ? inline.bytes().length
                : Files.size(((EngineOutput.OnDisk) output.content()).path());
    }

    private static InputStream open(EngineOutput output) throws IOException {
        return output.content() instanceof EngineOutput.Bytes inline
                ? new ByteArrayInputStream(inline.bytes())
                : Files.newInputStream(((EngineOutput.OnDisk) output.content()).path());
    }
}
