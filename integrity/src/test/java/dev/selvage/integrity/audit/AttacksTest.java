package dev.selvage.integrity.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.integrity.pairing.Pairing;
import dev.selvage.proofs.Anchor;
import dev.selvage.proofs.Leaves;
import dev.selvage.proofs.MerkleTree;
import dev.selvage.proofs.Sha256;
import dev.selvage.proofs.Verdict;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The attacks of docs/integrity.md: each succeeds against the published scheme and fails against the other modes. */
class AttacksTest extends AuditScene {
    @Test
    void attack_owner_without_data_passes_the_published_scheme() throws IOException {
        var paper = new PaperAudit(PAIRING);
        var setup = paper.setUp(data, owner);
        // the data is gone: Delta = S^(1/alpha) from tags and secret key alone
        var forged = new PaperAudit.Proof(setup.hashes(), setup.tags(), deltaFromTags(setup.tags()));
        assertThat(paper.verify(setup.published(), weights(), forged)).isEqualTo(Verdict.ACCEPTED);
    }

    @Test
    void attack_prover_with_48_bytes_a_block_passes_the_published_scheme() throws IOException {
        var paper = new PaperAudit(PAIRING);
        var setup = paper.setUp(data, owner);
        // kept at set-up: W = H(m) u^m, which is sigma^(1/alpha); no alpha is needed afterwards
        var inverse = owner.alpha().modInverse(Pairing.ORDER);
        List<Pairing.G1> kept =
                setup.tags().stream().map(tag -> PAIRING.multiply(tag, inverse)).toList();
        List<Pairing.G1> challenged = weights().keySet().stream().map(kept::get).toList();
        var delta = PAIRING.bases(challenged).combine(List.copyOf(weights().values()));
        var forged = new PaperAudit.Proof(setup.hashes(), setup.tags(), delta);
        assertThat(paper.verify(setup.published(), weights(), forged)).isEqualTo(Verdict.ACCEPTED);
    }

    @Test
    void attack_prover_with_32_bytes_a_block_passes_the_published_scheme() throws IOException {
        var paper = new PaperAudit(PAIRING);
        var setup = paper.setUp(data, owner);
        // kept at set-up: the hash and m mod r; u^m = u^(m mod r)
        List<Pairing.G1> points = new ArrayList<>();
        var base = PAIRING.hashToG1(
                "u".getBytes(java.nio.charset.StandardCharsets.US_ASCII),
                "SELVAGE-V01-PAPER-U_BLS12381G1_XMD:SHA-256_SSWU_RO_");
        for (int index : weights().keySet()) {
            BigInteger kept = new BigInteger(1, data.block(index)).mod(Pairing.ORDER);
            points.add(PAIRING.add(
                    PAIRING.hashToG1(setup.hashes().get(index), "SELVAGE-V01-PAPER-H_BLS12381G1_XMD:SHA-256_SSWU_RO_"),
                    PAIRING.multiply(base, kept)));
        }
        var delta = PAIRING.bases(points).combine(List.copyOf(weights().values()));
        var forged = new PaperAudit.Proof(setup.hashes(), setup.tags(), delta);
        assertThat(paper.verify(setup.published(), weights(), forged)).isEqualTo(Verdict.ACCEPTED);
    }

    @Test
    void attack_prover_with_48_bytes_a_block_fails_against_masked_tags() throws Exception {
        var setup = sectored().setUp(FILE, data, fileKey, owner);
        var anchor = setup.anchor(FILE, 1, data);
        // kept at set-up: W = P u_0^rho prod u_j^m_j; the sums mu are gone. With T = (prod (W/P)^nu)^-g the answer z =
        // 0 fits the challenge g alone
        var inverse = owner.alpha().modInverse(Pairing.ORDER);
        var honest = prove(setup, anchor);
        List<Pairing.G1> kept = new ArrayList<>();
        List<BigInteger> weights = new ArrayList<>();
        for (var shown : honest.shown()) {
            var w = PAIRING.multiply(PAIRING.g1(shown.tag()), inverse);
            var minusPoint = PAIRING.multiply(
                    PAIRING.hashToG1(shown.hash(), "SELVAGE-V01-P_BLS12381G1_XMD:SHA-256_SSWU_RO_"),
                    Pairing.ORDER.subtract(BigInteger.ONE));
            kept.add(PAIRING.add(w, minusPoint));
            weights.add(challenge.draw().weight(weights.size()));
        }
        var guessed = BigInteger.valueOf(5).negate().mod(Pairing.ORDER);
        var hidden = PAIRING.multiply(PAIRING.bases(kept).combine(weights), guessed);
        List<BigInteger> zeros = honest.z().stream().map(z -> BigInteger.ZERO).toList();
        var forged = new SectoredAudit.Proof(honest.shown(), honest.paths(), hidden.compressed(), zeros);
        assertThat(sectored().verify(anchor, challenge, owner.publicKey(PAIRING), forged))
                .isEqualTo(Verdict.rejected("the tags do not belong to the data"));
    }

