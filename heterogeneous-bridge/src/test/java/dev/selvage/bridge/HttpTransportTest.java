package dev.selvage.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.engine.EngineConformance;
import dev.selvage.engine.EngineInput;
import dev.selvage.engine.EngineListener;
import dev.selvage.engine.EngineOutcome;
import dev.selvage.engine.EngineProgress;
import dev.selvage.engine.StandardEngine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a real HTTP server that knows nothing of Selvage. */
class HttpTransportTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final String[] POLLED = {
        "  flights.delays/1:",
        "    inputs: {flights: {file: flights.csv}}",
        "    submit:",
        "      request: {method: POST, path: /jobs}",
        "      json: {jobId: \"${run.hex32}\", dir: \"${run.dir}\", month: \"${params.month}\"}",
        "      foreignId: \"${response.json.jobid}\"",
        "    poll:",
        "      request: {method: GET, path: \"/jobs/${run.foreignId}\"}",
        "      every: {first: 5ms, factor: 1.5, max: 50ms}",
        "      state: \"${response.json.state}\"",
        "      running: [RUNNING]",
        "      succeeded: [FINISHED]",
        "      failed: [FAILED]",
        "      progress: \"${response.json.done}\"",
        "    cancel: {request: {method: PATCH, path: \"/jobs/${run.foreignId}\"}, query: {mode: cancel}}",
        "    outputs: {table: {file: table.csv, as: text/csv}}",
        "    errors:",
        "      - {when: \"${response.json.error == 'overloaded'}\", code: SERVICE_FULL, category: RESOURCE, retryable: true}",
        "    afterCrash: {find: {request: {method: GET, path: \"/jobs/${run.hex32}\"}}}"
    };

    @TempDir
    Path directory;

    private JobService service;

    @BeforeEach
    void start() throws Exception {
        service = new JobService();
    }

    @AfterEach
    void stop() {
        service.close();
    }

    @Test
    void submits_polls_and_makes_the_table_canonical() throws Exception {
        List<String> seen = new ArrayList<>();
        try (var engine = engine(POLLED)) {
            var run = engine.run(Samples.request(directory, 0, LIMIT, Samples.flights()), new EngineListener() {
                @Override
                public void onAccepted(boolean resumed, String foreignId) {
                    seen.add(resumed + " " + foreignId);
                }

                @Override
                public void onProgress(EngineProgress progress) {
                    seen.add(progress.permille() + " " + progress.message());
                }
            });
            assertThat(Samples.await(run)).isEqualTo(Samples.TABLE);
            var id = run.key().hex32();
            assertThat(seen).containsExactly("false " + id, "500 RUNNING");
            assertThat(run.outcome().join().foreignId()).isEqualTo(id);
            assertThat(service.requests).containsExactly("POST /jobs", "GET /jobs/" + id, "GET /jobs/" + id);
        }
    }

    @Test
    void passes_the_conformance_kit() throws Exception {
        try (var engine = engine(POLLED)) {
            assertThat(Samples.wrong(
                            EngineConformance.check(engine, Samples.DELAYS, directory.resolve("check"), LIMIT)))
                    .isEmpty();
        }
    }

    @Test
    void the_reply_itself_can_be_the_outcome_with_an_input_as_the_body() throws Exception {
        try (var engine = engine(replied("/delays", "json: \"${response.json.rows}\""))) {
            assertThat(Samples.await(
                            engine.run(Samples.request(directory, 0, LIMIT, Samples.flights()), EngineListener.NONE)))
                    .isEqualTo(Samples.TABLE);
            assertThat(service.headers).containsEntry("content-type", "text/csv");
            assertThat(service.headers).containsEntry("authorization", "Bearer t0ken");
        }
    }

    @Test
    void a_run_found_after_a_crash_is_not_submitted_again() throws Exception {
        var request = Samples.request(directory, 0, LIMIT, Samples.flights());
        service.steps = Integer.MAX_VALUE;
        var accepted = new CountDownLatch(1);
        try (var crashed = engine(POLLED)) {
            crashed.run(request, new EngineListener() {
                @Override
                public void onAccepted(boolean resumed, String foreignId) {
                    accepted.countDown();
                }
            });
            assertThat(accepted.await(10, TimeUnit.SECONDS)).isTrue();
        }
        service.steps = 1;
        for (String known : new String[] {"", request.key().hex32()}) {
            try (var engine = engine(POLLED)) {
                assertThat(Samples.await(engine.resume(request, known, EngineListener.NONE)))
                        .isEqualTo(Samples.TABLE);
            }
        }
        assertThat(service.count("POST /jobs")).isOne();
    }

    @Test
    void a_run_not_found_after_a_crash_is_submitted() throws Exception {
        var request = Samples.request(directory, 0, LIMIT, Samples.flights());
        for (String known : new String[] {"", "forgotten"}) {
            try (var engine = engine(POLLED)) {
                assertThat(Samples.await(engine.resume(request, known, EngineListener.NONE)))
                        .isEqualTo(Samples.TABLE);
            }
        }
        assertThat(service.count("POST /jobs")).isEqualTo(2);
    }

    @Test
    void the_files_own_rules_name_a_failure() throws Exception {
        service.broken.set(1);
        try (var engine = engine(POLLED)) {
            var failed = (EngineOutcome.Failed)
                    engine.run(Samples.request(directory, 0, LIMIT, Samples.flights()), EngineListener.NONE)
                            .outcome()
                            .get(20, TimeUnit.SECONDS);
            assertThat(failed.failure().code()).isEqualTo("SERVICE_FULL");
            assertThat(failed.failure().retryable()).isTrue();
            assertThat(failed.failure().message()).doesNotContain("overloaded");
            assertThat(failed.failure().detail()).contains("overloaded");
        }
    }

    @Test
    void a_poll_that_goes_wrong_for_a_while_is_repeated() throws Exception {
        var accepted = new CountDownLatch(1);
        try (var engine = engine(POLLED)) {
            var run = engine.run(Samples.request(directory, 0, LIMIT, Samples.flights()), new EngineListener() {
                @Override
                public void onAccepted(boolean resumed, String foreignId) {
                    service.broken.set(3);
                    accepted.countDown();
                }
            });
            assertThat(Samples.await(run)).isEqualTo(Samples.TABLE);
            assertThat(accepted.getCount()).isZero();
        }
    }

    @Test
    void a_state_that_means_failure_is_one_and_an_unknown_one_is_a_fault_of_the_file() throws Exception {
        service.finalState = "FAILED";
        try (var engine = engine(POLLED)) {
            assertThat(Samples.await(
                            engine.run(Samples.request(directory, 0, LIMIT, Samples.flights()), EngineListener.NONE)))
                    .isEqualTo("ENGINE_FAILED The service says that the run is FAILED.");
            service.finalState = "LOST";
            assertThat(Samples.await(
                            engine.run(Samples.request(directory, 1, LIMIT, Samples.flights()), EngineListener.NONE)))
                    .isEqualTo("MAPPING_FAILED The service's state \"LOST\" is in none of running, succeeded and "
                            + "failed.");
        }
    }

    @Test
    void a_cancel_reaches_the_service() throws Exception {
        service.steps = Integer.MAX_VALUE;
        var accepted = new CountDownLatch(1);
        try (var engine = engine(POLLED)) {
            var run = engine.run(Samples.request(directory, 0, LIMIT, Samples.flights()), new EngineListener() {
                @Override
                public void onProgress(EngineProgress progress) {
                    accepted.countDown();
                }
            });
            assertThat(accepted.await(10, TimeUnit.SECONDS)).isTrue();
            run.cancel("not needed", Duration.ofSeconds(10));
            assertThat(Samples.await(run)).isEqualTo("CANCELLED The run was cancelled: not needed.");
            Awaitility.await()
                    .until(() -> service.count("PATCH /jobs/" + run.key().hex32() + "?mode=cancel") == 1);
        }
    }

    @Test
    void a_service_that_hangs_ends_at_the_deadline() throws Exception {
        try (var engine = engine(replied("/hang", "body: true"))) {
            assertThat(Samples.await(engine.run(
                            Samples.request(directory, 0, Duration.ofMillis(200), Samples.flights()),
                            EngineListener.NONE)))
                    .isEqualTo("ENGINE_TIMEOUT http-jfk did not finish within 200ms.");
        }
    }

    @Test
    void a_flood_of_a_reply_is_cut() throws Exception {
        try (var engine = engine(replied("/flood", "file: x.csv"))) {
            assertThat(Samples.await(
                            engine.run(Samples.request(directory, 0, LIMIT, Samples.flights()), EngineListener.NONE)))
                    .isEqualTo("ENGINE_FLOOD The service's reply is larger than 64Ki.");
        }
    }

    @Test
    void a_service_that_tells_no_version_has_the_one_of_its_file() throws Exception {
        try (var engine = engine(POLLED)) {
            assertThat(engine.describe().version()).isEmpty();
        }
        try (var engine = load("connect: {url: \"" + service.url() + "\"}\nversion: \"2.4\"", POLLED)) {
            assertThat(engine.describe().version()).isEqualTo("2.4");
        }
    }

    @Test
    void a_service_that_is_not_there_or_refuses_is_named() throws Exception {
        try (var engine = engine(replied("/nothing", "body: true"))) {
            assertThat(Samples.await(
                            engine.run(Samples.request(directory, 0, LIMIT, Samples.flights()), EngineListener.NONE)))
                    .isEqualTo("ENGINE_REFUSED The service of http-jfk answered with status 404.");
        }
        service.close();
        try (var engine = engine(POLLED)) {
            assertThat(Samples.await(
                            engine.run(Samples.request(directory, 1, LIMIT, Samples.flights()), EngineListener.NONE)))
                    .isEqualTo("ENGINE_UNREACHABLE Nothing answers at " + service.url() + ".");
        }
    }

    @Test
    void an_output_file_that_links_out_of_the_runs_directory_is_refused() throws Exception {
        var request = Samples.request(directory, 0, LIMIT, Samples.flights());
        Files.createSymbolicLink(request.directory().resolve("x.csv"), Path.of("/etc/hostname"));
        try (var engine = engine(replied("/delays", "file: x.csv"))) {
            assertThat(Samples.await(engine.run(request, EngineListener.NONE))).startsWith("OUTPUT_INVALID");
        }
    }

    @Test
    void an_input_without_bytes_cannot_be_handed_over() throws Exception {
        EngineInput table = Samples.resident("http-jfk", "flights");
        try (var engine = engine(POLLED)) {
            assertThat(Samples.await(engine.run(Samples.request(directory, 0, LIMIT, table), EngineListener.NONE)))
                    .startsWith("NOT_SUPPORTED");
        }
    }

    @Test
    void a_service_is_trusted_by_the_authority_of_the_file_and_by_no_other() throws Exception {
        keytool(
                "-genkeypair",
                "-alias",
                "service",
                "-keyalg",
                "EC",
                "-dname",
                "CN=127.0.0.1",
                "-ext",
                "san=ip:127.0.0.1");
        keytool("-exportcert", "-alias", "service", "-rfc", "-file", "service.pem");
        try (var secure = new JobService(directory.resolve("keys.p12"), "changeit")) {
            var connect = "connect: {url: \"" + secure.url() + "\", ca: \"file:service.pem\"}";
            try (var engine = load(connect, POLLED)) {
                assertThat(Samples.await(engine.run(
                                Samples.request(directory, 0, LIMIT, Samples.flights()), EngineListener.NONE)))
                        .isEqualTo(Samples.TABLE);
            }
            try (var engine = load("connect: {url: \"" + secure.url() + "\"}", POLLED)) {
                assertThat(Samples.await(engine.run(
                                Samples.request(directory, 1, LIMIT, Samples.flights()), EngineListener.NONE)))
                        .startsWith("ENGINE_UNREACHABLE");
            }
        }
    }

    private void keytool(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(List.of(arguments));
        command.addAll(List.of("-keystore", "keys.p12", "-storetype", "PKCS12", "-storepass", "changeit"));
        var process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("keytool.log").toFile())
                .start();
        assertThat(process.waitFor()).isZero();
    }

    private static String[] replied(String path, String output) {
        return new String[] {
            "  flights.delays/1:",
            "    submit:",
            "      request: {method: POST, path: " + path + "}",
            path.equals("/delays") ? "      query: {month: \"${params.month}\"}" : "",
            "      body: {input: flights}",
            "    outputs: {table: {" + output
                    + ", columns: {carrier: code, flights: n, known: known, minutes: minutes}}}"
        };
    }

    private StandardEngine engine(String... operation) throws Exception {
        Files.writeString(directory.resolve("token"), "t0ken\n");
        return load("connect: {url: \"" + service.url() + "\", bearer: {secret: \"file:token\"}}", operation);
    }

    private StandardEngine load(String connect, String... operation) throws Exception {
        var lines = new ArrayList<>(List.of("engine: http-jfk", "transport: http", connect, "operations:"));
        lines.addAll(List.of(operation));
        lines.add("limits: {runs: 4, response: 64Ki}");
        return Samples.loader(directory).load(Samples.file(directory, "engine.yaml", lines.toArray(String[]::new)));
    }
}
