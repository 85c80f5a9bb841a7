package dev.selvage.bridge;

import dev.selvage.bridge.HttpCaller.Reply;
import dev.selvage.engine.EngineOutput;
import dev.selvage.engine.EngineRequest;
import dev.selvage.engine.RunFiles;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.Operation.OutputSpec;
import dev.selvage.model.SelvageException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Makes the operation's outputs of a service's reply and files. Tables become canonical; everything else stays as it is. */
final class HttpOutputs {
    private final EngineRequest request;
    private final long maxRows;
    private final long maxBytes;

    HttpOutputs(EngineRequest request, long maxRows, long maxBytes) {
        this.request = request;
        this.maxRows = maxRows;
        this.maxBytes = maxBytes;
    }

    List<EngineOutput> read(HttpMapping mapping, Reply reply, Map<String, Object> values) throws IOException {
        List<EngineOutput> outputs = new ArrayList<>();
        for (var entry : mapping.outputs().entrySet()) {
            outputs.add(output(entry.getKey(), entry.getValue(), reply, values));
        }
        return outputs;
    }

    private EngineOutput output(String name, HttpMapping.Output output, Reply reply, Map<String, Object> values)
            throws IOException {
        var spec = request.operation().outputs().get(name);
        boolean table = spec != null && !spec.columns().isEmpty();
        var declared = spec == null ? null : spec.mediaType();
        var type = output.mediaType() != null
                ? output.mediaType()
                : declared != null ? declared : "application/octet-stream";
        if (output.source() instanceof HttpMapping.FromFile file) {
            var path = RunFiles.inside(request.directory(), file.name());
            if (!table) {
                return EngineOutput.of(name, type, path);
            }
            if (Files.size(path) > maxBytes * 2) {
                throw new SelvageException(
                        ErrorCode.ENGINE_FLOOD, "The file " + file.name() + " is larger than the output may be.");
            }
            try (var in = Files.newInputStream(path)) {
                return EngineOutput.of(name, type, csv(spec, output.columns(), in));
            }
        }
        if (output.source() instanceof HttpMapping.FromJson json) {
            return EngineOutput.of(name, type, json(spec, table, output, json, reply, values));
        }
        return EngineOutput.of(
                name, type, table ? csv(spec, output.columns(), new ByteArrayInputStream(reply.body())) : reply.body());
    }

    private byte[] json(
            OutputSpec spec,
            boolean table,
            HttpMapping.Output output,
            HttpMapping.FromJson json,
            Reply reply,
            Map<String, Object> values) {
        var value = json.value().value(reply.on(values));
        if (!table) {
            var text = value instanceof String plain
                    ? plain
                    : CelValues.json(value).toString();
            return text.getBytes(StandardCharsets.UTF_8);
        }
        if (!(value instanceof List<?> rows)) {
            throw new SelvageException(
                    ErrorCode.OUTPUT_INVALID, "The service's reply has no list of rows where the file says.");
        }
        var made = new Tables(spec, output.columns(), maxRows, maxBytes);
        for (Object row : rows) {
            if (row instanceof Map<?, ?> named) {
                made.add(named);
            } else if (row instanceof List<?> ordered
                    && ordered.size() == spec.columns().size()) {
                made.add(ordered);
            } else {
                throw new SelvageException(
                        ErrorCode.OUTPUT_INVALID,
                        "Row " + (made.size() + 1) + " is neither an object nor a list of "
                                + spec.columns().size() + ".");
            }
        }
        return made.bytes();
    }

    private byte[] csv(OutputSpec spec, Map<String, String> columns, InputStream in) throws IOException {
        var reader = new ForeignCsv(new InputStreamReader(in, StandardCharsets.UTF_8));
        var made = new Tables(spec, columns, maxRows, maxBytes);
        var header = reader.next();
        if (header == null) {
            throw new SelvageException(ErrorCode.OUTPUT_INVALID, "The engine's table is empty: it has no header.");
        }
        for (List<String> row = reader.next(); row != null; row = reader.next()) {
            if (row.size() != header.size()) {
                throw new SelvageException(
                        ErrorCode.OUTPUT_INVALID,
                        "Row " + (made.size() + 1) + " has " + row.size() + " cells, the header " + header.size()
                                + ".");
            }
            Map<String, String> named = new HashMap<>();
            for (int i = 0; i < row.size(); i++) {
                named.put(header.get(i), row.get(i));
            }
            made.add(named);
        }
        return made.bytes();
    }
}
