package dev.selvage.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ProgressTest {
    private static final Progress.Parts OK = new Progress.Parts(true, 1, 1, 0, 0);
    private static final Progress.Parts FAILED = new Progress.Parts(true, 1, 0, 1, 0);
    private static final Progress.Parts EXPIRED = new Progress.Parts(true, 1, 0, 1, 1);
    private static final Progress.Parts READY = new Progress.Parts(true, 1, 0, 0, 0);

    private final Map<String, SubTask> subTasks = new TreeMap<>();

    private ProgressTest with(String name, SubTask.RunIf runIf, String... after) {
        subTasks.put(
                name,
                new SubTask(
                        null,
                        null,
                        Map.of("r", new SubTask.Participant("op/1")),
                        null,
                        null,
                        null,
                        null,
                        null,
                        List.of(after),
                        runIf,
                        null));
        return this;
    }

    private Progress progress(Map<String, Progress.Parts> facts) {
        return Progress.of(subTasks, facts, true, false);
    }

    @Test
    void a_failure_skips_what_needs_success_and_opens_what_handles_it() {
        with("a", null)
                .with("b", null, "a")
                .with("c", SubTask.RunIf.FAILURE, "a")
                .with("d", SubTask.RunIf.ALWAYS, "b");
        var progress = progress(Map.of("a", FAILED));

        assertThat(progress.states())
                .containsEntry("a", SubTaskState.FAILED)
                .containsEntry("b", SubTaskState.SKIPPED)
                .containsEntry("c", SubTaskState.WAITING)
                .containsEntry("d", SubTaskState.WAITING);
        assertThat(progress.openable()).containsExactly("c", "d");
        assertThat(progress.end()).isEmpty();
        assertThat(progress(Map.of("a", FAILED, "c", OK, "d", OK)).end()).contains(TaskState.SUCCEEDED);
        assertThat(progress(Map.of("a", FAILED, "c", FAILED, "d", OK)).end()).contains(TaskState.FAILED);
    }

    @Test
    void a_success_skips_the_handler_of_its_failure() {
        with("a", null).with("c", SubTask.RunIf.FAILURE, "a");

        assertThat(progress(Map.of("a", OK)).state("c")).isEqualTo(SubTaskState.SKIPPED);
        assertThat(progress(Map.of("a", OK)).end()).contains(TaskState.SUCCEEDED);
    }

    @Test
    void an_expiry_left_unhandled_expires_the_task_unless_something_failed_as_well() {
        with("a", null).with("b", null);

        assertThat(progress(Map.of("a", EXPIRED, "b", OK)).end()).contains(TaskState.EXPIRED);
        assertThat(progress(Map.of("a", EXPIRED, "b", FAILED)).end()).contains(TaskState.FAILED);
    }

    @Test
    void nothing_opens_before_the_start_or_after_the_end() {
        with("a", null).with("b", null);

        assertThat(Progress.of(subTasks, Map.of(), false, false).openable()).isEmpty();
        var ended = Progress.of(subTasks, Map.of("a", READY), true, true);
        assertThat(ended.openable()).isEmpty();
        assertThat(ended.state("a")).isEqualTo(SubTaskState.CANCELLED);
        assertThat(ended.state("b")).isEqualTo(SubTaskState.CANCELLED);
    }

    @Test
    void only_facts_that_the_answer_needs_are_asked_for_and_each_once() {
        with("a", null).with("b", null, "a").with("c", null, "b").with("other", null);
        Set<String> asked = new TreeSet<>();
        var progress = Progress.of(
                subTasks,
                name -> {
                    assertThat(asked.add(name)).isTrue();
                    return OK;
                },
                true,
                false);

        assertThat(progress.gate("c")).isEqualTo(Progress.Gate.OPEN);
        assertThat(progress.gate("c")).isEqualTo(Progress.Gate.OPEN);
        assertThat(asked).containsExactly("b");
    }

    @Test
    void a_circle_is_found() {
        with("a", null, "c").with("b", null, "a").with("c", null, "b").with("d", null);

        assertThat(Graph.of(subTasks).cycle())
                .hasValueSatisfying(cycle -> assertThat(cycle).containsExactlyInAnyOrder("a", "b", "c"));
        assertThat(Graph.of(Map.of()).cycle()).isEmpty();
    }
}
