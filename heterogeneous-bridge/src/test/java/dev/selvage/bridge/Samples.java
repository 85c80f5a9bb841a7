package dev.selvage.bridge;

import dev.selvage.engine.EngineConformance;
import dev.selvage.engine.EngineInput;
import dev.selvage.engine.EngineOutcome;
import dev.selvage.engine.EngineOutput;
import dev.selvage.engine.EngineRequest;
import dev.selvage.engine.EngineRun;
import dev.selvage.engine.InputPlace;
import dev.selvage.engine.RunKey;
import dev.selvage.engine.RunLimits;
import dev.selvage.formats.workflow.OperationFile;
import dev.selvage.model.Operation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The example operation of the project, and requests for it. */
final class Samples {
    static final Operation DELAYS =
            OperationFile.read(Path.of("..", "examples", "nyc-delays", "operations", "flights.delays.yaml"));
    static final Map<String, Operation> KNOWN = Map.of(DELAYS.operation(), DELAYS);
    static final String HEADER =
            "month,day,dep_time,dep_delay,arr_delay,carrier,flight,tailnum,origin,dest,air_time," + "distance\n";
    static final String TABLE = "carrier,flights,known,minutes\nDL,1,1,40\nUA,3,2,9\n";

    private static final String TASK = "0123456789abcdef0123456789abcdef";

    private Samples() {}

    static Path file(Path directory, String name, String... lines) throws IOException {
        return Files.writeString(directory.resolve(name), String.join("\n", lines) + "\n");
    }

    static EngineLoader loader(Path directory) {
        return new EngineLoader(BridgeSettings.of(directory.resolve("logs"), KNOWN));
    }

    /** The input of the operation's first case, in the request itself. */
    static EngineInput flights() {
        var text = DELAYS.cases().get(0).inputs().get("flights").get(0).text();
        return EngineInput.inline("flights", "text/csv", text.getBytes(StandardCharsets.UTF_8));
    }

    static EngineInput resident(String engine, String table) {
        return EngineInput.resident("flights", new InputPlace.Resident(engine, table, "1"));
    }

    static EngineRequest request(Path directory, int part, Duration limit, EngineInput... inputs) {
        return request(directory, part, new RunLimits(limit, 1 << 20, 0, 0), inputs);
    }

    static EngineRequest request(Path directory, int part, RunLimits limits, EngineInput... inputs) {
        try {
            return new EngineRequest(
                    new RunKey(TASK, "delays", part, 1, "airport"),
                    DELAYS,
                    "{\"month\":7}",
                    List.of(inputs),
                    limits,
                    Files.createDirectories(directory.resolve("run" + part)).toAbsolutePath(),
                    "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The table, or the failure's code and message. */
    static String await(EngineRun run) throws Exception {
        return text(run.outcome().get(30, TimeUnit.SECONDS));
    }

    static String text(EngineOutcome outcome) {
        return outcome.fold(
                succeeded -> {
                    var content = succeeded.outputs().get(0).content();
                    try {
                        return content instanceof EngineOutput.OnDisk file
                                ? Files.readString(file.path())
                                : new String(((EngineOutput.Bytes) content).bytes(), StandardCharsets.UTF_8);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                failed -> failed.failure().code() + " " + failed.failure().message());
    }

    /** What the conformance kit finds wrong. */
    static List<EngineConformance.Check> wrong(List<EngineConformance.Check> checks) {
        return checks.stream()
                .filter(check -> check.verdict() == EngineConformance.Verdict.FAILED)
                .toList();
    }
}
