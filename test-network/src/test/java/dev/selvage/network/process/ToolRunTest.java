package dev.selvage.network.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.model.SelvageException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ToolRunTest {
    @TempDir
    Path folder;

    private ToolRun run(String script, Duration limit) throws Exception {
        return ToolRun.of(List.of("/bin/sh", "-c", script), Map.of("GIVEN", "7"), folder.resolve("out"), limit);
    }

    @Test
    void tells_status_and_text() throws Exception {
        ToolRun run = run("echo $GIVEN; echo bad >&2; exit 3", Duration.ofSeconds(20));
        assertThat(run).isEqualTo(new ToolRun(true, 3, "7\nbad\n"));
        assertThat(run.succeeded()).isFalse();
    }

    @Test
    void is_over_in_its_time_although_somebody_keeps_its_output_open() throws Exception {
        assertThat(run("echo begun; sleep 78.5 & wait", Duration.ofMillis(300)).ended())
                .isFalse();
        assertThat(run("sleep 3 & echo done", Duration.ofSeconds(20)).text()).isEqualTo("done\n");
        assertThat(sleeping("78.5")).isFalse();
    }

    @Test
    void ends_its_program_when_the_caller_is_interrupted() {
        AtomicReference<Throwable> told = new AtomicReference<>();
        Thread caller = new Thread(() -> {
            try {
                run("sleep 76.5 & wait", Duration.ofSeconds(60));
            } catch (Exception e) {
                told.set(e);
            }
        });
        caller.start();
        Awaitility.await().until(() -> sleeping("76.5"));
        caller.interrupt();
        Awaitility.await().until(() -> told.get() != null && !sleeping("76.5"));
        assertThat(told.get()).isInstanceOf(SelvageException.class).hasMessageContaining("INTERRUPTED");
    }

    @Test
    void children_get_few_variables_of_ours() {
        ProcessBuilder builder = new ProcessBuilder("true");
        builder.environment().put("AWS_SECRET_ACCESS_KEY", "x");
        Children.setEnvironment(builder, Map.of("CORE_PEER_ID", "peer0"));
        assertThat(builder.environment())
                .doesNotContainKey("AWS_SECRET_ACCESS_KEY")
                .containsEntry("CORE_PEER_ID", "peer0")
                .containsKey("PATH");
    }

    private static boolean sleeping(String seconds) {
        return ProcessHandle.current()
                .descendants()
                .anyMatch(process -> process.info().commandLine().orElse("").contains("sleep " + seconds));
    }
}
