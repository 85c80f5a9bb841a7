package dev.selvage.integrity.hash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.selvage.integrity.audit.FileKey;
import dev.selvage.proofs.MerkleTree;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileTreeTest {
    private static final FileKey KEY = new FileKey(new byte[32]);
    private static final byte[] NAME = new byte[32];

    @TempDir
    Path folder;

    @Test
    void roots_and_proofs_are_those_of_the_tree_over_all_leaves() throws IOException {
        var random = new Random(5);
        for (int blockSize : new int[] {4096, 100_000, 2 << 20}) {
            for (int length : new int[] {0, 1, 4096, 3_000_000, 5_000_001}) {
                try (var file = StableFile.open(write(length))) {
                    var layout = new HashLayout(blockSize, 2, 65_536);
                    byte[] leaves =
                            new CpuHasher().hash(file, layout, HashForm.nodes(KEY, NAME, 0), Hasher.Progress.NONE);
                    var whole = MerkleTree.of(leaves);
                    var tree = FileTree.build(new CpuHasher(), file, layout, KEY, NAME, Hasher.Progress.NONE);
                    assertThat(tree.anchor(1).root()).isEqualTo(whole.root());
                    for (int round = 0; round < 5; round++) {
                        var indexes = new TreeSet<Integer>();
                        for (int i = 0; i <= round * 3; i++) {
                            indexes.add(random.nextInt(whole.leaves()));
                        }
                        var led = tree.lead(indexes);
                        assertThat(led.paths().encoded())
                                .isEqualTo(whole.prove(indexes).encoded());
                        indexes.forEach(
                                index -> assertThat(led.leaves().get(index)).isEqualTo(whole.leaf(index)));
                    }
                }
            }
        }
    }

    @Test
    void a_file_that_changed_since_it_was_hashed_proves_nothing() throws IOException {
        Path path = write(3_000_000);
        try (var file = StableFile.open(path)) {
            var tree = FileTree.build(
                    new CpuHasher(), file, new HashLayout(4096, 1, 65_536), KEY, NAME, Hasher.Progress.NONE);
            try (var other = new RandomAccessFile(path.toFile(), "rw")) {
                other.seek(2_000_000);
                other.write(other.read() ^ 1);
            }
            assertThat(tree.lead(new TreeSet<>(List.of(1))).paths().hashes()).isNotEmpty();
            assertThatThrownBy(() -> tree.lead(new TreeSet<>(List.of(1, 489))))
                    .isInstanceOf(FileChangedException.class);
            try (var other = new RandomAccessFile(path.toFile(), "rw")) {
                other.setLength(1000);
            }
            assertThatThrownBy(() -> tree.lead(new TreeSet<>(List.of(700)))).isInstanceOf(FileChangedException.class);
        }
    }

    /** 262,144 leaves are 8 MiB of hashes and 16 MiB of tree: more than the heap that the process is given. */
    @Test
    void a_large_file_is_hashed_in_a_small_heap() throws Exception {
        Path sparse = folder.resolve("sparse");
        try (var file = new RandomAccessFile(sparse.toFile(), "rw")) {
            file.setLength(1L << 30);
        }
        var process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx10m",
                        "-XX:MaxDirectMemorySize=16m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Small.class.getName(),
                        sparse.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertThat(process.waitFor()).as(said).isZero();
        assertThat(said).startsWith("262144 leaves");
    }

    /** What runs in the small heap. */
    static final class Small {
        private Small() {}

        public static void main(String[] args) throws IOException {
            try (var file = StableFile.open(Path.of(args[0]))) {
                var layout = new HashLayout(4096, 2, 262_144);
                var tree = FileTree.build(new CpuHasher(), file, layout, KEY, NAME, Hasher.Progress.NONE);
                var proof = tree.lead(new TreeSet<>(List.of(0, 250_000)));
                System.out.println(tree.anchor(1).leaves() + " leaves, proof of "
                        + proof.paths().hashes().size() + " hashes");
            }
        }
    }

    private Path write(int length) throws IOException {
        byte[] content = new byte[length];
        new Random(length).nextBytes(content);
        return Files.write(folder.resolve("file"), content);
    }
}
