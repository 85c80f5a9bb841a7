package dev.selvage.integrity.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.integrity.pairing.Pairing;
import dev.selvage.proofs.Anchor;
import dev.selvage.proofs.Leaves;
import dev.selvage.proofs.MerkleTree;
import dev.selvage.proofs.Verdict;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Proofs of every wrong kind, in all modes: none is accepted, and none is answered with anything but a verdict or a malformed proof. */
class WrongProofsTest {
    private static final byte[] FILE = new byte[32];
    private static final int BLOCK = 62;
    private static final int BLOCKS = 11;
    private static final Pairing PAIRING = Pairing.fastest();
    private static final SectoredAudit SECTORED = new SectoredAudit(PAIRING, BLOCK);
    private static final PaperAudit PAPER = new PaperAudit(PAIRING);

    private final Bytes data = Bytes.random(3, (BLOCKS - 1) * BLOCK + 20, BLOCK);
    private final FileKey fileKey = new FileKey(Arrays.copyOf(new byte[] {9}, 32));
    private final OwnerKey owner = new OwnerKey(BigInteger.valueOf(123_456_789));
    private final Challenge challenge = new Challenge(Arrays.copyOf(new byte[] {1}, 32), 4);

    /** A mode seen from outside: bytes in, a verdict out. */
    private interface Mode {
        byte[] proof(Bytes of, byte[] file, int version, Challenge challenge) throws IOException;

        Verdict judge(byte[] proof, int version, Challenge challenge) throws IOException, MalformedProofException;
    }

    private Mode merkle() throws IOException {
        var tree = MerkleTree.of(MerkleAudit.leaves(FILE, data, fileKey));
        return new Mode() {
            @Override
            public byte[] proof(Bytes of, byte[] file, int version, Challenge asked) throws IOException {
                var own = MerkleTree.of(MerkleAudit.leaves(file, of, fileKey));
                return MerkleProofs.prove(asked, of, fileKey, own);
            }

            @Override
            public Verdict judge(byte[] proof, int version, Challenge asked)
                    throws IOException, MalformedProofException {
                return MerkleProofs.verify(MerkleAudit.anchor(FILE, version, data, tree), asked, proof)
                        .verdict();
            }
        };
    }

    /** Opened blocks under an anchor with tags. */
    private Mode tagged() throws IOException {
        byte[] key = owner.publicKey(PAIRING).compressed();
        var root = SECTORED.setUp(FILE, data, fileKey, owner).tree().root();
        return new Mode() {
            @Override
            public byte[] proof(Bytes of, byte[] file, int version, Challenge asked) throws IOException {
                var setup = SECTORED.setUp(file, of, fileKey, owner);
                var tags = new ByteArrayOutputStream();
                setup.tags().forEach(tags::writeBytes);
                return MerkleProofs.prove(asked, of, fileKey, setup.tree(), tags.toByteArray());
            }

            @Override
            public Verdict judge(byte[] proof, int version, Challenge asked)
                    throws IOException, MalformedProofException {
                var anchor = new Anchor(FILE, version, BLOCKS, data.length(), BLOCK, root);
                return MerkleAudit.verify(anchor, asked, SECTORED, key, new ByteArrayInputStream(proof))
                        .verdict();
            }
        };
    }

    private Mode sectored() throws IOException {
        var key = owner.publicKey(PAIRING);
        var root = SECTORED.setUp(FILE, data, fileKey, owner).tree().root();
        return new Mode() {
            @Override
            public byte[] proof(Bytes of, byte[] file, int version, Challenge asked) throws IOException {
                var setup = SECTORED.setUp(file, of, fileKey, owner);
                var anchor = setup.anchor(file, version, of);
                return SECTORED.prove(anchor, asked, key, of, fileKey, setup, new SecureRandom())
                        .encoded();
            }

            @Override
            public Verdict judge(byte[] proof, int version, Challenge asked) throws MalformedProofException {
                var anchor = new Anchor(FILE, version, BLOCKS, data.length(), BLOCK, root);
                return SECTORED.verify(anchor, asked, key, SectoredAudit.Proof.decode(proof, anchor, asked));
            }
        };
    }

