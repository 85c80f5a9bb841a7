package dev.selvage.integrity.hash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StableFileTest {
    @TempDir
    Path folder;

    @Test
    void a_file_of_the_same_length_and_time_that_takes_its_place_after_the_opening_is_noticed() throws IOException {
        Path path = Files.write(folder.resolve("file"), new byte[10]);
        assertThatThrownBy(() -> StableFile.open(path, () -> {
                    var channel = FileChannel.open(path, StandardOpenOption.READ);
                    replace(path);
                    return channel;
                }))
                .isInstanceOf(FileChangedException.class);
    }

    @Test
    void a_file_that_takes_its_place_before_the_opening_is_noticed_too() throws IOException {
        Path path = Files.write(folder.resolve("file"), new byte[10]);
        assertThatThrownBy(() -> StableFile.open(path, () -> {
                    replace(path);
                    return FileChannel.open(path, StandardOpenOption.READ);
                }))
                .isInstanceOf(FileChangedException.class);
        try (var file = StableFile.open(path)) {
            assertThat(file.length()).isEqualTo(10);
            file.requireUnchanged();
        }
    }

    private void replace(Path path) throws IOException {
        Path other =
                Files.write(folder.resolve("other"), "0123456789".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        Files.setLastModifiedTime(other, Files.getLastModifiedTime(path));
        Files.move(other, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
