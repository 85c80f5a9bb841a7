package dev.selvage.cli.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.engine.StdioWorker;
import dev.selvage.model.CanonicalJson;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With workers in Java: the example's, and bad ones. */
class EngineCommandTest {
    private static final Path EXAMPLE = Path.of("..", "examples", "nyc-delays");

    @TempDir
    Path folder;

    private final List<ProcessHandle> before =
            ProcessHandle.current().children().toList();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    /** Gives every carrier one flight too many. */
    public static final class WrongWorker {
        private WrongWorker() {}

        public static void main(String[] args) throws IOException {
            StdioWorker.serve(
                    "wrong",
                    "1",
                    Map.of(
                            "flights.delays/1",
                            context -> context.output("table", List.of(List.of("UA", "4", "2", "9")))));
        }
    }

    @BeforeEach
    void puts_the_operations_beside_the_engine_file() throws IOException {
        var operations = Files.createDirectory(folder.resolve("operations"));
        Files.copy(
                EXAMPLE.resolve("operations").resolve("flights.delays.yaml"),
                operations.resolve("flights.delays.yaml"));
    }

    @AfterEach
    void leaves_no_process_behind() {
        assertThat(ProcessHandle.current().children().filter(child -> !before.contains(child)))
                .isEmpty();
    }

    @Test
    void an_engine_that_does_what_the_operation_says_passes_every_check() throws IOException {
        assertThat(run("engine", "check", good())).as(err.toString()).isZero();
        assertThat(out.toString().lines().filter(line -> line.contains(" case ")))
                .hasSize(3)
                .allMatch(line -> line.contains("flights.delays/1") && line.endsWith("ok"));
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void a_wrong_answer_is_a_no_with_every_verdict_and_the_line_that_differs() throws IOException {
        assertThat(run("engine", "check", worker(WrongWorker.class.getName()), "--output", "json"))
                .isEqualTo(ExitStatus.CHECK_SAID_NO);
        var checks = CanonicalJson.parse(out.toString()).get("flights.delays/1");
        assertThat(checks.findValuesAsText("code")).contains("CASE_FAILED");
        assertThat(checks.findValuesAsText("verdict")).contains("PASSED", "FAILED");
        assertThat(checks.findValuesAsText("detail"))
                .contains("table, line 2: expected \"DL,1,1,40\", got \"UA,4,2,9\"");
        assertThat(err.toString()).startsWith("CASE_FAILED case two carriers, one delay unknown, one early: table");
    }

    @Test
    void an_engine_that_does_not_start_is_a_no() throws IOException {
        assertThat(run("engine", "check", worker("no.such.Worker"))).isEqualTo(ExitStatus.CHECK_SAID_NO);
        assertThat(out.toString()).contains("describes itself").contains("FAILED");
        assertThat(err.toString()).startsWith("ENGINE_DIED worker ended before its outcome");
    }

    @Test
    void a_check_that_found_nothing_to_try_is_a_no() throws IOException {
        var file = good();
        Files.delete(folder.resolve("operations").resolve("flights.delays.yaml"));
        assertThat(run("engine", "check", file)).isEqualTo(ExitStatus.CHECK_SAID_NO);
        assertThat(out.toString()).contains("skipped");
        assertThat(err.toString()).startsWith("CHECK_FAILED Nothing was checked");
    }

    @Test
    void a_file_that_is_no_engine_file_is_bad_input() throws IOException {
        var file = Files.writeString(folder.resolve("engine.yaml"), "engine: x\ntransport: pigeon\n");
        assertThat(run("engine", "check", file.toString())).isEqualTo(ExitStatus.BAD_INPUT);
        assertThat(err.toString()).startsWith("ENGINE_FILE_INVALID");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void one_operation_is_tried_with_arguments_and_files() throws IOException {
        var flights = Files.writeString(folder.resolve("flights.csv"), """
                month,day,dep_time,dep_delay,arr_delay,carrier,flight,tailnum,origin,dest,air_time,distance
                7,1,557,-3,-28,UA,635,N461UA,LGA,ORD,107,733
                """);
        var file = good();
        assertThat(run("engine", "try", file, "flights.delays/1", "--arg", "month=7", "--input", "flights=" + flights))
                .as(err.toString())
                .isZero();
        assertThat(out.toString()).isEqualTo("carrier,flights,known,minutes\nUA,1,1,-3\n");
    }

    @Test
    void what_is_missing_for_a_trial_is_named() throws IOException {
        var file = good();
        assertThat(run("engine", "try", file, "flights.delays/1", "--arg", "month=July"))
                .isEqualTo(ExitStatus.BAD_INPUT);
        assertThat(run("engine", "try", file, "flights.delays/1", "--arg", "month=7"))
                .isEqualTo(ExitStatus.BAD_INPUT);
        var absent = folder.resolve("absent.csv");
        assertThat(run("engine", "try", file, "flights.delays/1", "--arg", "month=7", "--input", "flights=" + absent))
                .isEqualTo(ExitStatus.BAD_INPUT);
        assertThat(err.toString())
                .startsWith("ARGUMENT_INVALID month=July: ")
                .contains("\nARGUMENT_INVALID flights: missing")
                .contains("\nFILE_UNREADABLE Cannot read " + absent);
    }

    private String good() throws IOException {
        return worker("dev.selvage.examples.nyc.DelaysWorker");
    }

    private String worker(String main) throws IOException {
        var java = Path.of(System.getProperty("java.home"), "bin", "java");
        return Files.writeString(
                        folder.resolve("engine.yaml"),
                        String.join(
                                "\n",
                                "engine: worker",
                                "transport: stdio",
                                "connect: {command: [\"" + java
                                        + "\", -XX:+UseSerialGC, -XX:TieredStopAtLevel=1, -Xmx64m, " + "\"" + main
                                        + "\"], hello: 60s, env: {CLASSPATH: {secret: \"env:WORKER_PATH\"}}}",
                                "operations: {flights.delays/1: native}",
                                ""),
                        StandardCharsets.UTF_8)
                .toString();
    }

    private int run(String... args) {
        var environment = Map.of("WORKER_PATH", System.getProperty("java.class.path"));
        return SelvageCommand.execute(args, environment, new PrintWriter(out), new PrintWriter(err));
    }
}
