package dev.selvage.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.selvage.model.CanonicalJson;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EngineTrialTest {
    @TempDir
    Path directory;

    @Test
    void runs_an_operation_on_files() throws Exception {
        var file = Files.writeString(directory.resolve("text"), "b a b");
        try (var engine = EngineSamples.engine(EngineSamples::countWords)) {
            var request = EngineTrial.request(
                    EngineSamples.words(),
                    CanonicalJson.parse("{\"least\": 2}"),
                    Map.of("texts", List.of(new EngineTrial.GivenFile("a", file))),
                    RunLimits.usual(),
                    directory);
            assertThat(EngineSamples.table(
                            engine.run(request, EngineListener.NONE).outcome().get(10, TimeUnit.SECONDS)))
                    .isEqualTo("word,count\nb,2\n");
        }
    }

    @Test
    void names_every_wrong_input_and_argument() {
        var given = Map.of("text", List.<EngineTrial.Given>of(new EngineTrial.GivenTable("db", "x")));
        assertThatThrownBy(() -> EngineTrial.request(
                        EngineSamples.words(),
                        CanonicalJson.parse("{\"least\": 1}"),
                        given,
                        RunLimits.usual(),
                        directory))
                .hasMessageStartingWith("ARGUMENT_INVALID")
                .hasMessageContaining("texts: missing")
                .hasMessageContaining("text: the operation has no such input; did you mean \"texts\"?");
        assertThatThrownBy(() -> EngineTrial.request(
                        EngineSamples.words(), CanonicalJson.object(), Map.of(), RunLimits.usual(), directory))
                .hasMessageContaining("least: missing");
    }
}