    /** A gamma that says nothing of T would let a prover who kept 48 bytes a block choose T to fit it. */
    @Test
    void attack_choosing_the_masks_point_after_gamma_fails_against_masked_tags() throws Exception {
        var setup = sectored().setUp(FILE, data, fileKey, owner);
        var anchor = setup.anchor(FILE, 1, data);
        var honest = prove(setup, anchor);
        var key = owner.publicKey(PAIRING);
        var parts = parts(honest);
        byte[] seed = challenge.seed();
        byte[] bound = anchor.digest();
        byte[] sum = parts.tags().compressed();
        byte[] owned = key.compressed();
        List<BigInteger> zeros = honest.z().stream().map(z -> BigInteger.ZERO).toList();
        for (byte[][] without : new byte[][][] {{seed, bound, owned, sum}, {seed, bound, owned}, {seed, bound}}) {
            var early = gamma(without);
            var fitting = PAIRING.multiply(parts.masked(), early.negate().mod(Pairing.ORDER));
            var forged = new SectoredAudit.Proof(honest.shown(), honest.paths(), fitting.compressed(), zeros);
            assertThat(sectored().verify(anchor, challenge, key, forged))
                    .isEqualTo(Verdict.rejected("the tags do not belong to the data"));
            // the forgery is right for such a gamma: e(S^g, g2) = e((prod P^nu)^g T^-1, v)
            var right = PAIRING.add(
                    PAIRING.multiply(parts.points(), early),
                    PAIRING.multiply(fitting, Pairing.ORDER.subtract(BigInteger.ONE)));
            assertThat(PAIRING.equal(PAIRING.multiply(parts.tags(), early), PAIRING.g2Generator(), right, key))
                    .isTrue();
        }
    }

    /** prod sigma^nu, prod P^nu, and what the one has beyond the other under the root of alpha. */
    private record Parts(Pairing.G1 tags, Pairing.G1 points, Pairing.G1 masked) {}

    private Parts parts(SectoredAudit.Proof proof) throws Exception {
        List<Pairing.G1> tags = new ArrayList<>();
        List<Pairing.G1> points = new ArrayList<>();
        List<BigInteger> nu = new ArrayList<>();
        for (var shown : proof.shown()) {
            tags.add(PAIRING.g1(shown.tag()));
            points.add(PAIRING.hashToG1(shown.hash(), "SELVAGE-V01-P_BLS12381G1_XMD:SHA-256_SSWU_RO_"));
            nu.add(challenge.draw().weight(nu.size()));
        }
        var sum = PAIRING.bases(tags).combine(nu);
        var blocks = PAIRING.bases(points).combine(nu);
        var masked = PAIRING.add(
                PAIRING.multiply(sum, owner.alpha().modInverse(Pairing.ORDER)),
                PAIRING.multiply(blocks, Pairing.ORDER.subtract(BigInteger.ONE)));
        return new Parts(sum, blocks, masked);
    }

    private static BigInteger gamma(byte[]... parts) {
        byte[][] all = new byte[parts.length + 1][];
        all[0] = "selvage/audit/FS/v1".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        System.arraycopy(parts, 0, all, 1, parts.length);
        return new BigInteger(1, Arrays.copyOf(Sha256.of(all), 16));
    }

