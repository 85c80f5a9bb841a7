package dev.selvage.integrity.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.selvage.integrity.pairing.Pairing;
import dev.selvage.proofs.MerkleTree;
import dev.selvage.proofs.Verdict;
import java.io.IOException;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Anchoring a changed file again costs what changed, and gives what a whole set-up would give. */
class NewVersionTest {
    private static final byte[] FILE = new byte[32];
    private static final int BLOCK = 62;
    private static final Pairing PAIRING = Pairing.fastest();
    private static final SectoredAudit AUDIT = new SectoredAudit(PAIRING, BLOCK);

    private final FileKey fileKey = new FileKey(Arrays.copyOf(new byte[] {9}, 32));
    private final OwnerKey owner = new OwnerKey(BigInteger.valueOf(77));
    private final Bytes data = Bytes.random(5, 6 * BLOCK + 20, BLOCK);

    private void updatesTo(Bytes next, Set<Integer> changed) throws IOException {
        var tree = MerkleTree.of(MerkleAudit.leaves(FILE, data, fileKey));
        var old = MerkleAudit.anchor(FILE, 1, data, tree);
        var updated = MerkleAudit.update(old, tree, changed, next, fileKey);
        assertThat(updated.root())
                .isEqualTo(
                        MerkleTree.of(MerkleAudit.leaves(FILE, next, fileKey)).root());

        var setup = AUDIT.setUp(FILE, data, fileKey, owner);
        var again = AUDIT.update(setup.anchor(FILE, 1, data), setup, changed, next, fileKey, owner);
        var whole = AUDIT.setUp(FILE, next, fileKey, owner);
        assertThat(again.tree().root()).isEqualTo(whole.tree().root());
        var anchor = again.anchor(FILE, 2, next);
        var challenge = new Challenge(new byte[32], next.blocks());
        var key = owner.publicKey(PAIRING);
        var proof = AUDIT.prove(anchor, challenge, key, next, fileKey, again, new SecureRandom());
        assertThat(AUDIT.verify(anchor, challenge, key, proof)).isEqualTo(Verdict.ACCEPTED);
    }

    private Bytes of(int length) {
        return new Bytes(Arrays.copyOf(data.content(), length), BLOCK);
    }

    @Test
    void some_blocks_change() throws IOException {
        var next = of(data.content().length);
        next.content()[2 * BLOCK] ^= 1;
        next.content()[6 * BLOCK] ^= 1;
        updatesTo(next, Set.of(2, 6));
    }

    @Test
    void nothing_changes() throws IOException {
        updatesTo(of(data.content().length), Set.of());
    }

    @Test
    void the_file_grows_within_its_last_block() throws IOException {
        updatesTo(of(7 * BLOCK), Set.of());
    }

    @Test
    void the_file_grows_by_blocks() throws IOException {
        updatesTo(of(11 * BLOCK + 1), Set.of(0));
    }

    @Test
    void the_file_is_cut() throws IOException {
        updatesTo(of(3 * BLOCK + 5), Set.of(5));
        updatesTo(of(4 * BLOCK), Set.of());
        updatesTo(of(0), Set.of());
    }

    @Test
    void unchanged_blocks_keep_their_tags_and_changed_ones_get_another_mask() throws IOException {
        var setup = AUDIT.setUp(FILE, data, fileKey, owner);
        var next = of(data.content().length);
        next.content()[2 * BLOCK] ^= 1;
        var again = AUDIT.update(setup.anchor(FILE, 1, data), setup, Set.of(2), next, fileKey, owner);
        for (int i = 0; i < 7; i++) {
            assertThat(Arrays.equals(again.tags().get(i), setup.tags().get(i))).isEqualTo(i != 2);
        }
        assertThat(fileKey.mask(2, again.hashes().get(2)))
                .isNotEqualTo(fileKey.mask(2, setup.hashes().get(2)));
    }

    @Test
    void another_block_size_is_another_set_up() throws IOException {
        var tree = MerkleTree.of(MerkleAudit.leaves(FILE, data, fileKey));
        var old = MerkleAudit.anchor(FILE, 1, data, tree);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MerkleAudit.update(old, tree, Set.of(), new Bytes(data.content(), 31), fileKey));
    }
}
