package dev.selvage.examples.nyc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.selvage.formats.workflow.OperationFile;
import dev.selvage.model.CanonicalJson;
import dev.selvage.model.Operation;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The two workers as processes, with the same envelopes. */
@Timeout(60)
class WorkersTest {
    private static final Operation DELAYS = OperationFile.read(Path.of("..", "operations", "flights.delays.yaml"));
    private static final String KEY =
            "{\"task\":\"" + "a".repeat(32) + "\",\"subTask\":\"delays\",\"part\":2,\"attempt\":1,\"role\":\"lga\"}";

    @TempDir
    private Path folder;

    @Test
    void java_worker_answers_the_cases() throws Exception {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        talk(List.of(java, "-cp", System.getProperty("java.class.path"), DelaysWorker.class.getName()), "java-lga");
    }

    @Test
    void python_worker_answers_the_cases() throws Exception {
        assumeTrue(hasPython(), "no python3 on this machine: the Python worker is not tried");
        talk(List.of("python3", Path.of("..", "engines", "lga", "worker.py").toString()), "python-lga");
    }

    static boolean hasPython() throws InterruptedException {
        try {
            var process = new ProcessBuilder("python3", "--version")
                    .redirectErrorStream(true)
                    .start();
            return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private void talk(List<String> command, String name) throws Exception {
        var process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (var out = process.outputWriter(StandardCharsets.UTF_8);
                var in = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            var hello = CanonicalJson.parse(in.readLine()).get("description");
            assertThat(hello.get("engine").asText()).isEqualTo(name);
            assertThat(hello.get("operations").get(0).get("id").asText()).isEqualTo(DELAYS.operation());

            int part = 0;
            for (var example : DELAYS.cases()) {
                var key = KEY.replace("\"part\":2", "\"part\":" + part++);
                out.write(start(key, example) + "\n");
                out.flush();
                assertThat(text(outcome(in).get("outputs").get(0)))
                        .isEqualTo(example.outputs().get("table"));
            }

            out.write(start(
                            KEY.replace("\"part\":2", "\"part\":0"),
                            DELAYS.cases().get(0)) + "\n");
            out.write(start(
                            KEY.replace("\"part\":2", "\"part\":0"),
                            DELAYS.cases().get(1)) + "\n");
            out.flush();
            List<JsonNode> outcomes = new ArrayList<>(List.of(outcome(in), outcome(in)));
            assertThat(outcomes).anyMatch(it -> it.has("outputs"));
            assertThat(outcomes)
                    .anyMatch(it -> it.path("failure").path("code").asText().equals("KEY_REUSED"));
        }
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
    }

    private String start(String key, Operation.Case example) {
        var envelope = CanonicalJson.object();
        envelope.set("key", CanonicalJson.parse(key));
        var start = envelope.putObject("start");
        start.putObject("operation")
                .put("id", DELAYS.operation())
                .put("digest", DELAYS.digest().hex())
                .put("definition", CanonicalJson.text(DELAYS));
        start.put("params", CanonicalJson.text(CanonicalJson.tree(example.parameters())));
        start.put("requestDigest", CanonicalJson.text(CanonicalJson.tree(example)));
        start.put("directory", folder.toAbsolutePath().toString());
        var bytes = example.inputs().get("flights").get(0).text().getBytes(StandardCharsets.UTF_8);
        start.putArray("inputs")
                .addObject()
                .put("name", "flights")
                .put("mediaType", "text/csv")
                .put("size", Integer.toString(bytes.length))
                .putObject("place")
                .put("inline", Base64.getEncoder().encodeToString(bytes));
        return CanonicalJson.text(envelope);
    }

    private static JsonNode outcome(BufferedReader in) throws IOException {
        while (true) {
            var envelope = CanonicalJson.parse(in.readLine());
            if (envelope.has("outcome")) {
                return envelope.get("outcome");
            }
        }
    }

    private static String text(JsonNode output) {
        var place = output.get("place");
        return place.has("text")
                ? place.get("text").asText()
                : new String(Base64.getDecoder().decode(place.get("inline").asText()), StandardCharsets.UTF_8);
    }
}
