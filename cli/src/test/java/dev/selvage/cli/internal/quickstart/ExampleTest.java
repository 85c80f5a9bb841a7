package dev.selvage.cli.internal.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.formats.workflow.WorkflowFile;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ExampleTest {
    @ParameterizedTest
    @EnumSource(Example.class)
    void names_a_folder_whose_workflow_is_called_alike(Example example) {
        var source = WorkflowFile.read(Path.of("..", "examples", example.folder(), "workflow.yaml"));
        assertThat(source.workflow().name()).isEqualTo(example.toString());
        assertThat(source.operations()).containsKey(example.needsEngines() ? "flights.delays/1" : "data.check/1");
    }

    @ParameterizedTest
    @EnumSource(Example.class)
    void is_run_for_a_month_where_it_computes_delays(Example example) {
        var source = WorkflowFile.read(Path.of("..", "examples", example.folder(), "workflow.yaml"));
        assertThat(source.workflow().parameters().containsKey("month")).isEqualTo(example.needsEngines());
    }
}
