package dev.selvage.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.selvage.engine.EngineConformance;
import dev.selvage.engine.EngineListener;
import dev.selvage.engine.EngineOutcome;
import dev.selvage.engine.EngineRequest;
import dev.selvage.engine.StandardEngine;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Against real processes: workers in Java always, in Python where there is one. */
class StdioTransportTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    private final Map<Long, Instant> children = new ConcurrentHashMap<>();
    private final Map<Long, Instant> gone = new ConcurrentHashMap<>();

    @ParameterizedTest
    @ValueSource(strings = {"worker", "oneshot"})
    void a_java_worker_passes_the_conformance_kit(String mode) throws Exception {
        try (var engine = java("honest", "mode: " + mode, "runs: 1")) {
            assertThat(Samples.wrong(
                            EngineConformance.check(engine, Samples.DELAYS, directory.resolve("check"), LIMIT)))
                    .isEmpty();
        }
        await().until(() -> gone.keySet().containsAll(children.keySet()));
        assertThat(children.keySet()).allMatch(pid -> ProcessHandle.of(pid).isEmpty());
    }

    @Test
    void a_python_worker_passes_the_conformance_kit() throws Exception {
        Assumptions.assumeTrue(python(), "there is no python3 here: only the worker in Java was tried");
        var worker = Path.of("src", "test", "resources", "worker.py").toAbsolutePath();
        try (var engine = engine("[python3, \"" + worker + "\"]", "mode: worker", "runs: 1")) {
            assertThat(engine.describe().version()).isEqualTo("1.0");
            assertThat(Samples.wrong(
                            EngineConformance.check(engine, Samples.DELAYS, directory.resolve("check"), LIMIT)))
                    .isEmpty();
        }
    }

    @Test
    void a_worker_serves_many_runs_and_has_a_clean_environment() throws Exception {
        try (var engine = java("honest", "env: {PYTHONHASHSEED: \"0\"}", "runs: 1")) {
            assertThat(engine.describe().version()).isEqualTo("7.1");
            for (int part = 0; part < 3; part++) {
                assertThat(outcome(engine, part, LIMIT)).isEqualTo(Samples.TABLE);
            }
            assertThat(children).hasSize(1);
            await().untilAsserted(() -> assertThat(log())
                    .contains("a stray print goes to stderr")
                    .contains("environment: [LANG, PATH, PYTHONHASHSEED"));
        }
    }

    @Test
    void rubbish_on_stdout_is_named_and_ends_the_worker() throws Exception {
        try (var engine = java("rubbish", "mode: worker", "runs: 1")) {
            assertThat(outcome(engine, 0, LIMIT))
                    .matches("ENGINE_PROTOCOL worker-lga wrote to stdout what is not a message: \"half done\" "
                            + "\\(line [0-9]+\\)\\. Stdout is for messages only: print to stderr\\.");
            await().until(() -> gone.keySet().containsAll(children.keySet()));
        }
        try (var engine = java("rubbish-at-once", "mode: worker", "runs: 1")) {
            assertThatThrownBy(engine::describe)
                    .hasMessage("ENGINE_PROTOCOL worker-lga wrote to stdout what is not a message: "
                            + "\"loading model...\" (line 1). Stdout is for messages only: print to stderr.");
            assertThat(outcome(engine, 0, LIMIT)).startsWith("ENGINE_PROTOCOL");
        }
    }

    @Test
    void a_message_without_a_key_is_against_the_protocol() throws Exception {
        try (var engine = java("keyless", "mode: worker", "runs: 1")) {
            assertThat(outcome(engine, 0, LIMIT))
                    .isEqualTo("ENGINE_PROTOCOL worker-lga sent a message without the key of a run (PROGRESS).");
        }
    }

    @Test
    void a_worker_that_dies_is_told_with_its_last_words_on_the_node_only() throws Exception {
        try (var engine = java("dies", "mode: worker", "runs: 1")) {
            var failed = (EngineOutcome.Failed)
                    engine.run(Samples.request(directory, 0, LIMIT, Samples.flights()), EngineListener.NONE)
                            .outcome()
                            .get(60, TimeUnit.SECONDS);
            assertThat(failed.failure().code()).isEqualTo("ENGINE_DIED");
            assertThat(failed.failure().retryable()).isTrue();
            assertThat(failed.failure().message()).isEqualTo("worker-lga ended before its outcome (exit status 9).");
            assertThat(outcome(engine, 1, LIMIT))
                    .as("the next run gets a new worker")
                    .startsWith("ENGINE_DIED");
            assertThat(children).hasSize(2);
        }
        try (var engine = java("dies-at-once", "mode: worker", "runs: 1")) {
            assertThatThrownBy(engine::describe).hasMessageContaining("exit status 3");
        }
    }

    @Test
    void a_worker_that_hangs_is_ended_at_the_deadline_with_what_it_started() throws Exception {
        try (var engine = java("hangs", "mode: worker", "runs: 1")) {
            engine.describe();
            var pid = children.keySet().iterator().next();
            var run = engine.run(
                    Samples.request(directory, 0, Duration.ofSeconds(3), Samples.flights()), EngineListener.NONE);
            await().until(() ->
                    ProcessHandle.of(pid).orElseThrow().descendants().count() == 1);
            var sleep = ProcessHandle.of(pid)
                    .orElseThrow()
                    .descendants()
                    .findFirst()
                    .orElseThrow();
            assertThat(Samples.await(run)).isEqualTo("ENGINE_TIMEOUT worker-lga did not finish within 3s.");
            await().until(() -> !sleep.isAlive() && ProcessHandle.of(pid).isEmpty());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_worker_that_does_not_read_is_ended_and_the_next_run_gets_another(boolean cancelled) throws Exception {
        try (var engine = java("deaf-once", "mode: worker", "runs: 1")) {
            engine.describe();
            var run = engine.run(
                    large(Samples.request(directory, 0, cancelled ? LIMIT : Duration.ofMillis(200), Samples.flights())),
                    EngineListener.NONE);
            if (cancelled) {
                // its input lies there: it is being sent
                await().atMost(LIMIT)
                        .until(() -> Files.exists(
                                directory.resolve("run0").resolve("inputs").resolve("1")));
                run.cancel("not needed", Duration.ofMillis(50));
            }
            assertThat(Samples.await(run))
                    .isEqualTo(
                            cancelled
                                    ? "CANCELLED The run was cancelled: not needed."
                                    : "ENGINE_TIMEOUT worker-lga did not finish within 200ms.");
            assertThat(outcome(engine, 1, LIMIT)).isEqualTo(Samples.TABLE);
            assertThat(children).hasSize(2);
        }
    }

    /** With arguments that no pipe holds. */
    private static EngineRequest large(EngineRequest request) {
        return new EngineRequest(
                request.key(),
                request.operation(),
                "{\"month\":7,\"note\":\"" + "x".repeat(200 << 10) + "\"}",
                request.inputs(),
                request.limits(),
                request.directory(),
                request.traceparent());
    }

    @Test
    void a_worker_that_never_says_hello_is_ended() throws Exception {
        try (var engine = java("silent", "hello: 200ms", "runs: 1")) {
            assertThat(outcome(engine, 0, LIMIT))
                    .isEqualTo("ENGINE_TIMEOUT worker-lga did not say hello within 200ms.");
        }
    }

    @ParameterizedTest
    @CsvSource({"floods", "floods-lines"})
    void a_flood_on_stdout_is_ended(String how) throws Exception {
        try (var engine = java(how, "mode: worker", "runs: 1")) {
            assertThat(outcome(engine, 0, LIMIT)).startsWith("ENGINE_FLOOD worker-lga wrote a message of more than");
        }
    }

    @Test
    void an_output_that_is_not_what_the_operation_declares_is_refused() throws Exception {
        try (var engine = java("wrong", "mode: worker", "runs: 1")) {
            assertThat(outcome(engine, 0, LIMIT)).startsWith("OUTPUT_INVALID").contains("the header is nonsense");
        }
    }

    @Test
    void a_cancel_that_is_not_heeded_ends_the_process() throws Exception {
        var accepted = new CountDownLatch(1);
        try (var engine = java("hangs", "mode: worker", "runs: 1")) {
            var run = engine.run(Samples.request(directory, 0, LIMIT, Samples.flights()), new EngineListener() {
                @Override
                public void onAccepted(boolean resumed, String foreignId) {
                    accepted.countDown();
                }
            });
            assertThat(accepted.await(30, TimeUnit.SECONDS)).isTrue();
            run.cancel("not needed", Duration.ofMillis(50));
            assertThat(Samples.await(run)).isEqualTo("CANCELLED The run was cancelled: not needed.");
        }
    }

    @Test
    void an_idle_worker_ends_and_comes_back() throws Exception {
        try (var engine = java("honest", "idle: 50ms", "runs: 1")) {
            assertThat(outcome(engine, 0, LIMIT)).isEqualTo(Samples.TABLE);
            await().until(() -> gone.size() == 1);
            assertThat(outcome(engine, 1, LIMIT)).isEqualTo(Samples.TABLE);
            assertThat(children).hasSize(2);
        }
    }

    @Test
    void a_program_that_is_not_there_is_named() throws Exception {
        try (var engine = engine("[no-such-program]", "mode: worker", "runs: 1")) {
            assertThat(outcome(engine, 0, LIMIT))
                    .startsWith("TOOL_MISSING worker-lga cannot be started: \"no-such-program\"");
        }
    }

    @Test
    void a_worker_that_does_not_offer_what_the_file_says_is_refused() throws Exception {
        var file = Samples.file(
                directory,
                "other.yaml",
                "engine: worker-lga",
                "transport: stdio",
                "connect: {command: " + javaCommand("honest") + ", mode: worker}",
                "operations: {flights.merge/1: native}");
        try (var engine = Samples.loader(directory).load(file)) {
            assertThatThrownBy(engine::describe)
                    .hasMessage("NO_ENGINE worker-lga says that it offers [flights.delays/1], not flights.merge/1.");
        }
    }

    @Test
    void a_worker_ends_when_its_host_is_killed() throws Exception {
        var file = Samples.file(
                directory,
                "engine.yaml",
                "engine: worker-lga",
                "transport: stdio",
                "connect: {command: " + javaCommand("honest") + ", hello: 30s}",
                "operations: {flights.delays/1: native}");
        var host = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx128m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        TestHost.class.getName(),
                        file.toString())
                .redirectError(directory.resolve("host.log").toFile())
                .start();
        long pid;
        try (var out = new BufferedReader(new InputStreamReader(host.getInputStream(), StandardCharsets.UTF_8))) {
            pid = Long.parseLong(out.readLine());
            assertThat(ProcessHandle.of(pid)).isPresent();
        } finally {
            host.destroyForcibly();
        }
        await().atMost(Duration.ofSeconds(30))
                .until(() ->
                        ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty());
    }

    @Test
    void a_process_left_behind_is_reaped_only_if_it_is_the_same() throws Exception {
        var process = new ProcessBuilder("sleep", "1000").start();
        var start = process.info().startInstant().orElseThrow();
        assertThat(ChildProcesses.reap(process.pid(), start.minusSeconds(60))).isFalse();
        assertThat(process.isAlive()).isTrue();
        assertThat(ChildProcesses.reap(process.pid(), start)).isTrue();
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void a_log_of_stderr_stays_within_its_size() throws Exception {
        var file = directory.resolve("logs").resolve("x.log");
        var log = new ChildLog(file);
        log.drain(new java.io.ByteArrayInputStream(new byte[5 << 20]));
        assertThat(Files.size(file)).isLessThanOrEqualTo(ChildLog.MAX_BYTES);
        assertThat(Files.size(file.resolveSibling("x.log.1"))).isLessThanOrEqualTo(ChildLog.MAX_BYTES);
    }

    private String outcome(StandardEngine engine, int part, Duration limit) throws Exception {
        var run = engine.run(Samples.request(directory, part, limit, Samples.flights()), EngineListener.NONE);
        return Samples.text(run.outcome().get(60, TimeUnit.SECONDS));
    }

    private String log() throws IOException {
        var file = directory.resolve("logs").resolve("worker-lga.log");
        return Files.exists(file) ? Files.readString(file) : "";
    }

    private StandardEngine java(String how, String connect, String limits) throws Exception {
        return engine(javaCommand(how), connect, limits);
    }

    private static String javaCommand(String how) {
        var java = Path.of(System.getProperty("java.home"), "bin", "java");
        return "[\"" + java + "\", -XX:+UseSerialGC, -XX:TieredStopAtLevel=1, -Xmx64m, -cp, \""
                + System.getProperty("java.class.path") + "\", " + TestWorker.class.getName() + ", " + how + "]";
    }

    private StandardEngine engine(String command, String connect, String limits) throws Exception {
        var file = Samples.file(
                directory,
                "engine.yaml",
                "engine: worker-lga",
                "transport: stdio",
                "connect: {command: " + command + ", " + connect + "}",
                "operations: {flights.delays/1: native}",
                "limits: {" + limits + "}");
        var listener = new ChildListener() {
            @Override
            public void started(String engine, long pid, Instant start) {
                children.put(pid, start);
            }

            @Override
            public void ended(String engine, long pid) {
                gone.put(pid, Instant.EPOCH);
            }
        };
        return new EngineLoader(new BridgeSettings(
                        directory.resolve("logs"), Optional.empty(), Samples.KNOWN, listener, name -> null))
                .load(file);
    }

    private static boolean python() {
        try {
            return new ProcessBuilder("python3", "--version").start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
