package dev.selvage.network.internal.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BlockFileTest {
    @TempDir
    private Path folder;

    private Path path;

    @BeforeEach
    void place() {
        path = folder.resolve("blocks");
    }

    @Test
    void what_was_appended_is_read_again() throws IOException {
        write("one", "two", "three");
        assertThat(recovered()).containsExactly("one", "two", "three");
    }

    @Test
    void a_last_record_cut_at_any_byte_is_removed_and_the_file_goes_on() throws IOException {
        write("one", "two");
        long whole = Files.size(path);
        write("three");
        byte[] bytes = Files.readAllBytes(path);
        for (int cut = (int) whole; cut < bytes.length; cut++) {
            Files.write(path, Arrays.copyOf(bytes, cut));
            assertThat(recovered()).as("cut at byte %d", cut).containsExactly("one", "two");
            write("four");
            assertThat(recovered()).as("after byte %d", cut).containsExactly("one", "two", "four");
        }
    }

    @Test
    void a_last_record_whose_bytes_did_not_all_reach_the_disk_is_removed() throws IOException {
        write("one", "two");
        byte[] bytes = Files.readAllBytes(path);
        bytes[bytes.length - 1] = 0;
        Files.write(path, bytes);
        assertThat(recovered()).containsExactly("one");
    }

    @Test
    void space_that_was_given_but_never_written_is_removed() throws IOException {
        write("one");
        byte[] bytes = Files.readAllBytes(path);
        Files.write(path, Arrays.copyOf(bytes, bytes.length + 20_000));
        assertThat(recovered()).containsExactly("one");
        assertThat(Files.size(path)).isEqualTo(bytes.length);
    }

    @Test
    void damage_before_the_last_record_is_refused_and_nothing_is_removed() throws IOException {
        write("one", "two", "three");
        byte[] bytes = Files.readAllBytes(path);
        int inFirst = (int) BlockFile.first() + 9;
        bytes[inFirst] ^= 1;
        Files.write(path, bytes);
        assertCorrupt();
        assertThat(Files.readAllBytes(path)).isEqualTo(bytes);
    }

    @Test
    void a_damaged_length_that_reaches_past_the_end_does_not_take_later_records_with_it() throws IOException {
        write("one", "two", "three");
        byte[] bytes = Files.readAllBytes(path);
        ByteBuffer.wrap(bytes).putInt((int) BlockFile.first(), 1_000_000);
        Files.write(path, bytes);
        assertCorrupt();
        assertThat(Files.readAllBytes(path)).isEqualTo(bytes);
    }

    @Test
    void a_length_that_is_nonsense_is_refused() throws IOException {
        write("one", "two");
        byte[] bytes = Files.readAllBytes(path);
        bytes[(int) BlockFile.first()] = -1;
        Files.write(path, bytes);
        assertCorrupt();
    }

    @Test
    void a_file_of_another_kind_is_refused() throws IOException {
        Files.writeString(path, "a file that somebody put here for other purposes");
        assertCorrupt();
    }

    @Test
    void damage_is_noticed_when_a_block_is_read() throws IOException {
        write("one", "two");
        byte[] bytes = Files.readAllBytes(path);
        bytes[(int) BlockFile.first() + 8] ^= 1;
        Files.write(path, bytes);
        try (BlockFile file = BlockFile.open(path)) {
            assertThatThrownBy(() -> file.read(BlockFile.first())).hasMessageContaining("LEDGER_CORRUPT");
        }
    }

    private void write(String... records) throws IOException {
        try (BlockFile file = BlockFile.open(path)) {
            file.recover(BlockFile.first(), (offset, bytes) -> {});
            for (String record : records) {
                file.append(record.getBytes(UTF_8));
            }
        }
    }

    private List<String> recovered() throws IOException {
        List<String> records = new ArrayList<>();
        try (BlockFile file = BlockFile.open(path)) {
            file.recover(BlockFile.first(), (offset, bytes) -> records.add(new String(bytes, UTF_8)));
        }
        return records;
    }

    private void assertCorrupt() {
        assertThatThrownBy(this::recovered)
                .isInstanceOfSatisfying(
                        SelvageException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LEDGER_CORRUPT));
    }
}
