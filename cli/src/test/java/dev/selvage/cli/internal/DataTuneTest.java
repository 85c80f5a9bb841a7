package dev.selvage.cli.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.model.CanonicalJson;
import dev.selvage.model.ErrorCode;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataTuneTest {
    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void a_measurement_is_kept_shown_and_overridden() {
        assertThat(run("--show")).isEqualTo(ExitStatus.of(ErrorCode.NOT_READY));
        assertThat(err.toString()).contains("NOT_READY", "nothing was measured on this machine");
        assertThat(run("--sample", "1Mi", "--rounds", "3")).isZero();
        assertThat(out.toString()).contains("way and chunk", "block", "lanes", "A FILE OF", "20 GiB");
        assertThat(folder).isDirectoryContaining(file -> file.endsWith("hash-tuning.json"));
        assertThat(folder).isDirectoryNotContaining(file -> file.toString().endsWith(".bin"));
        assertThat(run("--show", "--output", "json", "--block-size", "12Ki", "--way", "READ"))
                .isZero();
        assertThat(run("--show", "--output", "json")).isZero();
        var shown = CanonicalJson.parse(out.toString());
        assertThat(shown.at("/cpu/blockSize").asInt()).isEqualTo(12 * 1024);
        assertThat(shown.at("/decisions/3/length").asLong()).isEqualTo(20L << 30);
        assertThat(shown.at("/decisions/3/way").asText()).isEqualTo("READ");
    }

    @Test
    void sizes_and_layouts_that_cannot_be_are_refused() {
        assertThat(run("--sample", "much")).isEqualTo(ExitStatus.BAD_INPUT);
        assertThat(run("--sample", "1Ki")).isEqualTo(ExitStatus.BAD_INPUT);
        assertThat(run("--rounds", "2")).isEqualTo(ExitStatus.BAD_INPUT);
        assertThat(run("--sample", "1Mi", "--rounds", "3", "--block-size", "1B"))
                .isEqualTo(ExitStatus.BAD_INPUT);
        assertThat(folder.resolve("hash-tuning.json")).doesNotExist();
        assertThat(Files.exists(folder)).isTrue();
    }

    private int run(String... options) {
        out.getBuffer().setLength(0);
        List<String> line = new ArrayList<>(List.of("--data", folder.toString(), "data", "tune"));
        line.addAll(List.of(options));
        return SelvageCommand.execute(
                line.toArray(String[]::new), Map.of(), new PrintWriter(out), new PrintWriter(err));
    }
}
