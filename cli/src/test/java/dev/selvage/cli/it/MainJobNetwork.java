package dev.selvage.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.selvage.model.CanonicalJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The network of the quickstart, made by the first class that needs it in each JVM and stopped after the last. Its folder stays until the next run, with
 * the logs.
 */
final class MainJobNetwork implements BeforeAllCallback {
    private static final Path FOLDER = Path.of("target", "it", System.getProperty("tests.jvm", "1"))
            .toAbsolutePath()
            .normalize();

    private static Network network;
    private static Network.Answer quickstart;

    private static final class Stop implements AutoCloseable {
        @Override
        public void close() {
            network.close();
            assertThat(network.processes()).isEmpty();
        }
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        context.getRoot().getStore(ExtensionContext.Namespace.GLOBAL).computeIfAbsent(Stop.class, key -> start());
    }

    private static Stop start() {
        try {
            remove(FOLDER);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        network = new Network(FOLDER);
        quickstart = network.run("quickstart", "--port-shift", Integer.toString(network.shift));
        return new Stop();
    }

    private static void remove(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (var all = Files.walk(folder)) {
                for (var path : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    static Network network() {
        return network;
    }

    /** What the quickstart answered that made the network. */
    static Network.Answer quickstart() {
        return quickstart;
    }

    /** A folder for files of a test. */
    static Path folder(String name) throws IOException {
        return Files.createDirectories(FOLDER.resolve(name));
    }

    static Network.Answer run(String... arguments) {
        return network.run(arguments);
    }

    /** Runs a command that must succeed. */
    static Network.Answer done(String... arguments) {
        var answer = network.run(arguments);
        assertThat(answer.status())
                .as(String.join(" ", arguments) + "\n" + answer.err())
                .isZero();
        return answer;
    }

    /** The answer of a command that must succeed, as JSON. */
    static JsonNode json(String... arguments) {
        var all = Arrays.copyOf(arguments, arguments.length + 2);
        all[arguments.length] = "--output";
        all[arguments.length + 1] = "json";
        return CanonicalJson.parse(done(all).out());
    }

    /** Creates a task of the main job for July. */
    static String newTask() {
        return json("task", "run", "nyc-delays", "--arg", "month=7").get("task").asText();
    }

    /** Waits for the end of a task of the main job and looks at its answer. */
    static void awaitAnswer(String task) {
        assertThat(done("task", "watch", task, "--wait", "90s").out()).contains("UA,5066,5000,100526,20.11");
    }

    static Set<String> rows(JsonNode results) {
        return results.get(0).get("text").asText().lines().collect(Collectors.toSet());
    }

    /** Checks that a command was refused with nothing on stdout. */
    static void refused(Network.Answer answer, int status, String sentence) {
        assertThat(answer.out()).isEmpty();
        assertThat(answer.fault()).contains(sentence);
        assertThat(answer.status()).isEqualTo(status);
    }
}
