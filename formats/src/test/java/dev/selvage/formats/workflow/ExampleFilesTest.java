package dev.selvage.formats.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.model.CanonicalJson;
import dev.selvage.model.Operation;
import dev.selvage.model.Workflow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The files under examples/: others pin the digests of their canonical forms, so a change must be seen. */
class ExampleFilesTest {
    private static final Path EXAMPLES = Path.of("..", "examples");
    private static final Path GOLDEN = Path.of("src", "test", "resources", "golden");

    @TempDir
    private Path folder;

    static List<Path> operationFiles() throws IOException {
        try (var files = Files.walk(EXAMPLES)) {
            return files.filter(file -> file.toString().matches(".*/operations/[^/]+\\.yaml")
                            && !file.toString().contains("/target/"))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"nyc-delays", "nyc-delays-named", "fan-in", "thousand-parts", "data-sale"})
    void workflow_has_the_canonical_form_that_is_on_record(String example) throws IOException {
        var source = WorkflowFile.read(EXAMPLES.resolve(example).resolve("workflow.yaml"));
        compare(example + ".json", CanonicalJson.text(source.workflow()));
    }

    @ParameterizedTest
    @MethodSource("operationFiles")
    void operation_has_the_canonical_form_that_is_on_record(Path file) throws IOException {
        var name = file.getFileName().toString().replace(".yaml", ".json");
        compare(name, CanonicalJson.text(OperationFile.read(file)));
    }

    private static void compare(String golden, String canonical) throws IOException {
        if (System.getenv("SELVAGE_WRITE_GOLDEN") != null) {
            Files.createDirectories(GOLDEN);
            Files.writeString(GOLDEN.resolve(golden), canonical);
        }
        assertThat(canonical).isEqualTo(Files.readString(GOLDEN.resolve(golden)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"nyc-delays", "nyc-delays-named", "fan-in", "thousand-parts", "data-sale"})
    void what_stands_on_the_ledger_gives_files_that_read_back_to_the_same_digests(String example) throws IOException {
        var source = WorkflowFile.read(EXAMPLES.resolve(example).resolve("workflow.yaml"));
        var onLedger = CanonicalJson.read(CanonicalJson.text(source.workflow()), Workflow.class);
        List<Operation> operations = new ArrayList<>();
        source.operations()
                .values()
                .forEach(it -> operations.add(CanonicalJson.read(CanonicalJson.text(it), Operation.class)));
        assertThat(onLedger).isEqualTo(source.workflow());
        assertThat(operations)
                .containsExactlyInAnyOrderElementsOf(source.operations().values());

        for (var file : WorkflowFile.write(source).entrySet()) {
            var target = folder.resolve(file.getKey());
            Files.createDirectories(target.getParent());
            Files.writeString(target, file.getValue());
        }
        assertThat(WorkflowFile.read(folder.resolve("workflow.yaml")).workflow().digest())
                .isEqualTo(source.workflow().digest());
    }
}
