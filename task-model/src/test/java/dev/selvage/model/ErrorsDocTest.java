package dev.selvage.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Properties;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** docs/errors.md is generated from the catalogue; a fresh copy is left in target/errors.md. */
class ErrorsDocTest {
    @Test
    void the_page_of_errors_is_current() throws IOException {
        String page = page();
        Files.createDirectories(Path.of("target"));
        Files.writeString(Path.of("target", "errors.md"), page);

        assertThat(Files.readString(Path.of("..", "docs", "errors.md")))
                .as("docs/errors.md differs from the catalogue: copy task-model/target/errors.md over it")
                .isEqualTo(page);
    }

    @Test
    void every_code_has_its_cause_and_every_cause_its_code() throws IOException {
        var causes = new Properties();
        try (var in = ErrorCode.class.getResourceAsStream("error-causes.properties")) {
            causes.load(new InputStreamReader(in, StandardCharsets.UTF_8));
        }
        assertThat(causes.stringPropertyNames())
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(ErrorCode.values()).map(Enum::name).toList());
        assertThat(ErrorCode.values())
                .allSatisfy(code -> assertThat(code.cause()).as(code.name()).matches("[A-Z].{10,}\\."));
    }

    private static String page() {
        return """
                # Errors

                Generated from the catalogue in task-model (`ErrorCode`, `error-causes.properties`); do not edit. `selvage explain CODE` tells the same.

                The code is the first word on the command's stderr, in the log of a node and in the contract's message, and it never changes. USER: the request, its files or its rights are not
                right. RESOURCE: something is used up or not there yet. EXTERNAL: another system failed. INTERNAL: a defect, or a state that should not exist. "Again" says whether the same request can succeed
                later without a change. Exit statuses: [operations.md](operations.md#exit-status).

                | code | kind | again | what has happened | what to do |
                |---|---|---|---|---|
                %s
                """.formatted(Arrays.stream(ErrorCode.values())
                .map(code -> "| `%s` | %s | %s | %s | %s |"
                        .formatted(
                                code,
                                code.category(),
                                code.retryable() ? "yes" : "no",
                                code.cause(),
                                code.nextStep().replace("|", "\\|")))
                .collect(Collectors.joining("\n")));
    }
}
