package dev.selvage.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** docs/states.md is generated from the table; a fresh copy is left in target/states.md. */
class StatesDocTest {
    @Test
    void the_page_of_states_is_current() throws IOException {
        String page = page();
        Files.createDirectories(Path.of("target"));
        Files.writeString(Path.of("target", "states.md"), page);

        assertThat(Files.readString(Path.of("..", "docs", "states.md")))
                .as("docs/states.md differs from the table: copy task-model/target/states.md over it")
                .isEqualTo(page);
    }

    private static String page() {
        return """
                # States

                Generated from `Transitions` in task-model; do not edit. A test of the contract visits every line.

                Suspended (of tasks) and Running (of sub-tasks) are reserved for later versions.

                ## Task

                ```mermaid
                %s```

                ## Sub-task

                State is derived on reading: nothing but results, `done`, `ready` and `end` is written.

                ```mermaid
                %s```
                """.formatted(Transitions.TASK.diagram(), Transitions.SUB_TASK.diagram());
    }

    @Test
    void final_states_are_those_that_nothing_leads_on_from() {
        assertThat(TaskState.SUCCEEDED.ended()).isTrue();
        assertThat(TaskState.RUNNING.ended()).isFalse();
        assertThat(SubTaskState.SKIPPED.resolved()).isTrue();
        assertThat(SubTaskState.READY.resolved()).isFalse();
        assertThat(Transitions.TASK.next(TaskState.RUNNING, "cancel")).contains(TaskState.CANCELLED);
        assertThat(Transitions.TASK.next(TaskState.SUCCEEDED, "cancel")).isEmpty();
    }
}
