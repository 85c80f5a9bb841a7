package dev.selvage.integrity.hash.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import dev.selvage.integrity.audit.FileKey;
import dev.selvage.integrity.hash.HashForm;
import dev.selvage.proofs.Leaves;
import dev.selvage.proofs.MerkleTree;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The kernel's own source, compiled for this machine, against NIST's vectors and against the trees in Java. */
class KernelSourceTest {
    private static final HexFormat HEX = HexFormat.of();
    private static final byte[] SECRET = bytes(1, 32);
    private static final byte[] FILE = bytes(2, 32);

    @TempDir
    static Path folder;

    private static NativeLibrary kernel;

    @BeforeAll
    static void compile() throws IOException, InterruptedException {
        var library = CCompiler.library(CCompiler.SOURCES.resolve("leaves.c"), folder.resolve("leaves.so"));
        kernel = NativeLibrary.getInstance(library.toString());
    }

    @AfterAll
    static void unload() {
        if (kernel != null) {
            kernel.close();
        }
    }

    @Test
    void short_and_long_messages_of_nist_give_their_digests() throws IOException {
        byte[] message = null;
        int checked = 0;
        for (String line : vectors()) {
            if (line.startsWith("Len = ")) {
                message = new byte[Integer.parseInt(line.substring(6)) / 8];
            } else if (line.startsWith("Msg = ") && message.length > 0) {
                message = HEX.parseHex(line.substring(6));
            } else if (line.startsWith("MD = ")) {
                assertThat(HEX.formatHex(plain(message))).isEqualTo(line.substring(5));
                checked++;
            } else if (line.equals("[Monte]")) {
                break;
            }
        }
        assertThat(checked).isEqualTo(15);
    }

    @Test
    void the_monte_carlo_test_of_nist_goes_through_its_checkpoints() throws IOException {
        List<String> lines = vectors();
        byte[] seed = lines.stream()
                .filter(line -> line.startsWith("Seed = "))
                .map(line -> HEX.parseHex(line.substring(7)))
                .findFirst()
                .orElseThrow();
        List<String> digests = new ArrayList<>();
        for (int count = 0; count < 100; count++) {
            byte[] three = new byte[96];
            for (int i = 0; i < 3; i++) {
                System.arraycopy(seed, 0, three, i * 32, 32);
            }
            for (int i = 0; i < 1000; i++) {
                byte[] next = plain(three);
                System.arraycopy(three, 32, three, 0, 64);
                System.arraycopy(next, 0, three, 64, 32);
            }
            seed = Arrays.copyOfRange(three, 64, 96);
            digests.add(HEX.formatHex(seed));
        }
        for (int at = lines.indexOf("[Monte]"); at < lines.size(); at++) {
            if (lines.get(at).startsWith("COUNT = ")) {
                int count = Integer.parseInt(lines.get(at).substring(8));
                assertThat(digests.get(count)).isEqualTo(lines.get(at + 1).substring(5));
            }
        }
    }

    @Test
    void every_length_of_a_last_block_is_padded_as_the_platform_pads_it() throws Exception {
        for (int length = 0; length <= 300; length++) {
            byte[] message = bytes(length, length);
            assertThat(plain(message))
                    .as("%d bytes", length)
                    .isEqualTo(MessageDigest.getInstance("SHA-256").digest(message));
        }
    }

