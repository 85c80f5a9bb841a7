package dev.selvage.integrity.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.integrity.pairing.Pairing;
import dev.selvage.proofs.Anchor;
import dev.selvage.proofs.Leaves;
import dev.selvage.proofs.MerkleTree;
import dev.selvage.proofs.Sha256;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Bytes that stand on ledgers and travel: they stay what they are. The hashes were computed apart from this code, by docs/integrity-manual.md and docs/metadata.md. */
class GoldenVectorsTest {
    private static final HexFormat HEX = HexFormat.of();
    private static final byte[] FILE = counted(32, 1);
    private static final FileKey KEY = new FileKey(Arrays.copyOf(new byte[] {9}, 32));
    private static final byte[] BLOCK = counted(100, 7);

    private static byte[] counted(int length, int factor) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (i * factor);
        }
        return bytes;
    }

    private static byte[] filled(int length, int value) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    @Test
    void salt_hash_leaf_and_mask_of_a_block_are_the_golden_ones() {
        byte[] salt = KEY.salt(3);
        assertThat(HEX.formatHex(salt)).isEqualTo("78e7260fcec45cc7798e63e590b5036d13de564b5cda73f973010953db62e725");
        byte[] hash = Leaves.blockDigest(salt).digest(BLOCK);
        assertThat(HEX.formatHex(hash)).isEqualTo("a9ba901ae607dcbf31c61a2469cd42c3aa10ffa94379cfd1eac081c633c6c265");
        assertThat(HEX.formatHex(Leaves.leaf(FILE, 3, 100, hash, new byte[0])))
                .isEqualTo("3a6d9e880c2e00599f8c305fdf17c8b2000bc3dcd61c1039d12c92558bf3e3b1");
        assertThat(HEX.formatHex(Leaves.leaf(FILE, 3, 100, hash, filled(48, 0xaa))))
                .isEqualTo("e4d0099379ca30d7c806d1b5378df8f845830e46d7bbd5d0176c17aa0f4f805a");
        assertThat(KEY.mask(3, hash).toString(16))
                .isEqualTo("3b163eab956fe59f551c6367a055cbcdb6114c9f08330b02e79e351bac879d84");
    }

    @Test
    void anchor_commitment_and_seed_are_the_golden_ones() {
        var anchor = new Anchor(FILE, 2, 21, 20 * 310 + 100, 310, filled(32, 7));
        assertThat(HEX.formatHex(anchor.digest()))
                .isEqualTo("8329fe0881abdfbcdef6d7de434ffb7023fc6abb8ff5ee1f46983f7449e742c2");
        assertThat(HEX.formatHex(Challenge.commitment(anchor, 6, filled(32, 1))))
                .isEqualTo("449e895405e27581fb8618682257c4bff3edf24c1b1b0a70a159c2b04f46d330");
        assertThat(HEX.formatHex(Challenge.of("selvage", anchor, 10, 6, filled(32, 1), filled(32, 2))
                        .seed()))
                .isEqualTo("739346dc6e69d3f51196d3c9ff3acd5d3f45ec50e0d65a200a9c3b49a6557038");
    }

    @Test
    void a_merkle_proof_is_the_golden_one() throws IOException {
        var data = new Bytes(counted(20 * 310 + 100, 7), 310);
        var tree = MerkleTree.of(MerkleAudit.leaves(FILE, data, KEY));
        byte[] proof = MerkleProofs.prove(new Challenge(filled(32, 1), 6), data, KEY, tree);
        assertThat(HEX.formatHex(tree.root()))
                .isEqualTo("dfae9c7714591d35fa585d15010f4db3d3a2be36009f1c935277c44a99635caa");
        assertThat(HEX.formatHex(Sha256.of(proof)))
                .isEqualTo("9a3c0b1e4f0e763af1d05f9e0edcb0b368030733f7c7f340fa751812e3112efb");
    }

    @ParameterizedTest
    @MethodSource("pairings")
    void a_tag_is_the_golden_one(Pairing pairing) throws IOException {
        var owner = new OwnerKey(BigInteger.valueOf(123_456_789));
        var setup = new SectoredAudit(pairing, 100).setUp(FILE, new Bytes(BLOCK, 100), KEY, owner);
        assertThat(HEX.formatHex(setup.tags().get(0)))
                .isEqualTo(
                        "a58afaaa523d473efa3aa21822241282c1e3dc98034b4f486cdb30716df413174befd40d3e104739b833c32fc4e166f8");
    }

    /**
     * What the masks of the answer are drawn from is counted here, so that T, gamma and z follow from the page's equations: computed anew by this test,
     * with gamma over seed, anchor, v, S and T, each of which a change of the code would miss here.
     */
    @ParameterizedTest
    @MethodSource("pairings")
    void a_sectored_proof_is_the_golden_one(Pairing pairing) throws Exception {
        var owner = new OwnerKey(BigInteger.valueOf(123_456_789));
        var data = new Bytes(counted(3 * 62 + 20, 7), 62);
        var audit = new SectoredAudit(pairing, 62);
        var setup = audit.setUp(FILE, data, KEY, owner);
        var anchor = setup.anchor(FILE, 2, data);
        var challenge = new Challenge(filled(32, 1), 2);
        var key = owner.publicKey(pairing);
        var proof = audit.prove(anchor, challenge, key, data, KEY, setup, new Counting());

        var u = Sectors.of(pairing, 62).bases();
        List<BigInteger> masks = new Counting().masks(3);
        var hidden = u.combine(masks);
        assertThat(proof.hidden()).isEqualTo(hidden.compressed());
        var sum = pairing.multiply(hidden, BigInteger.ZERO);
        BigInteger[] mu = {BigInteger.ZERO, BigInteger.ZERO, BigInteger.ZERO};
        int at = 0;
        for (int index : challenge.indexes(4)) {
            var nu = challenge.draw().weight(at);
            sum = pairing.add(
                    sum, pairing.multiply(pairing.g1(proof.shown().get(at++).tag()), nu));
            byte[] hash = Leaves.blockDigest(KEY.salt(index)).digest(data.block(index));
            mu[0] = mu[0].add(nu.multiply(KEY.mask(index, hash)));
            for (int j = 1; j <= 2; j++) {
                mu[j] = mu[j].add(nu.multiply(littleEndian(data.block(index), (j - 1) * 31)));
            }
        }
        byte[] transcript = Sha256.of(
                "selvage/audit/FS/v1".getBytes(StandardCharsets.US_ASCII),
                challenge.seed(),
                anchor.digest(),
                key.compressed(),
                sum.compressed(),
                hidden.compressed());
        var gamma = new BigInteger(1, Arrays.copyOf(transcript, 16));
        for (int j = 0; j <= 2; j++) {
            assertThat(proof.z().get(j))
                    .isEqualTo(masks.get(j).add(gamma.multiply(mu[j])).mod(Pairing.ORDER));
        }
        assertThat(HEX.formatHex(Sha256.of(proof.encoded())))
                .isEqualTo("d41b8ecf7d76279cec6ecd8d52a743c9c0a16dbd037a416852da4d473f24e763");
    }

    private static BigInteger littleEndian(byte[] block, int from) {
        var number = BigInteger.ZERO;
        for (int i = Math.min(from + 31, block.length) - 1; i >= from; i--) {
            number = number.shiftLeft(8).or(BigInteger.valueOf(block[i] & 0xff));
        }
        return number;
    }

    /** Bytes that count, in place of random ones. */
    private static final class Counting extends SecureRandom {
        private static final long serialVersionUID = 1L;
        private byte next;

        @Override
        public void nextBytes(byte[] bytes) {
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = next++;
            }
        }

        List<BigInteger> masks(int count) {
            List<BigInteger> masks = new ArrayList<>();
            for (int j = 0; j < count; j++) {
                byte[] wide = new byte[64];
                nextBytes(wide);
                masks.add(new BigInteger(1, wide).mod(Pairing.ORDER));
            }
            return masks;
        }
    }

    static Pairing[] pairings() {
        return new Pairing[] {Pairing.fastest(), Pairing.pureJava()};
    }
}
