package dev.selvage.agent.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.agent.audit.AuditApi.JobView;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class JobsTest {
    /** Else whoever waits for it would ask for ever. */
    @Test
    void a_job_that_ends_with_an_error_is_told_as_failed() {
        try (var jobs = new Jobs()) {
            var begun = jobs.start(progress -> {
                throw new AssertionError("as a class that cannot be loaded");
            });
            var ended = Awaitility.await("its end")
                    .dontCatchUncaughtExceptions()
                    .until(() -> jobs.view(begun.job()), view -> !view.state().equals(JobView.RUNNING));
            assertThat(ended.state()).isEqualTo(JobView.FAILED);
            assertThat(ended.code()).isEqualTo("INTERNAL");
        }
    }
}
