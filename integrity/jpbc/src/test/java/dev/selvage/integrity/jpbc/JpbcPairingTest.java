package dev.selvage.integrity.jpbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.selvage.integrity.audit.BlockSource;
import dev.selvage.integrity.audit.Challenge;
import dev.selvage.integrity.audit.OwnerKey;
import dev.selvage.integrity.audit.PaperAudit;
import dev.selvage.integrity.pairing.InvalidPointException;
import dev.selvage.proofs.Verdict;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class JpbcPairingTest {
    private static final String DST = "test";
    private static final JpbcPairing PAIRING = JpbcPairing.typeA();

    private final byte[] content = new byte[5 * 300 + 10];
    private final OwnerKey owner = new OwnerKey(BigInteger.valueOf(987_654_321));
    private final Challenge challenge = new Challenge(Arrays.copyOf(new byte[] {1}, 32), 3);

    JpbcPairingTest() {
        new Random(1).nextBytes(content);
    }

    private BlockSource blocks() {
        return new BlockSource() {
            @Override
            public long length() {
                return content.length;
            }

            @Override
            public int blockSize() {
                return 300;
            }

            @Override
            public byte[] block(int index) {
                return Arrays.copyOfRange(content, index * 300, Math.min(content.length, (index + 1) * 300));
            }
        };
    }

    @Test
    void pairing_is_bilinear() {
        var point = PAIRING.hashToG1(new byte[] {1}, DST);
        var key = PAIRING.multiply(PAIRING.g2Generator(), BigInteger.valueOf(77));
        var signature = PAIRING.multiply(point, BigInteger.valueOf(77));
        assertThat(PAIRING.equal(signature, PAIRING.g2Generator(), point, key)).isTrue();
        assertThat(PAIRING.equal(point, PAIRING.g2Generator(), point, key)).isFalse();
    }

    @Test
    void sums_of_products_equal_single_steps() {
        var one = PAIRING.hashToG1(new byte[] {1}, DST);
        var two = PAIRING.hashToG1(new byte[] {2}, DST);
        var expected = PAIRING.add(PAIRING.multiply(one, BigInteger.TEN), PAIRING.multiply(two, BigInteger.valueOf(3)));
        assertThat(PAIRING.bases(List.of(one, two))
                        .combine(List.of(BigInteger.TEN, PAIRING.order().add(BigInteger.valueOf(3))))
                        .compressed())
                .isEqualTo(expected.compressed());
    }

    @Test
    void points_read_back_and_what_is_no_point_is_refused() throws InvalidPointException {
        var point = PAIRING.hashToG1(new byte[] {1}, DST);
        assertThat(PAIRING.g1(point.compressed()).compressed()).isEqualTo(point.compressed());
        for (int at = 0; at < PAIRING.g1Bytes(); at++) {
            byte[] flipped = point.compressed();
            flipped[at] ^= 1;
            assertThatThrownBy(() -> PAIRING.g1(flipped)).isInstanceOf(InvalidPointException.class);
        }
        assertThatThrownBy(() -> PAIRING.g1(new byte[5])).isInstanceOf(InvalidPointException.class);
        assertThatThrownBy(() -> PAIRING.g1(new byte[PAIRING.g1Bytes()])).isInstanceOf(InvalidPointException.class);
    }

    @Test
    void the_published_scheme_accepts_intact_data_and_finds_a_changed_block() throws Exception {
        var paper = new PaperAudit(PAIRING);
        var setup = paper.setUp(blocks(), owner);
        var weights = PaperAudit.weights(challenge, 6);
        var proof =
                PaperAudit.Proof.decode(paper.prove(setup, blocks(), weights).encoded(), 6, PAIRING);
        assertThat(paper.verify(setup.published(), weights, proof)).isEqualTo(Verdict.ACCEPTED);

        content[weights.firstKey() * 300] ^= 1;
        var changed = paper.prove(setup, blocks(), weights);
        assertThat(paper.verify(setup.published(), weights, changed).accepted()).isFalse();
    }
}
