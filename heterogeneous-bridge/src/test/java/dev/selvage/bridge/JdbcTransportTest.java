package dev.selvage.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.engine.EngineConformance;
import dev.selvage.engine.EngineListener;
import dev.selvage.engine.EngineOutcome;
import dev.selvage.engine.RunLimits;
import dev.selvage.engine.StandardEngine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.h2.tools.Server;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a database server over TCP. */
class JdbcTransportTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final String STATEMENT = "SELECT carrier, count(*) AS flights, count(dep_delay) AS known, "
            + "coalesce(sum(dep_delay), 0) AS minutes FROM {input:flights} WHERE \"month\" = :month "
            + "GROUP BY carrier";

    @TempDir
    Path directory;

    private Server server;
    private Connection admin;

    @BeforeEach
    void start() throws Exception {
        server = Server.createTcpServer(
                        "-tcpPort",
                        "0",
                        "-ifNotExists",
                        "-baseDir",
                        directory.toAbsolutePath().toString())
                .start();
        Files.writeString(directory.resolve("pw"), "s3cret\n");
        admin = DriverManager.getConnection(url(), "sa", "s3cret");
        try (var statement = admin.createStatement()) {
            statement.execute("CREATE TABLE flights(\"month\" INT, carrier VARCHAR, dep_delay INT)");
            statement.execute(
                    "INSERT INTO flights VALUES (7,'UA',-3),(7,'UA',12),(7,'UA',NULL),(7,'DL',40),(6,'DL',90)");
            statement.execute(
                    "CREATE TABLE selvage_run(run_key VARCHAR PRIMARY KEY, request_digest CHAR(64), outcome CLOB)");
            statement.execute("CREATE TABLE log(carrier VARCHAR)");
        }
    }

    @AfterEach
    void stop() throws Exception {
        admin.close();
        server.stop();
    }

    @Test
    void summarises_a_table_that_stays_in_the_database() throws Exception {
        try (var engine = engine(STATEMENT, "limits: {runs: 2}")) {
            var run = engine.run(
                    Samples.request(directory, 0, LIMIT, Samples.resident("h2-ewr", "flights")), EngineListener.NONE);
            assertThat(Samples.await(run)).isEqualTo(Samples.TABLE);
            assertThat(run.outcome().join().foreignVersion()).startsWith("H2 2");
            assertThat(run.outcome().join().usage().rowsRead()).isEqualTo(2);
        }
    }

    @Test
    void passes_the_conformance_kit_with_tables_that_come_with_the_request() throws Exception {
        try (var engine = engine(STATEMENT, "limits: {runs: 2}")) {
            var checks = EngineConformance.check(engine, Samples.DELAYS, directory.resolve("check"), LIMIT);
            assertThat(Samples.wrong(checks)).isEmpty();
            assertThat(checks).hasSizeGreaterThan(7);
        }
    }

    @Test
    void a_table_of_another_engine_or_one_that_is_missing_is_refused() throws Exception {
        try (var engine = engine(STATEMENT, "limits: {runs: 1}")) {
            assertThat(Samples.await(engine.run(
                            Samples.request(directory, 0, LIMIT, Samples.resident("other", "flights")),
                            EngineListener.NONE)))
                    .isEqualTo("DATA_UNKNOWN The data set \"flights\" is a table of other, not of h2-ewr.");
            assertThat(Samples.await(engine.run(
                            Samples.request(
                                    directory, 1, LIMIT, Samples.resident("h2-ewr", "x\"; DROP TABLE flights; --")),
                            EngineListener.NONE)))
                    .startsWith("ENGINE_REFUSED");
            assertThat(count("flights")).isEqualTo(5);
        }
    }

    @Test
    void a_run_that_hangs_is_cancelled_in_the_database_at_its_deadline() throws Exception {
        var endless = "SELECT a.x || b.x AS carrier, 1 AS flights, 1 AS known, 1 AS minutes FROM "
                + "SYSTEM_RANGE(1, 100000000) AS a(x), SYSTEM_RANGE(1, 100000000) AS b(x) WHERE a.x + b.x < :month - 100";
        try (var engine = engine(endless, "limits: {runs: 1, run: 300ms}")) {
            assertThat(Samples.await(
                            engine.run(Samples.request(directory, 0, LIMIT, Samples.flights()), EngineListener.NONE)))
                    .isEqualTo("ENGINE_TIMEOUT h2-ewr did not finish within 300ms.");
            assertThat(Samples.await(
                            engine.run(Samples.request(directory, 1, LIMIT, Samples.flights()), EngineListener.NONE)))
                    .as("the place is free again")
                    .startsWith("ENGINE_TIMEOUT");
        }
    }

    @Test
    void a_cancel_reaches_the_statement() throws Exception {
        var endless = "SELECT a.x || b.x AS carrier, 1 AS flights, 1 AS known, 1 AS minutes FROM "
                + "SYSTEM_RANGE(1, 100000000) AS a(x), SYSTEM_RANGE(1, 100000000) AS b(x) WHERE a.x + b.x < :month - 100";
        try (var engine = engine(endless, "limits: {runs: 1}")) {
            var accepted = new CountDownLatch(1);
            var run = engine.run(Samples.request(directory, 0, LIMIT, Samples.flights()), new EngineListener() {
                @Override
                public void onAccepted(boolean resumed, String foreignId) {
                    accepted.countDown();
                }
            });
            assertThat(accepted.await(10, TimeUnit.SECONDS)).isTrue();
            run.cancel("not needed", Duration.ofSeconds(20));
            assertThat(Samples.await(run)).isEqualTo("CANCELLED The run was cancelled: not needed.");
        }
    }

    @Test
    void a_flood_of_rows_is_ended() throws Exception {
        var many =
                "SELECT x AS carrier, 1 AS flights, 1 AS known, :month AS minutes FROM SYSTEM_RANGE(1, 100000) AS r(x)";
        try (var engine = engine(many, "limits: {rows: 1000}")) {
            assertThat(Samples.await(
                            engine.run(Samples.request(directory, 0, LIMIT, Samples.flights()), EngineListener.NONE)))
                    .isEqualTo("ENGINE_FLOOD The result has more than 1000 rows.");
        }
        try (var engine = engine(many, "limits: {output: 1Ki}")) {
            assertThat(Samples.await(
                            engine.run(Samples.request(directory, 1, LIMIT, Samples.flights()), EngineListener.NONE)))
                    .isEqualTo("ENGINE_FLOOD The result is larger than 1Ki.");
        }
    }

    @Test
    void values_that_the_operation_does_not_allow_are_refused() throws Exception {
        var text = "SELECT 'UA' AS carrier, 'many' AS flights, 1 AS known, :month AS minutes";
        try (var engine = engine(text, "limits: {runs: 1}")) {
            assertThat(Samples.await(
                            engine.run(Samples.request(directory, 0, LIMIT, Samples.flights()), EngineListener.NONE)))
                    .isEqualTo("OUTPUT_INVALID Row 1: column flights: \"many\" is not an int64.");
        }
        var missing = "SELECT 'UA' AS carrier, 1 AS flights, 1 AS known, :month AS minuts";
        try (var engine = engine(missing, "limits: {runs: 1}")) {
            assertThat(Samples.await(
                            engine.run(Samples.request(directory, 1, LIMIT, Samples.flights()), EngineListener.NONE)))
                    .startsWith("MAPPING_FAILED The statement's result has no column \"minutes\"");
        }
    }

    @Test
    void a_database_that_does_not_answer_or_knows_another_password_is_told_without_secrets() throws Exception {
        Files.writeString(directory.resolve("pw"), "wrong");
        try (var engine = engine(STATEMENT, "limits: {runs: 1}")) {
            var failed = (EngineOutcome.Failed)
                    engine.run(Samples.request(directory, 0, LIMIT, Samples.flights()), EngineListener.NONE)
                            .outcome()
                            .get(20, TimeUnit.SECONDS);
            assertThat(failed.failure().code()).isEqualTo("ENGINE_REFUSED");
            assertThat(failed.failure().toString()).doesNotContain("wrong\"").doesNotContain("s3cret");
        }
        admin.close();
        server.stop();
        try (var engine = engine(STATEMENT, "limits: {runs: 1}")) {
            assertThat(Samples.await(
                            engine.run(Samples.request(directory, 1, LIMIT, Samples.flights()), EngineListener.NONE)))
                    .startsWith("ENGINE_UNREACHABLE");
        }
    }

    @Test
    void a_read_only_engine_leaves_no_trace() throws Exception {
        try (var engine = engine(writing(), "limits: {runs: 1}")) {
            assertThat(Samples.await(
                            engine.run(Samples.request(directory, 0, LIMIT, Samples.flights()), EngineListener.NONE)))
                    .isEqualTo("carrier,flights,known,minutes\nUA,1,1,7\n");
        }
        assertThat(count("log")).isZero();
    }

    @Test
    void a_writing_statement_that_records_its_runs_writes_once_across_a_crash() throws Exception {
        var request = Samples.request(directory, 0, LIMIT, Samples.flights());
        for (int life = 0; life < 2; life++) {
            try (var engine = writingEngine()) {
                var run = life == 0
                        ? engine.run(request, EngineListener.NONE)
                        : engine.resume(request, "", EngineListener.NONE);
                assertThat(Samples.await(run)).isEqualTo("carrier,flights,known,minutes\nUA,1,1,7\n");
            }
        }
        assertThat(count("log")).isOne();
    }

    @Test
    void the_lower_limit_of_request_and_file_holds() throws Exception {
        try (var engine = engine(STATEMENT, "limits: {runs: 1}")) {
            var request = Samples.request(directory, 0, new RunLimits(LIMIT, 10, 0, 0), Samples.flights());
            assertThat(Samples.await(engine.run(request, EngineListener.NONE))).startsWith("ENGINE_FLOOD");
        }
    }

    private StandardEngine writingEngine() throws Exception {
        var file = Samples.file(
                directory,
                "writing.yaml",
                "engine: h2-ewr",
                "transport: jdbc",
                "connect: {url: \"" + url() + "\", user: sa, password: {secret: \"file:pw\"}, readOnly: false}",
                "operations:",
                "  flights.delays/1:",
                "    statement: >-",
                "      " + writing(),
                "    bind: {month: \"${params.month}\"}",
                "    outputs: {table: {as: text/csv}}",
                "    afterCrash: record");
        return Samples.loader(directory).load(file);
    }

    private static String writing() {
        return "SELECT carrier, 1 AS flights, 1 AS known, CAST(:month AS INT) AS minutes FROM FINAL TABLE "
                + "(INSERT INTO log VALUES ('UA'))";
    }

    private StandardEngine engine(String statement, String limits) throws Exception {
        var file = Samples.file(
                directory,
                "engine.yaml",
                "engine: h2-ewr",
                "transport: jdbc",
                "connect: {url: \"" + url() + "\", user: sa, password: {secret: \"file:pw\"}}",
                "operations:",
                "  flights.delays/1:",
                "    statement: >-",
                "      " + statement,
                "    bind: {month: \"${params.month}\"}",
                "    outputs: {table: {columns: [carrier, flights, known, minutes], as: text/csv}}",
                "    afterCrash: repeat",
                limits);
        return Samples.loader(directory).load(file);
    }

    private String url() {
        return "jdbc:h2:tcp://127.0.0.1:" + server.getPort() + "/./ops;DATABASE_TO_LOWER=TRUE";
    }

    private int count(String table) throws Exception {
        try (var statement = admin.createStatement();
                var rows = statement.executeQuery("SELECT count(*) FROM " + table)) {
            rows.next();
            return rows.getInt(1);
        }
    }
}