    @Test
    void attack_prover_with_32_bytes_a_block_fails_against_masked_tags_and_opened_blocks() throws Exception {
        // kept of each block: its remainder modulo the group's order, as the published scheme needs it
        byte[] content = new byte[data.content().length];
        for (int i = 0; i < data.blocks(); i++) {
            byte[] kept = Wire.scalar(new BigInteger(1, data.block(i)).mod(Pairing.ORDER));
            int end = i * BLOCK + data.block(i).length;
            System.arraycopy(kept, 0, content, end - kept.length, kept.length);
        }
        var remainders = new Bytes(content, BLOCK);
        var setup = sectored().setUp(FILE, data, fileKey, owner);
        var anchor = setup.anchor(FILE, 1, data);
        assertThat(sectored().verify(anchor, challenge, owner.publicKey(PAIRING), prove(setup, anchor, remainders)))
                .isEqualTo(Verdict.rejected("the tags do not belong to the data"));
        var tree = MerkleTree.of(MerkleAudit.leaves(FILE, data, fileKey));
        var plain = MerkleAudit.anchor(FILE, 1, data, tree);
        assertThat(MerkleProofs.verify(plain, challenge, MerkleProofs.prove(challenge, remainders, fileKey, tree))
                        .damaged())
                .isEqualTo(challenge.indexes(21));
    }

    @Test
    void attack_owner_with_the_key_alone_fails_against_opened_blocks_and_tags() throws Exception {
        // whoever holds alpha can make new tags for any bytes, but not under the anchored root
        var zeros = new Bytes(new byte[data.content().length], BLOCK);
        var anchored = sectored().setUp(FILE, data, fileKey, owner);
        var forged = sectored().setUp(FILE, zeros, fileKey, owner);
        assertThat(opened(forged, anchored.anchor(FILE, 1, data), zeros)
                        .verdict()
                        .accepted())
                .isFalse();
    }

    @Test
    void attack_owner_without_data_fails_against_masked_tags() throws IOException {
        var setup = sectored().setUp(FILE, data, fileKey, owner);
        var anchor = setup.anchor(FILE, 1, data);
        // whoever holds alpha and the tags, but not the data, must guess the sums: here all are taken as zero
        var forger = new Bytes(new byte[data.content().length], BLOCK);
        assertThat(sectored().verify(anchor, challenge, owner.publicKey(PAIRING), prove(setup, anchor, forger)))
                .isEqualTo(Verdict.rejected("the tags do not belong to the data"));
    }

    @Test
    void attack_tags_made_to_fit_chosen_sums_fail_against_anchored_leaves() throws IOException {
        var setup = sectored().setUp(FILE, data, fileKey, owner);
        var anchor = setup.anchor(FILE, 1, data);
        // plain Shacham-Waters falls here: with alpha, fresh tags over other data fit any sums; ours are bound by the
        // root
        var zeros = new Bytes(new byte[data.content().length], BLOCK);
        var forged = sectored().setUp(FILE, zeros, fileKey, owner);
        assertThat(sectored().verify(anchor, challenge, owner.publicKey(PAIRING), prove(forged, anchor, zeros)))
                .isEqualTo(Verdict.rejected("the leaves do not lead to the root"));
    }

    @Test
    void attack_owner_without_data_fails_against_opened_blocks() throws IOException {
        var tree = MerkleTree.of(MerkleAudit.leaves(FILE, data, fileKey));
        var anchor = MerkleAudit.anchor(FILE, 1, data, tree);
        var gone = new Bytes(new byte[data.content().length], BLOCK);
        assertThat(MerkleProofs.accepts(anchor, challenge, MerkleProofs.prove(challenge, gone, fileKey, tree)))
                .isFalse();
    }

    @Test
    void attack_dishonest_set_up_passes_the_tags_and_fails_when_blocks_are_opened() throws Exception {
        // the owner knows the hashes of data that it never held
        var zeros = new Bytes(new byte[data.content().length], BLOCK);
        var forged = tagsOfZerosBesideTrueHashes();
        var anchor = forged.anchor(FILE, 1, data);
        assertThat(sectored().verify(anchor, challenge, owner.publicKey(PAIRING), prove(forged, anchor, zeros)))
                .isEqualTo(Verdict.ACCEPTED);
        assertThat(opened(forged, anchor, zeros).damaged()).isEqualTo(challenge.indexes(21));
    }

    @Test
    void attack_tags_of_other_blocks_beside_true_data_fail_when_blocks_are_opened() throws Exception {
        // the owner holds the data for the first opening only, and answers by the tags of zeros afterwards
        var forged = tagsOfZerosBesideTrueHashes();
        var finding = opened(forged, forged.anchor(FILE, 1, data), data);
        assertThat(finding.verdict().accepted()).isFalse();
        assertThat(finding.verdict().reason())
                .startsWith("the challenged blocks are what is anchored, but the tags")
                .contains("do not belong to them");
        assertThat(finding.damaged()).isEmpty();

        var honest = sectored().setUp(FILE, data, fileKey, owner);
        assertThat(opened(honest, honest.anchor(FILE, 1, data), data)).isEqualTo(Finding.accepted());
    }

