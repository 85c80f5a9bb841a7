package dev.selvage.proofs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MerkleTreeTest {
    private static final byte[] FILE = bytes32(i -> (byte) i);
    private static final byte[] SALT = bytes32(i -> (byte) 7);

    // computed by an independent implementation of INTEGRITY.md's formulas
    @ParameterizedTest
    @CsvSource({
        "1,dabcdafec1d05028fa33c9d5ba8a9444905e8467fef6833c56a1125442056771,dabcdafec1d05028fa33c9d5ba8a9444905e8467fef6833c56a1125442056771",
        "2,0336b56b70e03827d921951015fc1465f77a9d7912dbe3f994e59c224b0cf5e9,f5ca868e34a01685822baccf6d8a93c2a74eeaec43563bdfb9bc0fc96db01e07",
        "3,102c5bb1fdc0fa918824917f72e9054b966281da5e939aa3798dd80efd64ce72,824a95cbb74857bbb937d52d987bf1e7df5ab980fc7b2a8effe88cf9062fb065",
        "7,59a339d4f58494c21778de443f3baee0a8c3cab8c429b4dbf57284148d9b3219,d3f07c5f73f22de154a51a1300e1cf3dc5e93c39a1aeb09f34ee8af4f1cf1d84"
    })
    void roots_are_the_golden_ones(int count, String root, String paperRoot) {
        byte[] leaves = leaves(count);
        assertThat(HexFormat.of().formatHex(MerkleTree.of(leaves).root())).isEqualTo(root);
        assertThat(HexFormat.of().formatHex(PaperTree.root(leaves))).isEqualTo(paperRoot);
    }

    @Test
    void anchor_digest_is_the_golden_one_and_binds_every_field() {
        byte[] root = MerkleTree.of(leaves(7)).root();
        var anchor = new Anchor(FILE, 1, 7, 35, 5, root);
        assertThat(HexFormat.of().formatHex(anchor.digest()))
                .isEqualTo("013372ae747ad26ea6167582338a512bbf39b0c2e8065189cf1a3ba936f7b172");
        assertThat(anchor)
                .isNotEqualTo(new Anchor(FILE, 2, 7, 35, 5, root))
                .isNotEqualTo(new Anchor(FILE, 1, 7, 34, 5, root))
                .isNotEqualTo(new Anchor(SALT, 1, 7, 35, 5, root))
                .isNotEqualTo(new Anchor(FILE, 1, 7, 35, 5, SALT));
        assertThatIllegalArgumentException().isThrownBy(() -> new Anchor(FILE, 1, 8, 35, 5, root));
    }

    @Test
    void published_tree_gives_two_lists_one_root_and_ours_does_not() {
        byte[] three = leaves(3);
        byte[] four = Arrays.copyOf(three, 4 * 32);
        System.arraycopy(three, 64, four, 96, 32);
        assertThat(PaperTree.root(three)).isEqualTo(PaperTree.root(four));
        assertThat(MerkleTree.of(three).root()).isNotEqualTo(MerkleTree.of(four).root());
    }

    @Test
    void proofs_of_any_leaves_of_trees_of_any_size_are_accepted() {
        var random = new Random(1);
        for (int count = 1; count <= 70; count++) {
            var tree = MerkleTree.of(leaves(count));
            for (int round = 0; round < 10; round++) {
                var indexes = indexes(random, count);
                var proof = MultiProof.decode(tree.prove(indexes).encoded());
                assertThat(MerkleTree.verify(tree.root(), count, opened(tree, indexes), proof))
                        .isEqualTo(Verdict.ACCEPTED);
            }
        }
    }

    @Test
    void every_bit_flip_in_leaf_proof_or_root_is_rejected() {
        var tree = MerkleTree.of(leaves(13));
        var indexes = new TreeSet<>(java.util.List.of(0, 5, 12));
        byte[] proof = tree.prove(indexes).encoded();
        for (int bit = 0; bit < proof.length * 8; bit++) {
            byte[] flipped = flip(proof, bit);
            assertThat(MerkleTree.verify(tree.root(), 13, opened(tree, indexes), MultiProof.decode(flipped))
                            .accepted())
                    .isFalse();
        }
        for (int bit = 0; bit < 256; bit++) {
            var leaves = opened(tree, indexes);
            leaves.put(5, flip(leaves.get(5), bit));
            assertThat(MerkleTree.verify(tree.root(), 13, leaves, MultiProof.decode(proof))
                            .accepted())
                    .isFalse();
            assertThat(MerkleTree.verify(flip(tree.root(), bit), 13, opened(tree, indexes), MultiProof.decode(proof))
                            .accepted())
                    .isFalse();
        }
    }

    @Test
    void proofs_of_a_wrong_shape_are_rejected_with_the_reason() {
        var tree = MerkleTree.of(leaves(13));
        var indexes = new TreeSet<>(java.util.List.of(3, 4));
        byte[] proof = tree.prove(indexes).encoded();
        var leaves = opened(tree, indexes);
        assertThat(MerkleTree.verify(
                                tree.root(), 13, leaves, MultiProof.decode(Arrays.copyOf(proof, proof.length - 32)))
                        .reason())
                .isEqualTo("the proof is too short");
        assertThat(MerkleTree.verify(
                                tree.root(), 13, leaves, MultiProof.decode(Arrays.copyOf(proof, proof.length + 32)))
                        .reason())
                .isEqualTo("the proof is too long");
        assertThat(MerkleTree.verify(tree.root(), 13, new TreeMap<>(), MultiProof.decode(proof))
                        .reason())
                .isEqualTo("the proof opens no leaf");
        var moved = new TreeMap<>(leaves);
        moved.put(13, moved.remove(4));
        assertThat(MerkleTree.verify(tree.root(), 13, moved, MultiProof.decode(proof))
                        .reason())
                .isEqualTo("a leaf lies outside the 13 leaves of the tree");
        var swapped = new TreeMap<>(leaves);
        swapped.put(3, leaves.get(4));
        swapped.put(4, leaves.get(3));
        assertThat(MerkleTree.verify(tree.root(), 13, swapped, MultiProof.decode(proof))
                        .reason())
                .isEqualTo("the leaves do not lead to the root");
        assertThatIllegalArgumentException().isThrownBy(() -> MultiProof.decode(new byte[33]));
    }

    @Test
    void anchoring_again_after_changes_equals_building_anew() {
        var random = new Random(2);
        for (int round = 0; round < 200; round++) {
            int before = 1 + random.nextInt(40);
            int after = before + random.nextInt(20);
            byte[] leaves = Arrays.copyOf(leaves(before), after * 32);
            SortedMap<Integer, byte[]> changed = new TreeMap<>();
            for (int i = 0; i < after; i++) {
                if (i >= before || random.nextInt(5) == 0) {
                    byte[] leaf = new byte[32];
                    random.nextBytes(leaf);
                    changed.put(i, leaf);
                    System.arraycopy(leaf, 0, leaves, i * 32, 32);
                }
            }
            var again = MerkleTree.of(leaves(before)).with(changed);
            assertThat(again.root()).isEqualTo(MerkleTree.of(leaves).root());
            assertThat(again.leaves()).isEqualTo(after);
        }
    }

    @Test
    void changes_that_leave_a_gap_are_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MerkleTree.of(leaves(3)).with(new TreeMap<>(java.util.Map.of(4, new byte[32]))))
                .withMessageContaining("gap");
    }

    private static SortedSet<Integer> indexes(Random random, int count) {
        SortedSet<Integer> indexes = new TreeSet<>();
        int wanted = 1 + random.nextInt(count);
        while (indexes.size() < wanted) {
            indexes.add(random.nextInt(count));
        }
        return indexes;
    }

    private static SortedMap<Integer, byte[]> opened(MerkleTree tree, SortedSet<Integer> indexes) {
        SortedMap<Integer, byte[]> opened = new TreeMap<>();
        indexes.forEach(index -> opened.put(index, tree.leaf(index)));
        return opened;
    }

    private static byte[] leaves(int count) {
        var out = new ByteArrayOutputStream();
        for (int i = 0; i < count; i++) {
            byte[] hash = Leaves.blockDigest(SALT).digest(("blk-" + i).getBytes(StandardCharsets.US_ASCII));
            out.writeBytes(Leaves.leaf(FILE, i, 5, hash, new byte[0]));
        }
        return out.toByteArray();
    }

    private static byte[] flip(byte[] bytes, int bit) {
        byte[] flipped = bytes.clone();
        flipped[bit / 8] ^= (byte) (1 << (bit % 8));
        return flipped;
    }

    private interface ByteAt {
        byte at(int index);
    }

    private static byte[] bytes32(ByteAt value) {
        byte[] bytes = new byte[32];
        for (int i = 0; i < 32; i++) {
            bytes[i] = value.at(i);
        }
        return bytes;
    }
}
