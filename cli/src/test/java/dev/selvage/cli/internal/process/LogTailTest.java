package dev.selvage.cli.internal.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogTailTest {
    @TempDir
    private Path folder;

    @Test
    void begins_with_the_last_lines_and_goes_on_with_what_is_written() throws Exception {
        var log = Files.writeString(folder.resolve("a.log"), "one\ntwo\nthree\n");
        var tail = LogTail.open(log, 2);
        assertThat(tail.next()).containsExactly("two", "three");
        assertThat(tail.next()).isEmpty();
        Files.writeString(log, "fo", StandardOpenOption.APPEND);
        assertThat(tail.next()).isEmpty();
        Files.writeString(log, "ur\n", StandardOpenOption.APPEND);
        assertThat(tail.next()).containsExactly("four");
    }

    @Test
    void log_that_was_emptied_is_read_from_its_start() throws Exception {
        var log = Files.writeString(folder.resolve("a.log"), "one\ntwo\n");
        var tail = LogTail.open(log, 9);
        assertThat(tail.next()).hasSize(2);
        Files.writeString(log, "new\n");
        assertThat(tail.next()).containsExactly("new");
    }

    @Test
    void no_lines_mean_only_what_comes() throws Exception {
        var log = Files.writeString(folder.resolve("a.log"), "one\n");
        var tail = LogTail.open(log, 0);
        assertThat(tail.next()).isEmpty();
        Files.writeString(log, "two\n", StandardOpenOption.APPEND);
        assertThat(tail.next()).containsExactly("two");
    }
}