    @Test
    void salted_hashes_leaves_and_nodes_are_those_of_java() {
        var key = new FileKey(SECRET);
        for (int length : new int[] {0, 1, 55, 56, 63, 64, 65, 4096, 10_000, 64 * 300 + 17}) {
            for (int blockSize : new int[] {64, 192, 4096}) {
                byte[] content = bytes(length, length);
                int count = Math.max(1, (length + blockSize - 1) / blockSize);
                long first = (1L << 32) - 2; // over the border of the index's words
                byte[] salted = blocks(content, blockSize, first, HashForm.Kind.SALTED, count);
                byte[] leaves = blocks(content, blockSize, first, HashForm.Kind.LEAF, count);
                for (int i = 0; i < count; i++) {
                    byte[] block = Arrays.copyOfRange(content, i * blockSize, Math.min(length, (i + 1) * blockSize));
                    byte[] hash = Leaves.blockDigest(salt(first + i)).digest(block);
                    assertThat(part(salted, i)).isEqualTo(hash);
                    assertThat(part(leaves, i))
                            .isEqualTo(Leaves.leaf(FILE, first + i, block.length, hash, new byte[0]));
                }
                assertThat(part(blocks(content, blockSize, 0, HashForm.Kind.SALTED, count), 0))
                        .isEqualTo(Leaves.blockDigest(key.salt(0))
                                .digest(Arrays.copyOf(content, Math.min(length, blockSize))));
                assertThat(root(leaves)).isEqualTo(MerkleTree.of(leaves).root());
            }
        }
    }

    @Test
    void the_ptx_belongs_to_the_source_and_to_old_drivers() throws Exception {
        byte[] source = Files.readAllBytes(CCompiler.SOURCES.resolve("leaves.c"));
        String digest = HEX.formatHex(MessageDigest.getInstance("SHA-256").digest(source));
        String ptx;
        try (var in = Gpu.class.getResourceAsStream("leaves.ptx")) {
            ptx = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
        }
        assertThat(ptx.lines().findFirst())
                .as("make the PTX again: src/main/cuda/README.md")
                .hasValue("// of leaves.c, SHA-256 " + digest);
        assertThat(ptx)
                .contains(".version 7.0\n", ".target sm_80\n")
                .contains(".visible .entry selvage_blocks(", ".visible .entry selvage_nodes(")
                .contains("ld.global.v4.u32", "prmt.b32")
                .doesNotContain(".local", "call.uni", ".extern");
    }

    private static byte[] plain(byte[] message) {
        return blocks(message, (message.length / 64 + 1) * 64, 0, HashForm.Kind.PLAIN, 1);
    }

    /** A launch with more threads than blocks, as there always are some. */
    private static byte[] blocks(byte[] content, int blockSize, long first, HashForm.Kind kind, int count) {
        try (var data = memory(content);
                var keys = new Memory(64);
                var out = new Memory(32L * count + 32)) {
            keys.write(0, SECRET, 0, 32);
            keys.write(32, FILE, 0, 32);
            kernel.getFunction("host_blocks").invokeVoid(new Object[] {
                (long) count + 100, data, (long) content.length, blockSize, first, keys, kind.code(), out.align(16)
            });
            return out.align(16).getByteArray(0, 32 * count);
        }
    }

    private static byte[] root(byte[] leaves) {
        try (var below = memory(leaves);
                var above = memory(leaves)) {
            Pointer from = below.align(16);
            Pointer to = above.align(16);
            for (int width = leaves.length / 32; width > 1; width = (width + 1) / 2) {
                kernel.getFunction("host_nodes").invokeVoid(new Object[] {(long) width + 7, from, width, to});
                Pointer other = from;
                from = to;
                to = other;
            }
            return from.getByteArray(0, 32);
        }
    }

    private static Memory memory(byte[] content) {
        var memory = new Memory(content.length + 64L);
        memory.align(16).write(0, content, 0, content.length);
        return memory;
    }

    /** As a file key derives it, for indexes beyond its own. */
    private static byte[] salt(long index) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            digest.update((byte) 5);
            digest.update(SECRET);
            return digest.digest(java.nio.ByteBuffer.allocate(8).putLong(index).array());
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] part(byte[] hashes, int index) {
        return Arrays.copyOfRange(hashes, index * 32, (index + 1) * 32);
    }

    private static List<String> vectors() throws IOException {
        try (var in = Leaves.class.getResourceAsStream("/dev/selvage/integrity/hash/nist-sha256.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .toList();
        }
    }

    private static byte[] bytes(int seed, int count) {
        byte[] bytes = new byte[count];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }
}
