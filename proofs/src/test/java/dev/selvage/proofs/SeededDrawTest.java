package dev.selvage.proofs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class SeededDrawTest {
    @Test
    void draws_the_golden_indexes_and_weights() {
        byte[] seed = new byte[32];
        Arrays.fill(seed, (byte) 1);
        var draw = new SeededDraw(seed);
        assertThat(draw.indexes(5, 100)).containsExactly(18, 35, 37, 62, 66);
        assertThat(draw.weight(3).toString(16)).isEqualTo("7526c23414f4c75d6288f98232f27847");
    }

    @Test
    void draws_every_index_when_all_are_asked_for() {
        assertThat(new SeededDraw(new byte[32]).indexes(50, 50))
                .hasSize(50)
                .last()
                .isEqualTo(49);
        assertThatIllegalArgumentException().isThrownBy(() -> new SeededDraw(new byte[32]).indexes(51, 50));
    }

    @Test
    void each_index_is_drawn_about_equally_often() {
        int[] drawn = new int[10];
        for (int trial = 0; trial < 10_000; trial++) {
            byte[] seed = ByteBuffer.allocate(32).putInt(trial).array();
            new SeededDraw(seed).indexes(3, 10).forEach(index -> drawn[index]++);
        }
        // 3,000 each on average with a standard deviation of 46: five of them either way
        assertThat(drawn)
                .satisfies(counts ->
                        Arrays.stream(counts).forEach(count -> assertThat(count).isBetween(2770, 3230)));
    }

    @Test
    void generator_gives_the_bits_of_the_public_vector() {
        // NIST CAVP drbgvectors_no_reseed, HMAC_DRBG SHA-256, no personalisation string, COUNT 0: the second call's
        // output
        var drbg = new HmacDrbg(HexFormat.of()
                .parseHex("ca851911349384bffe89de1cbdc46e6831e44d34a4fb935ee285dd14b71a7488"
                        + "659ba96c601dc69fc902940805ec0ca8"));
        drbg.next(128);
        assertThat(HexFormat.of().formatHex(drbg.next(128)))
                .isEqualTo("e528e9abf2dece54d47c7e75e5fe302149f817ea9fb4bee6f4199697d04d5b89"
                        + "d54fbb978a15b5c443c9ec21036d2460b6f73ebad0dc2aba6e624abf07745bc1"
                        + "07694bb7547bb0995f70de25d6b29e2d3011bb19d27676c07162c8b5ccde0668"
                        + "961df86803482cb37ed6d5c0bb8d50cf1f50d476aa0458bdaba806f48be9dcb8");
    }

    @Test
    void reseeding_changes_what_follows() {
        var one = new HmacDrbg(new byte[] {1});
        var other = new HmacDrbg(new byte[] {1});
        other.reseed(new byte[] {2});
        assertThat(one.next(32)).isNotEqualTo(other.next(32));
    }
}