    private Mode paper() throws IOException {
        var published = PAPER.setUp(data, owner).published();
        return new Mode() {
            @Override
            public byte[] proof(Bytes of, byte[] file, int version, Challenge asked) throws IOException {
                var setup = PAPER.setUp(of, owner);
                return PAPER.prove(setup, of, PaperAudit.weights(asked, of.blocks()))
                        .encoded();
            }

            @Override
            public Verdict judge(byte[] proof, int version, Challenge asked) throws MalformedProofException {
                return PAPER.verify(
                        published, PaperAudit.weights(asked, BLOCKS), PaperAudit.Proof.decode(proof, BLOCKS, PAIRING));
            }
        };
    }

    /** The sectored mode as it travels between nodes. */
    private Mode sectoredStream() throws IOException {
        var stream = new SectoredStream(PAIRING, BLOCK);
        byte[] key = owner.publicKey(PAIRING).compressed();
        var root = SECTORED.setUp(FILE, data, fileKey, owner).tree().root();
        return new Mode() {
            @Override
            public byte[] proof(Bytes of, byte[] file, int version, Challenge asked) throws IOException {
                var setup = SECTORED.setUp(file, of, fileKey, owner);
                var out = new ByteArrayOutputStream();
                stream.prove(setup.anchor(file, version, of), asked, key, of, fileKey, setup, new SecureRandom(), out);
                return out.toByteArray();
            }

            @Override
            public Verdict judge(byte[] proof, int version, Challenge asked)
                    throws IOException, MalformedProofException {
                var anchor = new Anchor(FILE, version, BLOCKS, data.length(), BLOCK, root);
                return stream.verify(anchor, asked, key, new ByteArrayInputStream(proof))
                        .verdict();
            }
        };
    }

    /** The paper mode as it travels between nodes. */
    private Mode paperStream() throws IOException {
        var stream = new PaperStream(PAIRING);
        var setup = PAPER.setUp(data, owner);
        byte[] key = owner.publicKey(PAIRING).compressed();
        return new Mode() {
            @Override
            public byte[] proof(Bytes of, byte[] file, int version, Challenge asked) throws IOException {
                var own = PAPER.setUp(of, owner);
                var anchor = new Anchor(file, version, of.blocks(), of.length(), BLOCK, own.root1());
                var hashes = new ByteArrayOutputStream();
                own.hashes().forEach(hashes::writeBytes);
                var tags = new ByteArrayOutputStream();
                own.tags().forEach(tag -> tags.writeBytes(tag.compressed()));
                var out = new ByteArrayOutputStream();
                stream.prove(anchor, asked, of, hashes.toByteArray(), tags.toByteArray(), out);
                return out.toByteArray();
            }

            @Override
            public Verdict judge(byte[] proof, int version, Challenge asked)
                    throws IOException, MalformedProofException {
                var anchor = new Anchor(FILE, version, BLOCKS, data.length(), BLOCK, setup.root1());
                return stream.verify(anchor, setup.root2(), key, asked, new ByteArrayInputStream(proof))
                        .verdict();
            }
        };
    }

    private static boolean accepts(Mode mode, byte[] proof, int version, Challenge challenge) throws IOException {
        try {
            return mode.judge(proof, version, challenge).accepted();
        } catch (MalformedProofException e) {
            return false;
        }
    }

    private void rejectsEveryChange(Mode mode) throws IOException {
        byte[] proof = mode.proof(data, FILE, 1, challenge);
        assertThat(accepts(mode, proof, 1, challenge)).isTrue();
        for (int at = 0; at < proof.length; at++) {
            for (int bit = at % 3; bit < 8; bit += 3) {
                byte[] flipped = proof.clone();
                flipped[at] ^= (byte) (1 << bit);
                assertThat(accepts(mode, flipped, 1, challenge))
                        .as("bit %d of byte %d", bit, at)
                        .isFalse();
            }
        }
        for (int length = 0; length < proof.length; length++) {
            assertThat(accepts(mode, Arrays.copyOf(proof, length), 1, challenge))
                    .as("cut to %d", length)
                    .isFalse();
        }
        for (int more : List.of(1, 31, 32, 48, 64)) {
            assertThat(accepts(mode, Arrays.copyOf(proof, proof.length + more), 1, challenge))
                    .as("longer by %d", more)
                    .isFalse();
        }
        var other = new Challenge(Arrays.copyOf(new byte[] {2}, 32), 4);
        assertThat(accepts(mode, proof, 1, other)).as("another challenge").isFalse();
        assertThat(accepts(mode, mode.proof(data, FILE, 1, other), 1, challenge))
                .as("the answer to another challenge")
                .isFalse();
        var fewer = new Challenge(challenge.seed(), 3);
        assertThat(accepts(mode, mode.proof(data, FILE, 1, fewer), 1, challenge))
                .as("fewer blocks than challenged")
                .isFalse();
        var elsewhere = Bytes.random(4, data.content().length, BLOCK);
        assertThat(accepts(mode, mode.proof(elsewhere, FILE, 1, challenge), 1, challenge))
                .as("another file of the same size")
                .isFalse();
        var shorter = Bytes.random(3, 3 * BLOCK, BLOCK);
        assertThat(accepts(mode, mode.proof(shorter, FILE, 1, new Challenge(challenge.seed(), 3)), 1, challenge))
                .as("another number of blocks")
                .isFalse();
    }

