package dev.selvage.bridge;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.selvage.bridge.EngineFile.Connect;
import dev.selvage.bridge.EngineFile.FileLimits;
import dev.selvage.bridge.EngineFile.JavaConnect;
import dev.selvage.bridge.EngineFile.JdbcConnect;
import dev.selvage.bridge.EngineFile.Mapping;
import dev.selvage.bridge.EngineFile.NativeMapping;
import dev.selvage.bridge.EngineFile.StdioConnect;
import dev.selvage.formats.Problems;
import dev.selvage.formats.Yaml;
import dev.selvage.formats.YamlMap;
import dev.selvage.formats.YamlValue;
import dev.selvage.model.CanonicalJson;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.Names;
import dev.selvage.model.Operation;
import dev.selvage.model.SelvageException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Reads an engine file, and tells all that is wrong with it at once. */
final class EngineFileReader {
    private static final Duration MAX_RUN = Duration.ofDays(7);
    private static final long MAX_OUTPUT = 4L << 30;

    private final Path file;
    private final Map<String, Operation> known;
    private final Leaves leaves;
    private final Problems problems = new Problems(ErrorCode.ENGINE_FILE_INVALID, "the engine was not loaded");

    private EngineFileReader(Path file, Map<String, Operation> known, Function<String, String> environment) {
        this.file = file;
        this.known = known;
        var folder = file.toAbsolutePath().getParent();
        this.leaves = new Leaves(folder, environment);
    }

    /**
     * Reads a file.
     *
     * @param known the operations that the node knows, by id: mappings are checked against them
     * @throws SelvageException ENGINE_FILE_INVALID, SECRET_IN_FILE or FILE_UNREADABLE
     */
    static EngineFile read(Path file, Map<String, Operation> known, Function<String, String> environment) {
        return new EngineFileReader(file, known, environment).read();
    }

    private EngineFile read() {
        var document = Yaml.read(file, problems);
        var map = document.map();
        var name = map.required("engine").name();
        var transport = map.required("transport").oneOf("stdio", "http", "jdbc", "java");
        var version = map.optional("version").string("");
        boolean deterministic = map.optional("deterministic").bool(true);
        var config = config(map.optional("config"));
        var limits = limits(map.optional("limits").map());
        Connect connect = null;
        Map<String, Mapping> operations = Map.of();
        if (transport == null) {
            map.optional("connect");
            map.optional("operations");
        } else {
            connect = connect(transport, map.required("connect"));
            operations = operations(transport, map, config);
            if (connect instanceof JdbcConnect jdbc && jdbc.readOnly() && records(operations)) {
                map.problem("connect", "\"afterCrash: record\" writes: set readOnly: false");
            }
        }
        map.refuseUnknownKeys();
        problems.throwIfAny();
        return new EngineFile(file, name, version, deterministic, connect, config, operations, limits);
    }

    private ObjectNode config(YamlValue value) {
        ObjectNode config = CanonicalJson.object();
        value.map().each(element -> {
            if (Leaves.soundsSecret(element.key())) {
                Leaves.literalSecret(element, "secret");
            }
            config.set(element.key(), element.json());
            return element;
        });
        return config;
    }

    private Connect connect(String transport, YamlValue value) {
        return switch (transport) {
            case "stdio" -> stdio(value.map());
            case "http" -> HttpReader.connect(value.map(), leaves);
            case "jdbc" -> JdbcReader.connect(value.map(), leaves);
            default -> java(value.map());
        };
    }

    private StdioConnect stdio(YamlMap map) {
        List<String> command = map.required("command").list().strings();
        if (command.isEmpty() && map.has("command")) {
            map.problem("command", "\"command\" is a list: the program, then its arguments");
        }
        var directory = map.optional("cwd").string(".");
        var mode = map.optional("mode").oneOf("worker", "oneshot");
        map.optional("protocol").oneOf("jsonl");
        var environment = leaves.values(map.optional("env"));
        var hello = map.optional("hello").duration(Duration.ofSeconds(10));
        var idle = map.optional("idle").duration(Duration.ofMinutes(5));
        map.refuseUnknownKeys();
        return new StdioConnect(
                command,
                leaves.base().resolve(directory).normalize(),
                "oneshot".equals(mode),
                environment,
                hello,
                idle);
    }

    private JavaConnect java(YamlMap map) {
        var type = map.required("class").string();
        var jar = map.optional("jar").string();
        map.refuseUnknownKeys();
        return new JavaConnect(type, Optional.ofNullable(jar).map(leaves.base()::resolve));
    }

    private Map<String, Mapping> operations(String transport, YamlMap map, ObjectNode config) {
        var value = transport.equals("java") ? map.optional("operations") : map.required("operations");
        Map<String, Mapping> operations = new LinkedHashMap<>();
        value.map().each(element -> {
            var id = element.key();
            if (!Names.isOperation(id)) {
                element.problem("expected an operation's id such as flights.delays/1, found \"" + id + "\"");
            }
            var mapping = mapping(transport, element, known.get(id), config);
            if (mapping != null) {
                operations.put(id, mapping);
            }
            return element;
        });
        if (value.isMap() && value.map().isEmpty()) {
            value.problem("an engine offers at least one operation");
        }
        return operations;
    }

    private static boolean records(Map<String, Mapping> operations) {
        return operations.values().stream()
                .anyMatch(mapping -> mapping instanceof JdbcMapping jdbc && jdbc.record() != null);
    }

    private Mapping mapping(String transport, YamlValue value, Operation operation, ObjectNode config) {
        if (transport.equals("stdio") || transport.equals("java")) {
            value.oneOf("native");
            return new NativeMapping();
        }
        var scope = Scope.of(operation, config);
        return transport.equals("http")
                ? new HttpReader(value.map(), operation, scope, leaves).mapping()
                : new JdbcReader(value.map(), operation, scope, leaves).mapping();
    }

    private static FileLimits limits(YamlMap map) {
        var usual = FileLimits.USUAL;
        long runs = map.optional("runs").integer(usual.runs(), 1, 10_000);
        var run = map.optional("run").duration(usual.run());
        long rows = map.optional("rows").integer(usual.rows(), 1, 1_000_000_000L);
        long output = map.optional("output").size(usual.output());
        long response = map.optional("response").size(usual.response());
        long cpus = map.optional("cpus").cpus(0);
        long memory = map.optional("memory").size(0);
        map.refuseUnknownKeys();
        if (run.isZero() || run.compareTo(MAX_RUN) > 0) {
            map.problem("run", "\"run\" is more than 0 and at most 7d");
            run = usual.run();
        }
        if (output < 1 || output > MAX_OUTPUT) {
            map.problem("output", "\"output\" is more than 0 and at most 4Gi");
        }
        if (response < 1 || response > Integer.MAX_VALUE / 2) {
            map.problem("response", "\"response\" is more than 0 and less than 1Gi");
        }
        return new FileLimits((int) runs, run, rows, output, response, Math.toIntExact(cpus), memory);
    }
}
