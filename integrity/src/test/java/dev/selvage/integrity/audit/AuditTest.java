package dev.selvage.integrity.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.selvage.integrity.pairing.Pairing;
import dev.selvage.proofs.Anchor;
import dev.selvage.proofs.Leaves;
import dev.selvage.proofs.MerkleTree;
import dev.selvage.proofs.Verdict;
import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class AuditTest extends AuditScene {
    // --- merkle

    @Test
    void opened_blocks_of_intact_data_are_accepted() throws Exception {
        var tree = MerkleTree.of(MerkleAudit.leaves(FILE, data, fileKey));
        var anchor = MerkleAudit.anchor(FILE, 1, data, tree);
        assertThat(MerkleProofs.verify(anchor, challenge, MerkleProofs.prove(challenge, data, fileKey, tree)))
                .isEqualTo(Finding.accepted());
    }

    @Test
    void any_change_of_a_challenged_block_is_found_and_named() throws Exception {
        var tree = MerkleTree.of(MerkleAudit.leaves(FILE, data, fileKey));
        var anchor = MerkleAudit.anchor(FILE, 1, data, tree);
        for (int index : challenge.indexes(21)) {
            data.content()[index * BLOCK] ^= 1;
            var proof = MerkleProofs.prove(challenge, data, fileKey, tree);
            assertThat(MerkleProofs.verify(anchor, challenge, proof).damaged()).containsExactly(index);
            data.content()[index * BLOCK] ^= 1;
        }
    }

    @Test
    void a_proof_for_another_file_version_or_challenge_is_rejected() throws IOException {
        var tree = MerkleTree.of(MerkleAudit.leaves(FILE, data, fileKey));
        var anchor = MerkleAudit.anchor(FILE, 1, data, tree);
        var proof = MerkleProofs.prove(challenge, data, fileKey, tree);
        byte[] otherFile = Arrays.copyOf(new byte[] {5}, 32);
        var elsewhere = new Anchor(otherFile, 1, anchor.leaves(), anchor.length(), BLOCK, anchor.root());
        assertThat(MerkleProofs.accepts(elsewhere, challenge, proof)).isFalse();
        var other = new Challenge(Arrays.copyOf(new byte[] {2}, 32), 6);
        assertThat(MerkleProofs.accepts(anchor, other, proof)).isFalse();
    }

    // --- sectored

    @Test
    void masked_tags_of_intact_data_are_accepted_by_both_libraries() throws Exception {
        var setup = sectored().setUp(FILE, data, fileKey, owner);
        var anchor = setup.anchor(FILE, 1, data);
        var proof = prove(setup, anchor);
        var travelled = SectoredAudit.Proof.decode(proof.encoded(), anchor, challenge);
        assertThat(sectored().verify(anchor, challenge, owner.publicKey(PAIRING), travelled))
                .isEqualTo(Verdict.ACCEPTED);
        var java = Pairing.pureJava();
        assertThat(new SectoredAudit(java, BLOCK).verify(anchor, challenge, owner.publicKey(java), travelled))
                .isEqualTo(Verdict.ACCEPTED);
    }

    @Test
    void tags_do_not_accept_changed_data() throws IOException {
        var setup = sectored().setUp(FILE, data, fileKey, owner);
        var anchor = setup.anchor(FILE, 1, data);
        data.content()[challenge.indexes(21).first() * BLOCK + 17] ^= 4;
        assertThat(sectored().verify(anchor, challenge, owner.publicKey(PAIRING), prove(setup, anchor)))
                .isEqualTo(Verdict.rejected("the tags do not belong to the data"));
    }

    @Test
    void every_bit_flip_of_a_sectored_proof_is_rejected() throws IOException {
        var setup = sectored().setUp(FILE, data, fileKey, owner);
        var anchor = setup.anchor(FILE, 1, data);
        byte[] proof = prove(setup, anchor).encoded();
        for (int at = 0; at < proof.length; at++) {
            byte[] flipped = proof.clone();
            flipped[at] ^= (byte) (1 << (at % 8));
            assertThat(rejects(() -> sectored()
                            .verify(
                                    anchor,
                                    challenge,
                                    owner.publicKey(PAIRING),
                                    SectoredAudit.Proof.decode(flipped, anchor, challenge))))
                    .as("byte %d", at)
                    .isTrue();
        }
    }

    @Test
    void a_scalar_over_the_order_is_rejected() throws IOException {
        var setup = sectored().setUp(FILE, data, fileKey, owner);
        var anchor = setup.anchor(FILE, 1, data);
        var proof = prove(setup, anchor);
        List<BigInteger> z = new ArrayList<>(proof.z());
        z.set(2, z.get(2).add(Pairing.ORDER));
        var forged = new SectoredAudit.Proof(proof.shown(), proof.paths(), proof.hidden(), z);
        assertThat(sectored().verify(anchor, challenge, owner.publicKey(PAIRING), forged))
                .isEqualTo(Verdict.rejected("a scalar is not below the group's order"));
    }

    @Test
    void tags_stay_valid_when_another_block_changes_and_the_file_is_anchored_again() throws IOException {
        var setup = sectored().setUp(FILE, data, fileKey, owner);
        data.content()[3 * BLOCK] ^= 1;
        var again = sectored().setUp(FILE, data, fileKey, owner);
        assertThat(again.tags().get(4)).isEqualTo(setup.tags().get(4));
        assertThat(again.tags().get(3)).isNotEqualTo(setup.tags().get(3));
        var leaf =
                Leaves.leaf(FILE, 3, BLOCK, again.hashes().get(3), again.tags().get(3));
        assertThat(setup.tree().with(new TreeMap<>(java.util.Map.of(3, leaf))).root())
                .isEqualTo(again.tree().root());
    }

    // --- paper

    @Test
    void published_scheme_accepts_intact_data_and_finds_a_changed_block() throws IOException {
        var paper = new PaperAudit(PAIRING);
        var setup = paper.setUp(data, owner);
        assertThat(paper.verify(setup.published(), weights(), paper.prove(setup, data, weights())))
                .isEqualTo(Verdict.ACCEPTED);
        data.content()[weights().firstKey() * BLOCK] ^= 1;
        assertThat(paper.verify(setup.published(), weights(), paper.prove(setup, data, weights()))
                        .accepted())
                .isFalse();
    }

    // --- challenge and keys

    @Test
    void neither_side_can_choose_the_blocks() {
        var anchor = new Anchor(FILE, 1, 21, data.length(), BLOCK, new byte[32]);
        byte[] buyer = Arrays.copyOf(new byte[] {1}, 32);
        byte[] seller = Arrays.copyOf(new byte[] {2}, 32);
        byte[] seed = Challenge.of("selvage", anchor, 10, 6, buyer, seller).seed();
        assertThat(Challenge.of("selvage", anchor, 10, 6, seller, buyer).seed()).isNotEqualTo(seed);
        assertThat(Challenge.of("other", anchor, 10, 6, buyer, seller).seed()).isNotEqualTo(seed);
        assertThat(Challenge.of("selvage", anchor, 10, 7, buyer, seller).seed()).isNotEqualTo(seed);
        assertThat(Challenge.commitment(anchor, 6, buyer)).isNotEqualTo(Challenge.commitment(anchor, 7, buyer));
    }

    @Test
    void possession_of_a_key_is_proven_by_its_holder_only() {
        var key = owner.publicKey(PAIRING);
        var proof = owner.possession(PAIRING, "EwrMSP");
        assertThat(OwnerKey.verifyPossession(PAIRING, "EwrMSP", key, proof)).isTrue();
        assertThat(OwnerKey.verifyPossession(PAIRING, "JfkMSP", key, proof))
                .as("another organisation repeats the proof")
                .isFalse();
        var other = new OwnerKey(BigInteger.TEN);
        assertThat(OwnerKey.verifyPossession(PAIRING, "EwrMSP", key, other.possession(PAIRING, "EwrMSP")))
                .isFalse();
    }

    @Test
    void sample_sizes_are_those_of_the_formula() {
        assertThat(SampleSize.challenges(0.95, 0.01, 1_000_000)).isEqualTo(299);
        assertThat(SampleSize.challenges(0.99, 0.01, 1_000_000)).isEqualTo(459);
        assertThat(SampleSize.challenges(0.99, 0.001, 1_000_000)).isEqualTo(4603);
        assertThat(SampleSize.challenges(0.99, 0.001, 100)).isEqualTo(100);
        assertThat(SampleSize.detection(459, 0.01)).isGreaterThanOrEqualTo(0.99);
    }

    @Test
    void challenges_find_random_damage_as_often_as_the_formula_says() {
        var random = new Random(11);
        int blocks = 500;
        int damaged = 25;
        int found = 0;
        int trials = 4_000;
        for (int trial = 0; trial < trials; trial++) {
            byte[] seed = new byte[32];
            random.nextBytes(seed);
            var bad = random.ints(0, blocks).distinct().limit(damaged).boxed().toList();
            found += new Challenge(seed, 20).indexes(blocks).stream().anyMatch(bad::contains) ? 1 : 0;
        }
        // the formula draws with repetition; distinct blocks find a little more, here 0.6467 instead of 0.6415
        double expected = SampleSize.detection(20, damaged / (double) blocks);
        assertThat(found / (double) trials).isBetween(expected - 0.02, expected + 0.03);
    }

    @Test
    void an_empty_file_has_one_empty_block_and_can_be_audited() throws Exception {
        var empty = new Bytes(new byte[0], BLOCK);
        var tree = MerkleTree.of(MerkleAudit.leaves(FILE, empty, fileKey));
        var anchor = MerkleAudit.anchor(FILE, 1, empty, tree);
        assertThat(MerkleProofs.accepts(anchor, challenge, MerkleProofs.prove(challenge, empty, fileKey, tree)))
                .isTrue();
    }

    @Test
    void file_keys_and_numbers_of_a_wrong_length_are_refused() {
        assertThatThrownBy(() -> new FileKey(new byte[31])).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new OwnerKey(Pairing.ORDER)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Challenge(new byte[31], 1)).isInstanceOf(IllegalArgumentException.class);
    }

    private static SectoredAudit sectored() {
        return SECTORED;
    }

    private static final SectoredAudit SECTORED = new SectoredAudit(PAIRING, BLOCK);

    private SectoredAudit.Proof prove(SectoredAudit.Setup setup, Anchor anchor) throws IOException {
        return sectored().prove(anchor, challenge, owner.publicKey(PAIRING), data, fileKey, setup, RANDOM);
    }

    private static SortedMap<Integer, BigInteger> weights() {
        return new TreeMap<>(java.util.Map.of(
                2, BigInteger.valueOf(5), 7, new BigInteger("123456789012345678901"), 20, BigInteger.valueOf(9)));
    }

    private interface Check {
        Verdict verdict() throws MalformedProofException;
    }

    private static boolean rejects(Check check) {
        try {
            return !check.verdict().accepted();
        } catch (MalformedProofException e) {
            return true;
        }
    }
}
