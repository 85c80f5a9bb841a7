package dev.selvage.cli.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Follows the README's "Your own engine in ten minutes" to the letter. */
@ExtendWith(MainJobNetwork.class)
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class ReadmeIT {
    @Test
    void own_engine_of_the_readme_works_when_its_lines_are_copied() throws Exception {
        assumeTrue(hasPython(), "no python3 here, which the README's program is written for");
        var readme = Files.readString(Network.home().resolve("README.md"));
        var from = readme.indexOf("## Your own engine in ten minutes");
        var section = readme.substring(from, readme.indexOf("\n## ", from + 1));
        var network = MainJobNetwork.network();
        var lines = section.lines()
                .filter(line -> line.startsWith("    "))
                .map(line -> line.substring(4))
                .collect(Collectors.joining("\n", "set -e\n", "\n"))
                .replace("../selvage-data", network.data.toString())
                .replace("../selvage ", "'" + Network.home().resolve("selvage") + "' --data '" + network.data + "' ");
        var script = MainJobNetwork.folder("readme").resolve("lines.sh");
        Files.writeString(script, lines);
        var builder = new ProcessBuilder("sh", script.toString())
                .directory(script.getParent().toFile())
                .redirectErrorStream(true);
        builder.environment().put("SELVAGE_NO_BUILD", "1");
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        var process = builder.start();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(5, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(said).isZero();
        assertThat(said).contains("FABRIC, FINISHED");
    }

    private static boolean hasPython() throws InterruptedException {
        try {
            return new ProcessBuilder("python3", "--version")
                            .redirectErrorStream(true)
                            .redirectOutput(Path.of("/dev/null").toFile())
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
