package dev.selvage.agent.content;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.model.Digest;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The store in a process of its own that is killed while it writes. */
class ContentStoreCrashTest {
    private static final int ACKNOWLEDGED_BEFORE_KILL = 60;

    @TempDir
    Path folder;

    @Test
    void what_was_acknowledged_survives_kill_9() throws Exception {
        List<Digest> acknowledged = runAndKill();
        assertThat(acknowledged).hasSizeGreaterThanOrEqualTo(ACKNOWLEDGED_BEFORE_KILL);
        try (var store = ContentStore.open(folder, ContentLimits.DEFAULT, Clock.systemUTC());
                Stream<Path> drafts = Files.list(folder.resolve("tmp"))) {
            assertThat(acknowledged).allMatch(store::verify);
            assertThat(store.gc().lost()).isEmpty();
            assertThat(store.references(Retention.OWNED)).containsExactly("crash");
            assertThat(drafts).isEmpty();
        }
    }

    private List<Digest> runAndKill() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Writer.class.getName(),
                        folder.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        List<Digest> acknowledged = new ArrayList<>();
        try (var lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.length() == 64) {
                    acknowledged.add(new Digest(line));
                }
                if (acknowledged.size() == ACKNOWLEDGED_BEFORE_KILL) {
                    // the handle kills and leaves the pipe open: what was printed before is read to its end
                    process.toHandle().destroyForcibly();
                }
            }
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        return acknowledged;
    }

    /** Puts content for ever and prints the digest of each that was taken. */
    static final class Writer {
        private Writer() {}

        public static void main(String[] args) {
            var random = new Random(7);
            var out = new PrintStream(System.out, true, StandardCharsets.US_ASCII);
            try (var store = ContentStore.open(Path.of(args[0]), ContentLimits.DEFAULT, Clock.systemUTC())) {
                while (!out.checkError()) {
                    byte[] bytes = new byte[1 + random.nextInt(200_000)];
                    random.nextBytes(bytes);
                    var stored =
                            store.put(new ByteArrayInputStream(bytes), bytes.length, Hold.owned("crash"), Salt.fresh());
                    out.println(stored.ledgerDigest().hex());
                }
            }
        }
    }
}
