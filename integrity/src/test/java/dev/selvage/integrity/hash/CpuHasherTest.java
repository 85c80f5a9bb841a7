package dev.selvage.integrity.hash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.selvage.integrity.audit.FileKey;
import dev.selvage.model.ErrorCode;
import dev.selvage.proofs.Leaves;
import dev.selvage.proofs.MerkleTree;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
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
                        for (CpuWay way : CpuWay.available()) {
                            var progress = new AtomicLong();
                            try (var stable = StableFile.open(file)) {
                                var layout = new HashLayout(blockSize, lanes, chunk, way);
                                byte[] hashes = new CpuHasher().hash(stable, layout, key, progress::addAndGet);
                                assertThat(hashes).isEqualTo(expected);
                            }
                            assertThat(progress).hasValue(length);
                        }
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
    void a_file_written_to_while_hashed_is_refused() throws IOException {
        changedMeanwhile(file -> {
            try (var channel = Files.newByteChannel(file, StandardOpenOption.WRITE)) {
                channel.position(20_000_000).write(ByteBuffer.wrap(new byte[] {1}));
            }
            Files.setLastModifiedTime(file, FileTime.fromMillis(1));
        });
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

    @Test
    void a_file_removed_while_hashed_is_refused() throws IOException {
        changedMeanwhile(Files::delete);
    }

    private interface Change {
        void make(Path file) throws IOException;
    }

    private void changedMeanwhile(Change change) throws IOException {
        for (CpuWay way : CpuWay.available()) {
            Path file = write("file", content(30_000_000));
            var once = new AtomicBoolean();
            try (var stable = StableFile.open(file)) {
                var layout = new HashLayout(4096, 2, 65_536, way);
                assertThatThrownBy(() -> new CpuHasher().hash(stable, layout, key, bytes -> {
                            if (once.compareAndSet(false, true)) {
                                try {
                                    change.make(file);
                                } catch (IOException e) {
                                    throw new UncheckedIOException(e);
                                }
                            }
                        }))
                        .as("read by %s", way)
                        .isInstanceOfSatisfying(
                                FileChangedException.class,
                                e -> assertThat(e.code()).isEqualTo(ErrorCode.FILE_CHANGED))
                        .hasMessageContaining("while it was read");
            }
        }
    }

    @Test
    void blocks_grow_where_one_tree_would_have_too_many_leaves() {
        var layout = new HashLayout(4096, 2, 65_536);
        assertThat(layout.forLength(100L << 30).blockSize()).isEqualTo(4096);
        assertThat(layout.forLength(1L << 40).blockSize()).isEqualTo(65_536);
        assertThat(layout.forLength(1L << 40).blocks(1L << 40)).isLessThanOrEqualTo(MerkleTree.MAX_LEAVES);
    }

    @Test
    void nodes_of_every_level_are_those_of_the_whole_tree() throws IOException {
        byte[] name = new byte[32];
        for (int length : new int[] {0, 64, 65, 64 * 37, 64 * 64, 64 * 77 + 5}) {
            try (var stable = StableFile.open(write("file", content(length)))) {
                var layout = new HashLayout(64, 2, 4096);
                byte[] leaves =
                        new CpuHasher().hash(stable, layout, HashForm.nodes(key, name, 0), Hasher.Progress.NONE);
                byte[] root = MerkleTree.of(leaves).root();
                for (int level = 0; level < 9; level++) {
                    byte[] nodes = new CpuHasher()
                            .hash(stable, layout, HashForm.nodes(key, name, level), Hasher.Progress.NONE);
                    assertThat(MerkleTree.of(nodes).root())
                            .as("%d bytes, level %d", length, level)
                            .isEqualTo(root);
                }
            }
        }
    }

    @Test
    void padding_costs_a_compression_of_its_own_only_beyond_55_bytes() {
        assertThat(HashLayout.compressions(4096)).isEqualTo(66);
        assertThat(HashLayout.compressions(4096 + 55)).isEqualTo(66);
        assertThat(HashLayout.compressions(4096 + 56)).isEqualTo(67);
        assertThat(HashLayout.paddedOnce(4096)).isEqualTo(4096);
        assertThat(HashLayout.paddedOnce(4096 + 56)).isEqualTo(4096 + 55);
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
