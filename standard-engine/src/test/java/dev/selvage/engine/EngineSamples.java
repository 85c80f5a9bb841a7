package dev.selvage.engine;

import dev.selvage.model.Operation;
import dev.selvage.model.Operation.Case;
import dev.selvage.model.Operation.CaseInput;
import dev.selvage.model.Operation.Column;
import dev.selvage.model.Operation.InputSpec;
import dev.selvage.model.Operation.OutputSpec;
import dev.selvage.model.Schema;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** An operation and requests for tests: count.words/1 counts the words of its texts. */
final class EngineSamples {
    static final String TASK = "0123456789abcdef0123456789abcdef";

    private EngineSamples() {}

    static Operation words() {
        return new Operation(
                Operation.FORMAT,
                "count.words/1",
                "Counts words.",
                Map.of("least", Schema.ofType("integer")),
                Map.of("texts", new InputSpec("text/plain", true, null, null)),
                Map.of(
                        "table",
                        new OutputSpec(
                                "text/csv",
                                List.of(
                                        new Column("word", "text", null, false),
                                        new Column("count", "int64", null, false)),
                                List.of("word"),
                                null)),
                true,
                null,
                List.of(new Case(
                        "two texts",
                        Map.of("least", dev.selvage.model.CanonicalJson.tree(2)),
                        Map.of("texts", List.of(new CaseInput("a", "to be or"), new CaseInput("b", "not to be"))),
                        Map.of("table", "word,count\nbe,2\nto,2\n"))));
    }

    /** An honest implementation. */
    static void countWords(RunContext context) throws Exception {
        Map<String, Integer> counts = new java.util.TreeMap<>();
        for (var input : context.inputs("texts")) {
            for (var word : new String(context.bytes(input, 1 << 20), StandardCharsets.UTF_8).split("\\s+", -1)) {
                counts.merge(word, 1, Integer::sum);
            }
        }
        long least = context.params().get("least").longValue();
        context.output(
                "table",
                counts.entrySet().stream()
                        .filter(entry -> entry.getValue() >= least)
                        .map(entry -> List.of(entry.getKey(), entry.getValue().toString()))
                        .toList());
    }

    static EngineProvider provider(Map<String, OperationHandler> handlers) {
        return new EngineProvider() {
            @Override
            public String version() {
                return "1.2";
            }

            @Override
            public Map<String, OperationHandler> operations() {
                return handlers;
            }
        };
    }

    static HandlerEngine engine(OperationHandler handler) {
        return new HandlerEngine(
                "sample",
                provider(Map.of("count.words/1", handler)),
                EngineDescription.Capacity.usual(),
                Map.of("count.words/1", words()));
    }

    static EngineRequest request(int part, String text, RunLimits limits, Path directory) {
        return new EngineRequest(
                new RunKey(TASK, "count", part, 1, "counter"),
                words(),
                "{\"least\":1}",
                List.of(EngineInput.inline("texts", "text/plain", text.getBytes(StandardCharsets.UTF_8))),
                limits,
                directory,
                "");
    }

    static String table(EngineOutcome outcome) {
        return outcome.fold(
                succeeded -> new String(
                        ((EngineOutput.Bytes) succeeded.outputs().get(0).content()).bytes(), StandardCharsets.UTF_8),
                failed -> failed.failure().code() + " " + failed.failure().message());
    }
}