    @Test
    void one_wrong_tag_among_the_opened_is_enough_and_one_that_is_no_point_too() throws Exception {
        var honest = sectored().setUp(FILE, data, fileKey, owner);
        int index = challenge.indexes(21).last();
        var other = PAIRING.multiply(PAIRING.g1(honest.tags().get(index)), BigInteger.TWO);
        byte[] outside = new byte[Pairing.G1_BYTES]; // x = 4: on the curve, not in the group of prime order
        outside[0] = (byte) 0x80;
        outside[Pairing.G1_BYTES - 1] = 4;
        for (byte[] wrong : List.of(other.compressed(), outside)) {
            List<byte[]> tags = new ArrayList<>(honest.tags());
            tags.set(index, wrong);
            var setup = setup(honest.hashes(), tags);
            var finding = opened(setup, setup.anchor(FILE, 1, data), data);
            assertThat(finding.verdict().reason()).contains("do not belong to them");
        }
    }

    /** Tags of zero blocks over the hashes of the true ones: whoever has alpha can make them without the data. */
    private SectoredAudit.Setup tagsOfZerosBesideTrueHashes() {
        List<byte[]> hashes = new ArrayList<>();
        List<byte[]> tags = new ArrayList<>();
        var u0 = PAIRING.hashToG1(new byte[4], "SELVAGE-V01-U_BLS12381G1_XMD:SHA-256_SSWU_RO_");
        for (int i = 0; i < data.blocks(); i++) {
            byte[] hash = Leaves.blockDigest(fileKey.salt(i)).digest(data.block(i));
            var point = PAIRING.hashToG1(hash, "SELVAGE-V01-P_BLS12381G1_XMD:SHA-256_SSWU_RO_");
            var tag = PAIRING.multiply(PAIRING.add(point, PAIRING.multiply(u0, fileKey.mask(i, hash))), owner.alpha());
            hashes.add(hash);
            tags.add(tag.compressed());
        }
        return setup(hashes, tags);
    }

    private SectoredAudit.Setup setup(List<byte[]> hashes, List<byte[]> tags) {
        var leaves = new ByteArrayOutputStream();
        for (int i = 0; i < hashes.size(); i++) {
            leaves.writeBytes(Leaves.leaf(FILE, i, data.block(i).length, hashes.get(i), tags.get(i)));
        }
        return new SectoredAudit.Setup(hashes, tags, MerkleTree.of(leaves.toByteArray()));
    }

    /** The opening of blocks under an anchor with tags. */
    private Finding opened(SectoredAudit.Setup setup, Anchor anchor, BlockSource from) throws Exception {
        var tags = new ByteArrayOutputStream();
        setup.tags().forEach(tags::writeBytes);
        byte[] proof = MerkleProofs.prove(challenge, from, fileKey, setup.tree(), tags.toByteArray());
        return MerkleAudit.verify(
                anchor, challenge, sectored(), owner.publicKey(PAIRING).compressed(), new ByteArrayInputStream(proof));
    }

    private static SectoredAudit sectored() {
        return SECTORED;
    }

    private static final SectoredAudit SECTORED = new SectoredAudit(PAIRING, BLOCK);

    private SectoredAudit.Proof prove(SectoredAudit.Setup setup, Anchor anchor) throws IOException {
        return prove(setup, anchor, data);
    }

    private SectoredAudit.Proof prove(SectoredAudit.Setup setup, Anchor anchor, BlockSource from) throws IOException {
        return sectored().prove(anchor, challenge, owner.publicKey(PAIRING), from, fileKey, setup, RANDOM);
    }

    private static SortedMap<Integer, BigInteger> weights() {
        return new TreeMap<>(java.util.Map.of(
                2, BigInteger.valueOf(5), 7, new BigInteger("123456789012345678901"), 20, BigInteger.valueOf(9)));
    }

    private Pairing.G1 deltaFromTags(List<Pairing.G1> tags) {
        List<Pairing.G1> challenged = weights().keySet().stream().map(tags::get).toList();
        var sum = PAIRING.bases(challenged).combine(List.copyOf(weights().values()));
        return PAIRING.multiply(sum, owner.alpha().modInverse(Pairing.ORDER));
    }
}
