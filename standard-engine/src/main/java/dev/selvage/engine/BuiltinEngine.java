package dev.selvage.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.selvage.model.CanonicalJson;
import dev.selvage.model.Digest;
import dev.selvage.model.Operation;
import dev.selvage.model.Operation.InputSpec;
import dev.selvage.model.Operation.OutputSpec;
import dev.selvage.model.Schema;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The engine that every node has, named {@value #NAME}: moving and storing are resources as well. {@code data.move/1} hands its input
 * on as its output, {@code data.store/1} keeps a copy in the node's own folder and gives a receipt, {@code bench.noop/1} and {@code
 * bench.gather/1} do nothing, for measuring everything around them.
 */
public final class BuiltinEngine implements EngineProvider {
    public static final String NAME = "builtin";
    public static final String MOVE = "data.move/1";
    public static final String STORE = "data.store/1";
    /** Run by the node itself, which audits: the engine {@value #NAME} does not offer it. */
    public static final String CHECK = "data.check/1";

    public static final String NOOP = "bench.noop/1";
    public static final String GATHER = "bench.gather/1";

    private static final String ANY = "application/octet-stream";
    private static final String TEXT = "text/plain";
    private static final Duration LONGEST = Duration.ofHours(1);
    private static final long LARGEST = 4L << 30;

    private final Path store;

    private BuiltinEngine(Path store) {
        this.store = store;
    }

    /**
     * The engine, ready to run.
     *
     * @param store where data.store/1 keeps its copies, by digest; made when needed
     * @param runs at once
     */
    public static StandardEngine open(Path store, int runs) {
        return new HandlerEngine(
                NAME,
                new BuiltinEngine(store),
                new EngineDescription.Capacity(runs, LONGEST, LARGEST, 0, 0),
                builtinOperations());
    }

    private static Operation check() {
        return new Operation(
                Operation.FORMAT,
                CHECK,
                "Audits a data set of another organisation; fails where its bytes are not what is anchored on the ledger.",
                Map.of(
                        "of", words("The organisation whose data it is, such as JfkMSP."),
                        "data", words("The owner's name of the data set."),
                        "holder",
                                wordsOr(
                                        "",
                                        "The node that has the data, such as JfkMSP/node1; empty: the owner's own."),
                        "mode", wordsOr("", "merkle, sectored or paper; empty: as the data is anchored."),
                        "detect",
                                wordsOr(
                                        "99%:1%",
                                        "With which probability damage of which part of the blocks is found.")),
                Map.of(),
                Map.of("verdict", new OutputSpec("application/json", null, null, null)),
                false,
                null,
                List.of());
    }

    private static Schema words(String description) {
        return new Schema("string", description, null, null, 1, 128, null, null, null, null, null, null);
    }

    private static Schema wordsOr(String otherwise, String description) {
        return new Schema(
                "string",
                description,
                null,
                null,
                null,
                128,
                null,
                null,
                null,
                null,
                null,
                CanonicalJson.tree(otherwise));
    }

    /** The operations of this engine by id, for workflows to pin. */
    public static Map<String, Operation> builtinOperations() {
        Map<String, Operation> all = new TreeMap<>();
        for (Operation operation : List.of(
                operation(
                        MOVE,
                        "Hands its input on as its output: the bytes are then with the node that ran it.",
                        Map.of(),
                        Map.of("data", new InputSpec(null, false, null, null)),
                        Map.of("data", new OutputSpec(ANY, null, null, null))),
                operation(
                        STORE,
                        "Keeps a copy of its input in the node's own folder.",
                        Map.of(),
                        Map.of("data", new InputSpec(null, false, null, null)),
                        Map.of("receipt", new OutputSpec("application/json", null, null, null))),
                check(),
                operation(
                        NOOP,
                        "Does nothing and gives a fixed text, for benchmarks.",
                        Map.of("index", optionalIndex()),
                        Map.of(),
                        Map.of("out", new OutputSpec(TEXT, null, null, null))),
                operation(
                        GATHER,
                        "Counts its inputs, for benchmarks.",
                        Map.of(),
                        Map.of("items", new InputSpec(null, true, null, null)),
                        Map.of("count", new OutputSpec(TEXT, null, null, null))))) {
            all.put(operation.operation(), operation);
        }
        return all;
    }

    @Override
    public String version() {
        return "1";
    }

    @Override
    public Map<String, OperationHandler> operations() {
        return Map.of(
                MOVE,
                BuiltinEngine::move,
                STORE,
                this::store,
                NOOP,
                context -> context.output("out", text("ok\n")),
                GATHER,
                context -> context.output("count", text(context.inputs("items").size() + "\n")));
    }

    private static void move(RunContext context) throws IOException {
        var input = context.input("data");
        if (input.place() instanceof InputPlace.Inline inline) {
            context.output("data", inline.bytes());
            return;
        }
        Path copy = context.directory().resolve("data");
        try (var in = context.open(input)) {
            Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING);
        }
        context.output("data", copy);
    }

    private void store(RunContext context) throws IOException {
        Files.createDirectories(store);
        Path part = Files.createTempFile(store, "incoming-", ".part");
        try {
            var hash = Digest.sha256();
            long size;
            try (var in = context.open(context.input("data"));
                    var out = new DigestOutputStream(Files.newOutputStream(part), hash)) {
                size = in.transferTo(out);
            }
            var digest = Digest.fromHash(hash.digest());
            force(part, StandardOpenOption.WRITE);
            Files.move(
                    part,
                    store.resolve(digest.hex()),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
            force(store, StandardOpenOption.READ);
            ObjectNode receipt = CanonicalJson.object();
            receipt.put("digest", digest.hex());
            receipt.put("size", size);
            context.output("receipt", CanonicalJson.bytes(receipt));
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private static void force(Path path, StandardOpenOption how) throws IOException {
        try (var channel = FileChannel.open(path, how)) {
            channel.force(true);
        }
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Schema optionalIndex() {
        return new Schema("integer", null, 0L, null, null, null, null, null, null, null, null, CanonicalJson.tree(0));
    }

    private static Operation operation(
            String id,
            String description,
            Map<String, Schema> parameters,
            Map<String, InputSpec> inputs,
            Map<String, OutputSpec> outputs) {
        return new Operation(Operation.FORMAT, id, description, parameters, inputs, outputs, true, null, List.of());
    }
}