    @Test
    void no_wrong_merkle_proof_is_accepted() throws IOException {
        var mode = merkle();
        rejectsEveryChange(mode);
        byte[] otherFile = Arrays.copyOf(new byte[] {5}, 32);
        assertThat(accepts(mode, mode.proof(data, otherFile, 1, challenge), 1, challenge))
                .as("the same bytes under another file's id")
                .isFalse();
    }

    @Test
    void no_wrong_opening_under_an_anchor_with_tags_is_accepted() throws IOException {
        rejectsEveryChange(tagged());
    }

    @Test
    void no_wrong_sectored_proof_is_accepted() throws IOException {
        var mode = sectored();
        rejectsEveryChange(mode);
        byte[] otherFile = Arrays.copyOf(new byte[] {5}, 32);
        assertThat(accepts(mode, mode.proof(data, otherFile, 1, challenge), 1, challenge))
                .as("the same bytes under another file's id")
                .isFalse();
        assertThat(accepts(mode, mode.proof(data, FILE, 1, challenge), 2, challenge))
                .as("a proof made for another version")
                .isFalse();
    }

    @Test
    void no_wrong_paper_proof_is_accepted() throws IOException {
        rejectsEveryChange(paper());
    }

    @Test
    void no_wrong_proof_is_accepted_as_it_travels() throws IOException {
        rejectsEveryChange(sectoredStream());
        rejectsEveryChange(paperStream());
    }

    @Test
    void a_proof_of_one_mode_is_none_of_another() throws IOException {
        List<Mode> modes = List.of(merkle(), tagged(), sectored(), paper());
        for (Mode one : modes) {
            byte[] proof = one.proof(data, FILE, 1, challenge);
            for (Mode other : modes) {
                assertThat(accepts(other, proof, 1, challenge)).isEqualTo(one == other);
            }
        }
    }

    @Test
    void versions_have_challenges_of_their_own() throws IOException {
        var tree = MerkleTree.of(MerkleAudit.leaves(FILE, data, fileKey));
        byte[] numbers = new byte[32];
        var first = Challenge.of("c", MerkleAudit.anchor(FILE, 1, data, tree), 0, 4, numbers, numbers);
        var second = Challenge.of("c", MerkleAudit.anchor(FILE, 2, data, tree), 0, 4, numbers, numbers);
        assertThat(accepts(merkle(), merkle().proof(data, FILE, 1, first), 2, second))
                .isFalse();
    }

    @Test
    void a_block_shown_twice_for_two_indexes_is_rejected() throws IOException {
        var tree = MerkleTree.of(MerkleAudit.leaves(FILE, data, fileKey));
        var anchor = MerkleAudit.anchor(FILE, 1, data, tree);
        byte[] twice = MerkleProofs.prove(challenge, data, fileKey, tree);
        System.arraycopy(twice, 0, twice, 32, 32); // the leaf
        int first = 4 * 32 + 1 + 4;
        System.arraycopy(twice, first, twice, first + 32 + 4 + BLOCK, 32 + 4 + BLOCK); // salt, length, block
        assertThat(MerkleProofs.accepts(anchor, challenge, twice)).isFalse();

        var setup = SECTORED.setUp(FILE, data, fileKey, owner);
        var key = owner.publicKey(PAIRING);
        var proof = SECTORED.prove(anchor(setup), challenge, key, data, fileKey, setup, new SecureRandom());
        var shown = new ArrayList<>(proof.shown());
        shown.set(1, shown.get(0));
        var forged = new SectoredAudit.Proof(shown, proof.paths(), proof.hidden(), proof.z());
        assertThat(SECTORED.verify(anchor(setup), challenge, key, forged))
                .isEqualTo(Verdict.rejected("the leaves do not lead to the root"));
    }

