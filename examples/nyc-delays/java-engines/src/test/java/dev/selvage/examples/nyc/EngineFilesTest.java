package dev.selvage.examples.nyc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.selvage.bridge.BridgeSettings;
import dev.selvage.bridge.ChildListener;
import dev.selvage.bridge.EngineLoader;
import dev.selvage.engine.EngineConformance;
import dev.selvage.engine.EngineInput;
import dev.selvage.engine.EngineListener;
import dev.selvage.engine.EngineOutcome;
import dev.selvage.engine.EngineOutput;
import dev.selvage.engine.EngineRequest;
import dev.selvage.engine.InputPlace;
import dev.selvage.engine.RunKey;
import dev.selvage.engine.RunLimits;
import dev.selvage.engine.StandardEngine;
import dev.selvage.formats.workflow.WorkflowFile;
import dev.selvage.model.Operation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import org.example.delays.DelayService;
import org.h2.tools.Server;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The engine files of the example against real engines: other ports, else as they stand. */
@Timeout(120)
class EngineFilesTest {
    private static final Path NYC = Path.of("..").toAbsolutePath().normalize();
    private static final Map<String, Operation> OPERATIONS =
            WorkflowFile.read(NYC.resolve("workflow.yaml")).operations();
    private static final Operation DELAYS = OPERATIONS.get(Delays.OPERATION);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private Path temporary;

    private StandardEngine load(String file, String from, String to) throws IOException {
        var source = NYC.resolve("engines").resolve(file);
        var folder = Files.createDirectories(temporary.resolve("engines"));
        try (var beside = Files.list(source.getParent())) {
            for (var it : beside.filter(Files::isRegularFile).toList()) {
                Files.writeString(
                        folder.resolve(it.getFileName()), Files.readString(it).replace(from, to));
            }
        }
        var settings = new BridgeSettings(
                Files.createDirectories(temporary.resolve("logs")),
                Optional.empty(),
                OPERATIONS,
                ChildListener.NONE,
                name -> name.equals("SELVAGE_WORKER_CLASSPATH") ? System.getProperty("java.class.path") : null);
        return new EngineLoader(settings).load(folder.resolve(source.getFileName()));
    }

    private Path unpacked(String airport) throws IOException {
        var file = temporary.toRealPath().resolve(airport + ".csv");
        try (var in = new GZIPInputStream(Files.newInputStream(NYC.resolve("data/" + airport + ".csv.gz")))) {
            Files.copy(in, file);
        }
        return file;
    }

    private static void assertPassed(List<EngineConformance.Check> checks) {
        assertThat(checks)
                .hasSizeGreaterThan(3)
                .noneMatch(check -> check.verdict() == EngineConformance.Verdict.FAILED);
    }

    private void passesCasesAndGivesJuly(StandardEngine engine, String airport, InputPlace flights) throws Exception {
        assertPassed(EngineConformance.check(
                engine, DELAYS, Files.createDirectories(temporary.toRealPath().resolve("check")), PATIENCE));
        var input = new EngineInput("flights", "", 0, "text/csv", Optional.empty(), 0, flights);
        var directory = Files.createDirectories(temporary.toRealPath().resolve("run"));
        var key = new RunKey("f".repeat(32), "delays", 0, 1, airport);
        var request = new EngineRequest(key, DELAYS, "{\"month\":7}", List.of(input), RunLimits.usual(), directory, "");
        var outcome = engine.run(request, EngineListener.NONE)
                .outcome()
                .toCompletableFuture()
                .get(60, TimeUnit.SECONDS);
        assertThat(outcome).as(outcome.toString()).isInstanceOf(EngineOutcome.Succeeded.class);
        var content = ((EngineOutcome.Succeeded) outcome).outputs().get(0).content();
        var table = content instanceof EngineOutput.Bytes inline
                ? inline.bytes()
                : Files.readAllBytes(((EngineOutput.OnDisk) content).path());
        assertThat(new String(table, StandardCharsets.UTF_8)).isEqualTo(july(airport));
    }

    private static String july(String airport) throws IOException {
        var text = new StringBuilder("carrier,flights,known,minutes\n");
        var prefix = airport + ",7,";
        try (var in = EngineFilesTest.class.getResourceAsStream("/parts-2013.csv")) {
            new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> line.startsWith(prefix))
                    .forEach(
                            line -> text.append(line.substring(prefix.length())).append('\n'));
        }
        return text.toString();
    }

    @Test
    void database_of_newark() throws Exception {
        var base = Files.createDirectories(temporary.resolve("h2")).toRealPath().toString();
        var server = Server.createTcpServer("-tcpPort", "0", "-ifNotExists", "-baseDir", base)
                .start();
        try {
            var url = "jdbc:h2:tcp://127.0.0.1:" + server.getPort() + "/./ops;DATABASE_TO_LOWER=TRUE";
            var sql = Files.readString(NYC.resolve("engines/ewr/load.sql"))
                    .replace("'FILE'", "'" + unpacked("ewr") + "'")
                    .replace("'PASSWORD'", "'s3cret'");
            try (var admin = DriverManager.getConnection(url, "sa", "admin");
                    var statement = admin.createStatement()) {
                statement.execute(sql);
            }
            Files.createDirectories(temporary.resolve("engines"));
            Files.writeString(temporary.resolve("engines/h2.password"), "s3cret\n");
            try (var engine = load("ewr/h2.yaml", "127.0.0.1:7081", "127.0.0.1:" + server.getPort())) {
                passesCasesAndGivesJuly(engine, "ewr", new InputPlace.Resident("h2-ewr", "flights", "120835"));
            }
        } finally {
            server.stop();
        }
    }

    @Test
    void service_of_kennedy() throws Exception {
        try (var service = new DelayService(0, temporary);
                var engine = load("jfk/http.yaml", "127.0.0.1:7082", "127.0.0.1:" + service.port())) {
            passesCasesAndGivesJuly(engine, "jfk", new InputPlace.OnDisk(unpacked("jfk")));
        }
    }

    @Test
    void merging_engine_of_kennedy() throws Exception {
        try (var engine = load("jfk/merge.yaml", "", "")) {
            assertPassed(EngineConformance.check(
                    engine,
                    OPERATIONS.get("flights.merge/1"),
                    Files.createDirectories(temporary.toRealPath().resolve("check")),
                    PATIENCE));
        }
    }

    @Test
    void python_worker_of_laguardia() throws Exception {
        assumeTrue(WorkersTest.hasPython(), "no python3 on this machine: the Python worker is not tried");
        try (var engine = load("lga/worker.yaml", "", "")) {
            passesCasesAndGivesJuly(engine, "lga", new InputPlace.OnDisk(unpacked("lga")));
        }
    }

    @Test
    void java_worker_of_laguardia() throws Exception {
        try (var engine = load("lga-java/worker.yaml", "[java,", "[" + javaCommand() + ",")) {
            passesCasesAndGivesJuly(engine, "lga", new InputPlace.OnDisk(unpacked("lga")));
        }
    }

    private static Path javaCommand() {
        return Path.of(System.getProperty("java.home"), "bin", "java");
    }
}
