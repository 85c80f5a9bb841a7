package dev.selvage.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EngineConformanceTest {
    @TempDir
    Path directory;

    @Test
    void an_honest_engine_passes_every_check() {
        assertThat(check(EngineSamples::countWords))
                .hasSize(7)
                .allSatisfy(check ->
                        assertThat(check.verdict()).as(check.toString()).isEqualTo(EngineConformance.Verdict.PASSED));
    }

    @Test
    void a_wrong_answer_is_named_by_its_line() {
        var checks = check(context -> context.output("table", List.of(List.of("be", "2"), List.of("to", "3"))));
        assertThat(checks)
                .anySatisfy(check -> assertThat(check.toString())
                        .contains("CASE_FAILED", "line 3", "expected \"to,2\"", "got \"to,3\""));
    }

    @Test
    void an_engine_that_is_not_deterministic_though_it_says_so_is_found() {
        var calls = new AtomicInteger();
        var checks = check(context ->
                context.output("table", List.of(List.of("be", "2"), List.of("to", "" + calls.incrementAndGet()))));
        assertThat(checks)
                .filteredOn(check -> check.name().equals("equal requests give equal bytes"))
                .allSatisfy(check -> assertThat(check.verdict()).isEqualTo(EngineConformance.Verdict.FAILED));
    }

    @Test
    void an_engine_without_the_operation_fails_at_once() {
        try (var engine = new HandlerEngine(
                "other", EngineSamples.provider(Map.of()), EngineDescription.Capacity.usual(), Map.of())) {
            var checks = EngineConformance.check(engine, EngineSamples.words(), directory, Duration.ofSeconds(5));
            assertThat(checks)
                    .singleElement()
                    .satisfies(check -> assertThat(check.code()).isEqualTo("NO_ENGINE"));
        }
    }

    private List<EngineConformance.Check> check(OperationHandler handler) {
        try (var engine = EngineSamples.engine(handler)) {
            return EngineConformance.check(engine, EngineSamples.words(), directory, Duration.ofSeconds(5));
        }
    }
}
