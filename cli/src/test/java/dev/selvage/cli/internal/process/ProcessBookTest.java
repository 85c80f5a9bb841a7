package dev.selvage.cli.internal.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessBookTest {
    private static final long HOUR = Duration.ofHours(1).toMillis();

    @TempDir
    private Path folder;

    private static ProcessRecord own() {
        return ProcessRecord.of("own", ProcessRecord.Kind.NODE, ProcessHandle.current(), List.of(7));
    }

    private static ProcessRecord with(long started, String start) {
        return new ProcessRecord("own", ProcessRecord.Kind.NODE, own().pid(), started, start, List.of(7));
    }

    @Test
    void process_is_known_although_the_clock_was_set_since_where_the_kernel_counts() {
        var own = own();
        assertThat(own.process()).isPresent();
        if (own.start() != null) {
            assertThat(with(own.started() - HOUR, own.start()).process()).isPresent();
            assertThat(with(own.started(), own.start() + "1").process()).isEmpty();
        }
    }

    @Test
    void process_is_known_by_its_time_where_the_kernel_does_not_tell() {
        assertThat(with(own().started(), null).process()).isPresent();
        assertThat(with(own().started() - HOUR, null).process()).isEmpty();
    }

    @Test
    void start_is_read_behind_a_command_whose_name_holds_anything() throws Exception {
        Files.createDirectories(folder.resolve("sys/kernel/random"));
        Files.writeString(folder.resolve("sys/kernel/random/boot_id"), "one-boot\n");
        Files.createDirectories(folder.resolve("42"));
        Files.writeString(
                folder.resolve("42/stat"),
                "42 (a) 1 (b) S 1 42 42 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 184467 9 9 9\n");
        assertThat(ProcessStart.of(folder, 42)).contains("one-boot:184467");
        assertThat(ProcessStart.of(folder, 43)).isEmpty();
    }

    @Test
    void who_only_looks_removes_nothing() {
        var book = new ProcessBook(folder);
        book.add(own());
        assertThat(book.running()).extracting(ProcessRecord::name).containsExactly("own");
        book.add(with(1, "another-boot:1"));
        assertThat(book.running()).isEmpty();
        assertThat(folder.resolve("own.json")).exists();
    }
}
