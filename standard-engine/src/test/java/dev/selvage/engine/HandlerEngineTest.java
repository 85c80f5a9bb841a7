package dev.selvage.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HandlerEngineTest {
    @TempDir
    Path directory;

    @Test
    void gives_the_canonical_table() throws Exception {
        try (var engine = EngineSamples.engine(EngineSamples::countWords)) {
            assertThat(outcome(engine, "b a b", RunLimits.usual())).isEqualTo("word,count\na,1\nb,2\n");
        }
    }

    @Test
    void tells_the_host_of_the_acceptance_before_it_runs() throws Exception {
        List<String> order = new ArrayList<>();
        try (var engine = EngineSamples.engine(context -> {
            order.add("runs");
            context.progress(500, "half");
            EngineSamples.countWords(context);
        })) {
            var listener = new EngineListener() {
                @Override
                public void onAccepted(boolean resumed, String foreignId) {
                    order.add("accepted");
                }

                @Override
                public void onProgress(EngineProgress progress) {
                    order.add(progress.permille() + " " + progress.message());
                }
            };
            engine.run(request("a"), listener).outcome().get(10, TimeUnit.SECONDS);
            assertThat(order).containsExactly("accepted", "runs", "500 half");
        }
    }

    @Test
    void runs_one_key_once_and_refuses_it_with_other_content() throws Exception {
        var calls = new AtomicInteger();
        try (var engine = EngineSamples.engine(context -> {
            calls.incrementAndGet();
            EngineSamples.countWords(context);
        })) {
            assertThat(outcome(engine, "a", RunLimits.usual())).isEqualTo("word,count\na,1\n");
            assertThat(outcome(engine, "a", RunLimits.usual())).isEqualTo("word,count\na,1\n");
            assertThat(calls).hasValue(1);
            assertThat(outcome(engine, "b", RunLimits.usual())).startsWith("KEY_REUSED");
        }
    }

    @Test
    void a_handler_that_breaks_is_a_failure_whose_words_stay_on_the_node() throws Exception {
        try (var engine = EngineSamples.engine(context -> {
            throw new IllegalStateException("password=hunter2");
        })) {
            var failed = (EngineOutcome.Failed)
                    engine.run(request("a"), EngineListener.NONE).outcome().get(10, TimeUnit.SECONDS);
            assertThat(failed.failure().code()).isEqualTo("ENGINE_FAILED");
            assertThat(failed.failure().message()).doesNotContain("hunter2");
            assertThat(failed.failure().detail()).contains("hunter2");
        }
    }

    @Test
    void keeps_codes_of_the_catalogue() throws Exception {
        try (var engine = EngineSamples.engine(context -> {
            throw new SelvageException(ErrorCode.ENGINE_BUSY, "Later.");
        })) {
            assertThat(outcome(engine, "a", RunLimits.usual())).isEqualTo("ENGINE_BUSY Later.");
        }
    }

    @Test
    void ends_a_run_that_hangs_at_its_deadline() throws Exception {
        try (var engine = EngineSamples.engine(context -> new CountDownLatch(1).await())) {
            assertThat(outcome(engine, "a", new RunLimits(Duration.ofMillis(50), 1 << 20, 0, 0)))
                    .startsWith("ENGINE_TIMEOUT sample did not finish within 50 ms");
        }
    }

    @Test
    void a_cancelled_run_ends_after_its_grace_and_frees_its_place() throws Exception {
        var started = new CountDownLatch(1);
        try (var engine = EngineSamples.engine(context -> {
            if (started.getCount() > 0) {
                started.countDown();
                new CountDownLatch(1).await();
            }
            EngineSamples.countWords(context);
        })) {
            var run = engine.run(request("a"), EngineListener.NONE);
            assertThat(started.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(run.query()).isEqualTo(RunStatus.RUNNING);
            run.cancel("not needed", Duration.ofMillis(10));
            assertThat(EngineSamples.table(run.outcome().get(10, TimeUnit.SECONDS)))
                    .startsWith("CANCELLED");
            var next = EngineSamples.request(1, "a", RunLimits.usual(), directory);
            assertThat(EngineSamples.table(
                            engine.run(next, EngineListener.NONE).outcome().get(10, TimeUnit.SECONDS)))
                    .isEqualTo("word,count\na,1\n");
        }
    }

    @Test
    void refuses_outputs_that_the_operation_does_not_declare_and_misses_those_that_it_does() throws Exception {
        try (var engine = EngineSamples.engine(context -> context.output("tabel", new byte[0]))) {
            assertThat(outcome(engine, "a", RunLimits.usual()))
                    .startsWith("OUTPUT_INVALID")
                    .contains("\"tabel\" is not declared");
        }
        try (var engine = EngineSamples.engine(context -> {})) {
            assertThat(outcome(engine, "a", RunLimits.usual())).contains("\"table\" is missing");
        }
        try (var engine =
                EngineSamples.engine(context -> context.output("table", "word\n".getBytes(StandardCharsets.UTF_8)))) {
            assertThat(outcome(engine, "a", RunLimits.usual())).contains("the header is word, not word,count");
        }
    }

    @Test
    void ends_a_flood_of_output() throws Exception {
        try (var engine = EngineSamples.engine(context -> {
            while (true) {
                context.output("table", new byte[1000]);
            }
        })) {
            assertThat(outcome(engine, "a", new RunLimits(Duration.ofSeconds(10), 10_000, 0, 0)))
                    .startsWith("ENGINE_FLOOD");
        }
    }

    @Test
    void refuses_an_output_file_outside_the_runs_directory() throws Exception {
        try (var engine = EngineSamples.engine(context -> context.output("table", Path.of("/etc/hostname")))) {
            assertThat(outcome(engine, "a", RunLimits.usual())).startsWith("OUTPUT_INVALID");
        }
    }

    private String outcome(StandardEngine engine, String text, RunLimits limits) throws Exception {
        return EngineSamples.table(engine.run(EngineSamples.request(0, text, limits, directory), EngineListener.NONE)
                .outcome()
                .get(10, TimeUnit.SECONDS));
    }

    private EngineRequest request(String text) {
        return EngineSamples.request(0, text, RunLimits.usual(), directory);
    }
}
