package dev.selvage.examples.nyc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.engine.BuiltinEngine;
import dev.selvage.formats.workflow.OperationFile;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BuiltinOperationsTest {
    @ParameterizedTest
    @CsvSource({"bench.noop.yaml, bench.noop/1", "bench.gather.yaml, bench.gather/1"})
    void file_of_the_benchmark_is_the_operation_that_every_node_has(String file, String id) {
        var operation = OperationFile.read(Path.of("..", "..", "thousand-parts", "operations", file));
        assertThat(operation).isEqualTo(BuiltinEngine.builtinOperations().get(id));
    }
}
