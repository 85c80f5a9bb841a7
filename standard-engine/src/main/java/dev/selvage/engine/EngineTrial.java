package dev.selvage.engine;

import com.fasterxml.jackson.databind.JsonNode;
import dev.selvage.model.CanonicalJson;
import dev.selvage.model.Digest;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.Operation;
import dev.selvage.model.Operation.InputSpec;
import dev.selvage.model.Parameters;
import dev.selvage.model.Problem;
import dev.selvage.model.SelvageException;
import dev.selvage.model.Suggestion;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One run of an operation outside any task, for whoever sets up an engine: {@code selvage engine try}. */
public final class EngineTrial {
    private EngineTrial() {}

    /** What is given for an input. */
    public sealed interface Given {}

    /** A file; its label is that of its part in a list input. */
    public record GivenFile(String label, Path file) implements Given {}

    /** A table inside an engine. */
    public record GivenTable(String engine, String table) implements Given {}

    /**
     * The request of a run.
     *
     * @param arguments the operation's parameters, as a JSON object; defaults are filled in
     * @param inputs by name; several for a list input
     * @param directory an empty directory for the run
     * @throws SelvageException ARGUMENT_INVALID with every problem; FILE_UNREADABLE
     */
    public static EngineRequest request(
            Operation operation,
            JsonNode arguments,
            Map<String, List<Given>> inputs,
            RunLimits limits,
            Path directory) {
        var params = CanonicalJson.text(Parameters.complete(operation.parameters(), arguments));
        Problem.refuseAny(ErrorCode.ARGUMENT_INVALID, problems(operation, inputs));
        List<EngineInput> gathered = new ArrayList<>();
        operation.inputs().forEach((name, spec) -> {
            var elements = inputs.get(name);
            for (int i = 0; i < elements.size(); i++) {
                gathered.add(input(name, spec, i, elements.get(i)));
            }
        });
        var stamp = Digest.of((System.nanoTime() + directory.toString()).getBytes(StandardCharsets.UTF_8));
        var key = new RunKey(stamp.hex().substring(0, 32), "try", 0, 1, "engine");
        return new EngineRequest(key, operation, params, gathered, limits, directory.toAbsolutePath(), "");
    }

    private static List<Problem> problems(Operation operation, Map<String, List<Given>> inputs) {
        List<Problem> problems = new ArrayList<>();
        operation.inputs().forEach((name, spec) -> {
            int given = inputs.getOrDefault(name, List.of()).size();
            if (given == 0 || (given > 1 && !spec.many())) {
                problems.add(new Problem(
                        ErrorCode.ARGUMENT_INVALID,
                        name,
                        given == 0
                                ? "missing; the operation needs this input"
                                : "the operation takes one, not " + given));
            }
        });
        for (String name : inputs.keySet()) {
            if (!operation.inputs().containsKey(name)) {
                problems.add(new Problem(
                        ErrorCode.ARGUMENT_INVALID,
                        name,
                        "the operation has no such input"
                                + Suggestion.among(name, operation.inputs().keySet())));
            }
        }
        return problems;
    }

    private static EngineInput input(String name, InputSpec spec, int index, Given given) {
        var mediaType = spec.mediaType() == null ? "application/octet-stream" : spec.mediaType();
        if (given instanceof GivenTable table) {
            return new EngineInput(
                    name,
                    "",
                    index,
                    mediaType,
                    Optional.empty(),
                    0,
                    new InputPlace.Resident(table.engine(), table.table(), "unknown"));
        }
        var file = (GivenFile) given;
        var path = file.file().toAbsolutePath();
        var hash = Digest.sha256();
        try (var in = Files.newInputStream(path);
                var out = new DigestOutputStream(OutputStream.nullOutputStream(), hash)) {
            long size = in.transferTo(out);
            return new EngineInput(
                    name,
                    file.label(),
                    index,
                    mediaType,
                    Optional.of(Digest.fromHash(hash.digest())),
                    size,
                    new InputPlace.OnDisk(path));
        } catch (IOException e) {
            throw new SelvageException(ErrorCode.FILE_UNREADABLE, "Cannot read " + file.file() + ".", e);
        }
    }
}
