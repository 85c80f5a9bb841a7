package dev.selvage.integrity.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.integrity.pairing.Pairing;
import dev.selvage.proofs.Verdict;
import java.io.IOException;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.SortedSet;
import java.util.concurrent.ConcurrentSkipListSet;
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

    private void updatesTo(Bytes next) throws IOException {
        var again = update(next);
        var whole = AUDIT.setUp(FILE, next, fileKey, owner);
        assertThat(again.tree().root()).isEqualTo(whole.tree().root());
        assertThat(again.tree().leaves()).isEqualTo(next.blocks());
        var anchor = again.anchor(FILE, 2, next);
        var challenge = new Challenge(new byte[32], next.blocks());
        var key = owner.publicKey(PAIRING);
        var proof = AUDIT.prove(anchor, challenge, key, next, fileKey, again, new SecureRandom());
        assertThat(AUDIT.verify(anchor, challenge, key, proof)).isEqualTo(Verdict.ACCEPTED);
    }

    private SectoredAudit.Setup update(BlockSource next) throws IOException {
        var setup = AUDIT.setUp(FILE, data, fileKey, owner);
        return AUDIT.update(setup, FILE, next, MerkleAudit.hashes(next, fileKey), fileKey, owner);
    }

    private Bytes of(int length) {
        return new Bytes(Arrays.copyOf(data.content(), length), BLOCK);
    }

    @Test
    void some_blocks_change() throws IOException {
        var next = of(data.content().length);
        next.content()[2 * BLOCK] ^= 1;
        next.content()[6 * BLOCK] ^= 1;
        updatesTo(next);
    }

    @Test
    void nothing_changes() throws IOException {
        updatesTo(of(data.content().length));
    }

    @Test
    void the_file_grows_within_its_last_block() throws IOException {
        updatesTo(of(7 * BLOCK));
    }

    @Test
    void the_file_grows_by_blocks() throws IOException {
        updatesTo(of(11 * BLOCK + 1));
    }

    @Test
    void the_file_is_cut() throws IOException {
        updatesTo(of(3 * BLOCK + 5));
        updatesTo(of(4 * BLOCK));
        updatesTo(of(0));
    }

    @Test
    void unchanged_blocks_keep_their_tags_and_changed_ones_get_another_mask() throws IOException {
        var setup = AUDIT.setUp(FILE, data, fileKey, owner);
        var next = of(data.content().length);
        next.content()[2 * BLOCK] ^= 1;
        var again = update(next);
        for (int i = 0; i < 7; i++) {
            assertThat(Arrays.equals(again.tags().get(i), setup.tags().get(i))).isEqualTo(i != 2);
        }
        assertThat(fileKey.mask(2, again.hashes().get(2)))
                .isNotEqualTo(fileKey.mask(2, setup.hashes().get(2)));
    }

    @Test
    void blocks_that_did_not_change_are_not_read() throws IOException {
        var next = of(8 * BLOCK);
        next.content()[2 * BLOCK] ^= 1;
        byte[] hashes = MerkleAudit.hashes(next, fileKey);
        SortedSet<Integer> read = new ConcurrentSkipListSet<>();
        var watched = new BlockSource() {
            @Override
            public long length() {
                return next.length();
            }

            @Override
            public int blockSize() {
                return next.blockSize();
            }

            @Override
            public byte[] block(int index) {
                read.add(index);
                return next.block(index);
            }
        };
        AUDIT.update(AUDIT.setUp(FILE, data, fileKey, owner), FILE, watched, hashes, fileKey, owner);
        assertThat(read).containsExactly(2, 6, 7);
    }
}