    @Test
    void scalars_over_the_order_are_rejected_at_every_place() throws IOException {
        var setup = SECTORED.setUp(FILE, data, fileKey, owner);
        var key = owner.publicKey(PAIRING);
        var proof = SECTORED.prove(anchor(setup), challenge, key, data, fileKey, setup, new SecureRandom());
        for (int j = 0; j < proof.z().size(); j++) {
            for (UnaryOperator<BigInteger> wrong : List.<UnaryOperator<BigInteger>>of(
                    z -> z.add(Pairing.ORDER),
                    z -> Pairing.ORDER,
                    BigInteger::negate,
                    z -> z.subtract(Pairing.ORDER))) {
                List<BigInteger> z = new ArrayList<>(proof.z());
                z.set(j, wrong.apply(z.get(j)));
                var forged = new SectoredAudit.Proof(proof.shown(), proof.paths(), proof.hidden(), z);
                assertThat(SECTORED.verify(anchor(setup), challenge, key, forged))
                        .isEqualTo(Verdict.rejected("a scalar is not below the group's order"));
            }
        }
    }

    @Test
    void points_outside_the_group_are_rejected_even_when_they_are_anchored() throws IOException {
        byte[] outside = new byte[Pairing.G1_BYTES]; // x = 4: on the curve, not in the group of prime order
        outside[0] = (byte) 0x80;
        outside[Pairing.G1_BYTES - 1] = 4;
        var setup = SECTORED.setUp(FILE, data, fileKey, owner);
        var key = owner.publicKey(PAIRING);
        var proof = SECTORED.prove(anchor(setup), challenge, key, data, fileKey, setup, new SecureRandom());
        var hidden = new SectoredAudit.Proof(proof.shown(), proof.paths(), outside, proof.z());
        assertThat(SECTORED.verify(anchor(setup), challenge, key, hidden).reason())
                .contains("outside the group");

        var leaves = new ByteArrayOutputStream();
        for (int i = 0; i < BLOCKS; i++) {
            leaves.writeBytes(
                    Leaves.leaf(FILE, i, data.block(i).length, setup.hashes().get(i), outside));
        }
        var dishonest = MerkleTree.of(leaves.toByteArray());
        var anchor = new Anchor(FILE, 1, BLOCKS, data.length(), BLOCK, dishonest.root());
        List<SectoredAudit.Shown> shown = proof.shown().stream()
                .map(block -> new SectoredAudit.Shown(block.hash(), outside))
                .toList();
        var forged =
                new SectoredAudit.Proof(shown, dishonest.prove(challenge.indexes(BLOCKS)), proof.hidden(), proof.z());
        assertThat(SECTORED.verify(anchor, challenge, key, forged).reason()).contains("outside the group");

        byte[] paperProof = paper().proof(data, FILE, 1, challenge);
        System.arraycopy(outside, 0, paperProof, paperProof.length - Pairing.G1_BYTES, Pairing.G1_BYTES);
        assertThat(accepts(paper(), paperProof, 1, challenge)).isFalse();
    }

    @Test
    void zeros_prove_nothing() throws IOException {
        byte[] zero = new byte[Pairing.G1_BYTES]; // the point at infinity
        zero[0] = (byte) 0xc0;
        var setup = SECTORED.setUp(FILE, data, fileKey, owner);
        var proof = SECTORED.prove(
                anchor(setup), challenge, owner.publicKey(PAIRING), data, fileKey, setup, new SecureRandom());
        List<BigInteger> zeros = proof.z().stream().map(z -> BigInteger.ZERO).toList();
        var forged = new SectoredAudit.Proof(proof.shown(), proof.paths(), zero, zeros);
        assertThat(SECTORED.verify(anchor(setup), challenge, owner.publicKey(PAIRING), forged)
                        .accepted())
                .isFalse();
    }

    @Test
    void another_owners_key_is_rejected() throws IOException {
        var setup = SECTORED.setUp(FILE, data, fileKey, owner);
        var key = owner.publicKey(PAIRING);
        var proof = SECTORED.prove(anchor(setup), challenge, key, data, fileKey, setup, new SecureRandom());
        var other = new OwnerKey(BigInteger.TEN).publicKey(PAIRING);
        assertThat(SECTORED.verify(anchor(setup), challenge, other, proof).accepted())
                .isFalse();
    }

    private Anchor anchor(SectoredAudit.Setup setup) {
        return setup.anchor(FILE, 1, data);
    }
}
