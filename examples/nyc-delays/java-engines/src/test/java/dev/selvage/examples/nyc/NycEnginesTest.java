package dev.selvage.examples.nyc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.engine.CanonicalTable;
import dev.selvage.engine.EngineConformance;
import dev.selvage.engine.EngineDescription;
import dev.selvage.engine.EngineInput;
import dev.selvage.engine.EngineListener;
import dev.selvage.engine.EngineOutcome;
import dev.selvage.engine.EngineOutput;
import dev.selvage.engine.EngineProvider;
import dev.selvage.engine.EngineRequest;
import dev.selvage.engine.HandlerEngine;
import dev.selvage.engine.InputPlace;
import dev.selvage.engine.OperationHandler;
import dev.selvage.engine.RunKey;
import dev.selvage.engine.RunLimits;
import dev.selvage.engine.StandardEngine;
import dev.selvage.formats.workflow.OperationFile;
import dev.selvage.model.Digest;
import dev.selvage.model.Operation;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against the numbers that awk gives of the same data: parts-2013.csv for each airport, city-2013.csv for all three. */
class NycEnginesTest {
    private static final Path NYC = Path.of("..");
    private static final Operation DELAYS = OperationFile.read(NYC.resolve("operations/flights.delays.yaml"));
    private static final Operation MERGE = OperationFile.read(NYC.resolve("operations/flights.merge.yaml"));

    @TempDir
    private Path folder;

    private static StandardEngine delaysEngine() {
        return engine(new EngineProvider() {
            @Override
            public String version() {
                return "1";
            }

            @Override
            public Map<String, OperationHandler> operations() {
                return Map.of(Delays.OPERATION, Delays::run);
            }
        });
    }

    private static StandardEngine engine(EngineProvider provider) {
        return new HandlerEngine("test", provider, EngineDescription.Capacity.usual(), Map.of());
    }

    @ParameterizedTest
    @CsvSource({
        "../operations/flights.merge.yaml",
        "../../nyc-delays-named/operations/flights.name.yaml",
        "../../fan-in/operations/flights.add.yaml"
    })
    void merge_engine_passes_the_cases_of_its_operations(String file) {
        try (var engine = engine(new MergeEngine())) {
            assertPassed(
                    EngineConformance.check(engine, OperationFile.read(Path.of(file)), folder, Duration.ofSeconds(20)));
        }
    }

    @Test
    void java_worker_passes_the_cases_of_its_operation() {
        try (var engine = delaysEngine()) {
            assertPassed(EngineConformance.check(engine, DELAYS, folder, Duration.ofSeconds(20)));
        }
    }

    private static void assertPassed(List<EngineConformance.Check> checks) {
        assertThat(checks)
                .hasSizeGreaterThan(3)
                .noneMatch(check -> check.verdict() == EngineConformance.Verdict.FAILED);
    }

    @Test
    void every_month_of_every_airport_and_of_the_city_is_what_awk_says() throws Exception {
        Map<String, Path> files = new java.util.TreeMap<>();
        for (var airport : List.of("ewr", "jfk", "lga")) {
            var file = folder.resolve(airport + ".csv");
            try (var in = new GZIPInputStream(Files.newInputStream(NYC.resolve("data/" + airport + ".csv.gz")))) {
                Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
            }
            files.put(airport, file.toAbsolutePath());
        }
        try (var delays = delaysEngine();
                var merge = engine(new MergeEngine())) {
            for (int month = 1; month <= 12; month++) {
                List<EngineInput> parts = new ArrayList<>();
                for (var file : files.entrySet()) {
                    var input = new EngineInput(
                            "flights",
                            "",
                            0,
                            "text/csv",
                            Optional.empty(),
                            Files.size(file.getValue()),
                            new InputPlace.OnDisk(file.getValue()));
                    var table = run(delays, DELAYS, "{\"month\":" + month + "}", List.of(input), month);
                    assertThat(lines(table)).isEqualTo(expected("parts-2013.csv", file.getKey() + "," + month + ","));
                    parts.add(new EngineInput(
                            "tables",
                            file.getKey(),
                            parts.size(),
                            "text/csv",
                            Optional.of(Digest.of(table)),
                            table.length,
                            new InputPlace.Inline(table)));
                }
                var city = run(merge, MERGE, "{\"minFlights\":30}", parts, month);
                assertThat(lines(city).stream()
                                .map(line -> line.substring(0, line.lastIndexOf(',')))
                                .toList())
                        .isEqualTo(expected("city-2013.csv", month + ","));
                if (month == 7) {
                    assertThat(parts.stream()
                                    .mapToInt(part -> lines(((InputPlace.Inline) part.place()).bytes())
                                            .size())
                                    .sum())
                            .isEqualTo(33);
                    assertThat(lines(city)).hasSize(15).contains("UA,5066,5000,100526,20.11", "HA,31,31,-53,-1.71");
                }
                assertThat(CanonicalTable.problem(
                                MERGE.outputs().get("table").columns(),
                                MERGE.outputs().get("table").order(),
                                new ByteArrayInputStream(city)))
                        .isEmpty();
            }
        }
    }

    private byte[] run(StandardEngine engine, Operation operation, String params, List<EngineInput> inputs, int month)
            throws Exception {
        var label = inputs.get(0).place() instanceof InputPlace.OnDisk file
                ? file.path().getFileName()
                : "city";
        var key = new RunKey("0".repeat(32), operation.operation().replace('/', '-') + label, month, 1, "any");
        var directory =
                Files.createDirectories(folder.resolve(key.subTask() + month)).toAbsolutePath();
        var request = new EngineRequest(key, operation, params, inputs, RunLimits.usual(), directory, "");
        var outcome = engine.run(request, EngineListener.NONE)
                .outcome()
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS);
        assertThat(outcome).isInstanceOf(EngineOutcome.Succeeded.class);
        return ((EngineOutput.Bytes)
                        ((EngineOutcome.Succeeded) outcome).outputs().get(0).content())
                .bytes();
    }

    /** The rows without the header. */
    private static List<String> lines(byte[] table) {
        return new String(table, StandardCharsets.UTF_8).lines().skip(1).toList();
    }

    private static List<String> expected(String resource, String prefix) throws IOException {
        try (var in = NycEnginesTest.class.getResourceAsStream("/" + resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> line.startsWith(prefix))
                    .map(line -> line.substring(prefix.length()))
                    .collect(Collectors.toList());
        }
    }
}
