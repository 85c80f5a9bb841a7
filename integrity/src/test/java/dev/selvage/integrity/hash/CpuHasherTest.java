package dev.selvage.integrity.hash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.selvage.integrity.audit.FileKey;
import dev.selvage.proofs.Leaves;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CpuHasherTest {
    private final FileKey key = new FileKey(Arrays.copyOf(new byte[] {3}, 32));

    @TempDir
    Path folder;

    @Test
    void every_layout_gives_the_hashes_that_one_block_at_a_time_gives() throws IOException {
        for (int length : new int[] {0, 1, 4095, 4096, 4097, 300_000, 20_000_001}) {
            byte[] content = content(length);
            Path file = write("file", content);
            for (int blockSize : new int[] {4096, 5000, 1 << 20}) {
                byte[] expected = oneByOne(content, blockSize);
                for (int lanes : new int[] {1, 3}) {
                    for (int chunk : new int[] {4096, 100_000}) {
                        var progress = new AtomicLong();
                        try (var stable = StableFile.open(file)) {
                            byte[] hashes = new CpuHasher()
                                    .hash(stable, new HashLayout(blockSize, lanes, chunk), key, progress::addAndGet);
                            assertThat(hashes).isEqualTo(expected);
                        }
                        assertThat(progress).hasValue(length);
                    }
                }
            }
        }
    }

    private byte[] oneByOne(byte[] content, int blockSize) {
        int blocks = new HashLayout(blockSize, 1, 4096).blocks(content.length);
        byte[] hashes = new byte[blocks * 32];
        for (int i = 0; i < blocks; i++) {
            byte[] block = Arrays.copyOfRange(content, i * blockSize, Math.min(content.length, (i + 1) * blockSize));
            System.arraycopy(Leaves.blockDigest(key.salt(i)).digest(block), 0, hashes, i * 32, 32);
        }
        return hashes;
    }

    @Test
    void a_file_truncated_while_hashed_is_refused() throws IOException {
        changedMeanwhile(file -> {
            try (var channel = Files.newByteChannel(file, StandardOpenOption.WRITE)) {
                channel.truncate(5_000);
            }
        });
    }

    @Test
    void a_file_grown_while_hashed_is_refused() throws IOException {
        changedMeanwhile(file -> Files.write(file, new byte[] {1}, StandardOpenOption.APPEND));
    }

    @Test
    void a_file_replaced_while_hashed_is_refused() throws IOException {
        changedMeanwhile(file -> {
            var modified = Files.getLastModifiedTime(file);
            Path other = write("other", content(30_000_000));
            Files.setLastModifiedTime(other, modified);
            Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
        });
    }

    private interface Change {
        void make(Path file) throws IOException;
    }

    private void changedMeanwhile(Change change) throws IOException {
        Path file = write("file", content(30_000_000));
        var once = new AtomicBoolean();
        try (var stable = StableFile.open(file)) {
            assertThatThrownBy(() -> new CpuHasher().hash(stable, new HashLayout(4096, 2, 65_536), key, bytes -> {
                        if (once.compareAndSet(false, true)) {
                            try {
                                change.make(file);
                            } catch (IOException e) {
                                throw new java.io.UncheckedIOException(e);
                            }
                        }
                    }))
                    .isInstanceOf(FileChangedException.class)
                    .hasMessageContaining("while it was read");
        }
    }

    @Test
    void trees_stay_within_their_bound_for_files_of_any_size() {
        var layout = new HashLayout(4096, 2, 65_536);
        assertThat(layout.forLength(1 << 20).blockSize()).isEqualTo(4096);
        assertThat(layout.forLength(100L << 30).blockSize()).isEqualTo(32_768);
        assertThat(layout.forLength(100L << 30).blocks(100L << 30)).isLessThanOrEqualTo(1 << 22);
    }

    @Test
    void padding_costs_a_compression_of_its_own_only_beyond_55_bytes() {
        assertThat(HashLayout.compressions(4096)).isEqualTo(66);
        assertThat(HashLayout.compressions(4096 + 55)).isEqualTo(66);
        assertThat(HashLayout.compressions(4096 + 56)).isEqualTo(67);
    }

    @Test
    void tuning_measures_all_layouts_and_puts_the_fastest_first() throws IOException {
        Path file = write("sample", content(1 << 20));
        var figures = HashTuning.measure(file, 3, () -> {});
        assertThat(figures)
                .hasSize(HashTuning.layouts(Runtime.getRuntime().availableProcessors())
                        .size())
                .isSortedAccordingTo((a, b) -> Double.compare(b.bytesPerSecond(), a.bytesPerSecond()));
    }

    private Path write(String name, byte[] content) throws IOException {
        return Files.write(folder.resolve(name), content);
    }

    private static byte[] content(int length) {
        byte[] content = new byte[length];
        new Random(length).nextBytes(content);
        return content;
    }
}
