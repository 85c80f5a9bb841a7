package dev.selvage.network.fabric;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class OrphanGuardTest {
    /** Starts two processes of which one is guarded, tells their ids and waits to be killed. */
    static final class Starter {
        private Starter() {}

        public static void main(String[] arguments) throws Exception {
            var guarded = OrphanGuard.watch(sleep());
            var other = sleep();
            System.out.println(guarded.pid() + " " + other.pid());
            guarded.waitFor();
        }

        private static Process sleep() throws IOException {
            return new ProcessBuilder("sleep", "300").start();
        }
    }

    @Test
    void ends_what_it_guards_when_the_process_that_started_it_is_killed() throws Exception {
        var starter = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Starter.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        var pids = starter.inputReader().readLine().split(" ", 2);
        var guarded = ProcessHandle.of(Long.parseLong(pids[0])).orElseThrow();
        var other = ProcessHandle.of(Long.parseLong(pids[1])).orElseThrow();
        try {
            starter.destroyForcibly().waitFor();
            guarded.onExit().get(10, TimeUnit.SECONDS);
            assertThat(other.isAlive()).isTrue();
        } finally {
            starter.destroyForcibly();
            other.destroyForcibly();
        }
    }
}
