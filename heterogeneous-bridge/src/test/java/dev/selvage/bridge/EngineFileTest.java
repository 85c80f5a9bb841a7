package dev.selvage.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EngineFileTest {
    private static final String[] POSTGRES = {
        "engine: postgres-ewr",
        "transport: jdbc",
        "connect: {url: \"jdbc:h2:mem:x\", user: selvage_ro, password: {secret: \"env:EWR\"}, readOnly: true}",
        "operations:",
        "  flights.delays/1:",
        "    statement: |",
        "      SELECT carrier, count(*) AS flights, count(dep_delay) AS known, coalesce(sum(dep_delay), 0) AS minutes",
        "      FROM {input:flights} WHERE \"month\" = :month GROUP BY carrier ORDER BY carrier",
        "    bind: {month: \"${params.month}\"}",
        "    outputs: {table: {columns: [carrier, flights, known, minutes], as: text/csv}}",
        "    afterCrash: repeat",
        "limits: {runs: 4, run: 10m, rows: 1000000, output: 64Mi}"
    };
    private static final String[] FLINK = {
        "engine: flink-jfk",
        "transport: http",
        "connect: {url: \"https://flink.jfk.example:8081\", ca: \"file:ca.pem\", bearer: {secret: \"env:FLINK_TOKEN\"}}",
        "config: {jar: 8c0f2_delays.jar}",
        "operations:",
        "  flights.delays/1:",
        "    inputs: {flights: {file: flights.csv}}",
        "    submit:",
        "      request: {method: POST, path: \"/jars/${config.jar}/run\"}",
        "      json: {entryClass: org.example.Delays, jobId: \"${run.hex32}\", args: [\"${run.dir}\", \"${string(params.month)}\"]}",
        "      foreignId: \"${response.json.jobid}\"",
        "    poll: {request: {method: GET, path: \"/jobs/${run.foreignId}\"}, every: {first: 500ms, factor: 1.5, max: 10s},",
        "           state: \"${response.json.state}\", running: [CREATED, RUNNING], succeeded: [FINISHED], failed: [FAILED]}",
        "    cancel: {request: {method: PATCH, path: \"/jobs/${run.foreignId}\"}, query: {mode: cancel}}",
        "    outputs: {table: {file: table.csv, as: text/csv}}",
        "    errors: [{when: \"${response.status == 503}\", code: ENGINE_BUSY, category: RESOURCE, retryable: true}]",
        "    afterCrash: {find: {request: {method: GET, path: \"/jobs/${run.hex32}\"}}}",
        "limits: {runs: 2, run: 30m, response: 4Mi}"
    };

    @TempDir
    Path directory;

    @Test
    void reads_the_three_files_of_the_format() throws IOException {
        var jdbc = read(POSTGRES);
        assertThat(jdbc.engine()).isEqualTo("postgres-ewr");
        assertThat(jdbc.limits().runs()).isEqualTo(4);
        var http = read(FLINK);
        var mapping = (HttpMapping) http.operations().get("flights.delays/1");
        assertThat(mapping.poll().orElseThrow().every().factorMilli()).isEqualTo(1500);
        assertThat(mapping.afterCrash()).isInstanceOf(HttpMapping.Find.class);
        var stdio = read(
                "engine: python-lga",
                "transport: stdio",
                "connect: {command: [python3, worker.py], cwd: /opt/selvage/lga, mode: worker, protocol: jsonl, "
                        + "env: {PYTHONHASHSEED: \"0\"}, hello: 10s, idle: 5m}",
                "operations: {flights.delays/1: native}",
                "limits: {runs: 1, run: 15m, cpus: 1, memory: 2Gi, output: 64Mi}");
        assertThat(((EngineFile.StdioConnect) stdio.connect()).command()).containsExactly("python3", "worker.py");
        assertThat(stdio.limits().memory()).isEqualTo(2L << 30);
    }

    @Test
    void tells_every_problem_at_once_with_its_place() {
        assertThatThrownBy(() -> read(
                        "engine: ewr",
                        "transport: jdbc",
                        "conect: {url: \"jdbc:h2:mem:x\"}",
                        "operations:",
                        "  flights.delays/1:",
                        "    statement: SELECT carrier FROM {input:fligths} WHERE m = :mnth AND x = ${params.month}",
                        "    bind: {month: \"${params.mnth}\"}",
                        "    outputs: {tabel: {columns: [carrier]}}",
                        "limits: {runs: 0, run: 10}"))
                .isInstanceOf(SelvageException.class)
                .hasMessageStartingWith("ENGINE_FILE_INVALID")
                .hasMessageContaining("engine.yaml:3:1 unknown key \"conect\"; did you mean \"connect\"?")
                .hasMessageContaining("missing key \"connect\"")
                .hasMessageContaining("engine.yaml:6:16")
                .hasMessageContaining("a statement is static")
                .hasMessageContaining("engine.yaml:7:19")
                .hasMessageContaining("undeclared reference to 'params'")
                .hasMessageContaining("has no output \"tabel\"; did you mean \"table\"?")
                .hasMessageContaining("runs")
                .hasMessageContaining("a time with its unit");
    }

    @Test
    void checks_binds_inputs_and_columns_against_the_operation() {
        assertThatThrownBy(() -> read(
                        "engine: ewr",
                        "transport: jdbc",
                        "connect: {url: \"jdbc:h2:mem:x\"}",
                        "operations:",
                        "  flights.delays/1:",
                        "    statement: SELECT carrier FROM {input:fligths} WHERE m = :mnth",
                        "    bind: {month: \"${params.month}\"}",
                        "    outputs: {table: {columns: [carier, flights, known], as: text/plain}}"))
                .hasMessageContaining("\":mnth\" is not bound; did you mean \"month\"?")
                .hasMessageContaining("the statement has no \":month\"")
                .hasMessageContaining("no input \"fligths\"; did you mean \"flights\"?")
                .hasMessageContaining("no column \"carier\"; did you mean \"carrier\"?")
                .hasMessageContaining("the column \"minutes\" of the operation is missing")
                .hasMessageContaining("the operation says text/csv");
    }

    @Test
    void a_password_in_the_file_is_refused_without_being_repeated() {
        var fault = catchThrowableOfType(
                SelvageException.class,
                () -> read(
                        "engine: ewr",
                        "transport: jdbc",
                        "connect: {url: \"jdbc:postgresql://127.0.0.1:5432/ops\", user: ro, password: hunter2}",
                        "operations: {flights.delays/1: {statement: SELECT 1, outputs: {table: {}}}}"));
        assertThat(fault.code()).isEqualTo(ErrorCode.SECRET_IN_FILE);
        assertThat(fault.sentence())
                .contains("engine.yaml:3:76 connect.password: write a reference, {secret: \"file:PATH\"} or "
                        + "{secret: \"env:NAME\"}, not the password itself");
        assertThat(fault).hasMessageNotContaining("hunter2");
    }

    @Test
    void secrets_in_urls_environments_and_headers_are_refused() {
        assertThatThrownBy(() -> read(
                        "engine: ewr",
                        "transport: jdbc",
                        "connect: {url: \"jdbc:postgresql://h/ops?password=hunter2\"}",
                        "operations: {flights.delays/1: {statement: SELECT 1, outputs: {table: {}}}}"))
                .hasMessageStartingWith("SECRET_IN_FILE")
                .hasMessageNotContaining("hunter2");
        assertThatThrownBy(() -> read(
                        "engine: lga",
                        "transport: stdio",
                        "connect: {command: [worker], env: {API_TOKEN: hunter2}}",
                        "operations: {flights.delays/1: native}"))
                .hasMessageStartingWith("SECRET_IN_FILE")
                .hasMessageNotContaining("hunter2");
        assertThatThrownBy(() -> read(
                        "engine: jfk",
                        "transport: http",
                        "connect: {url: \"http://127.0.0.1:7082\"}",
                        "operations:",
                        "  flights.delays/1:",
                        "    submit: {request: {method: POST, path: /x}, headers: {Authorization: Bearer hunter2}}",
                        "    outputs: {table: {body: true}}"))
                .hasMessageStartingWith("SECRET_IN_FILE")
                .hasMessageNotContaining("hunter2");
    }

    @Test
    void an_expression_of_the_wrong_type_or_beside_text_is_refused_when_the_file_is_loaded() {
        assertThatThrownBy(() -> read(
                        "engine: jfk",
                        "transport: http",
                        "connect: {url: \"http://127.0.0.1:7082\"}",
                        "operations:",
                        "  flights.delays/1:",
                        "    submit:",
                        "      request: {method: POST, path: \"/x/${run.foreignId}\"}",
                        "      json: {month: \"month ${params.month}\"}",
                        "    outputs: {table: {json: \"${response.json.rows\"}}",
                        "    errors: [{when: \"${response.status}\", code: ENGINE_BUSY}]"))
                .hasMessageContaining("undeclared reference to 'run'")
                .hasMessageContaining("must be the whole value")
                .hasMessageContaining("not closed")
                .hasMessageContaining("${response.status} is an integer, not true or false");
    }

    @Test
    void two_engines_that_front_one_foreign_engine_are_refused() throws IOException {
        var one = Samples.file(directory, "one.yaml", POSTGRES);
        var text = String.join("\n", POSTGRES).replace("postgres-ewr", "second").replace("mem:x", "mem:X;MODE=x");
        var two = Samples.file(directory, "two.yaml", text);
        assertThatThrownBy(() -> Samples.loader(directory).loadAll(List.of(one, two)))
                .hasMessage("ENGINE_TWICE postgres-ewr and second front the same foreign engine; give all its "
                        + "operations to one of them.");
        assertThatThrownBy(() -> Samples.loader(directory).loadAll(List.of(one, one)))
                .hasMessageStartingWith("ENGINE_TWICE");
    }

    @Test
    void an_operation_that_the_node_does_not_know_is_accepted_by_its_id() throws IOException {
        var file = Samples.file(directory, "engine.yaml", POSTGRES);
        var read = EngineFileReader.read(file, Map.of(), name -> null);
        assertThat(read.operations()).containsOnlyKeys("flights.delays/1");
    }

    @Test
    void a_database_without_a_driver_is_refused_when_it_is_loaded() throws IOException {
        var text = String.join("\n", POSTGRES).replace("jdbc:h2:mem:x", "jdbc:nosuch://host/x");
        var file = Samples.file(directory, "engine.yaml", text);
        assertThatThrownBy(() -> Samples.loader(directory).load(file))
                .hasMessageStartingWith("TOOL_MISSING No JDBC driver for jdbc:nosuch");
    }

    @Test
    void java_engines_come_from_the_class_path_or_a_jar() throws IOException {
        var good = Samples.file(
                directory,
                "java.yaml",
                "engine: merge",
                "transport: java",
                "connect: {class: " + WordCount.class.getName() + "}");
        try (var engine = Samples.loader(directory).load(good)) {
            assertThat(engine.describe().operations())
                    .extracting(offer -> offer.operation())
                    .containsExactly("count.words/1");
        }
        var bad = Samples.file(
                directory,
                "bad.yaml",
                "engine: merge",
                "transport: java",
                "connect: {class: org.example.Missing, jar: missing.jar}");
        assertThatThrownBy(() -> Samples.loader(directory).load(bad))
                .hasMessageStartingWith("ENGINE_FILE_INVALID")
                .hasMessageContaining("missing.jar cannot be read");
    }

    private EngineFile read(String... lines) throws IOException {
        return EngineFileReader.read(Samples.file(directory, "engine.yaml", lines), Samples.KNOWN, name -> null);
    }
}
