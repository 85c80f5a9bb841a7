package dev.selvage.integrity.pairing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PairingTest {
    private static final String DST = "QUUX-V01-CS02-with-BLS12381G1_XMD:SHA-256_SSWU_RO_";

    static Stream<Pairing> pairings() {
        return Stream.concat(Stream.of(Pairing.pureJava()), BlstPairing.available().stream());
    }

    @ParameterizedTest
    @MethodSource("pairings")
    void hashes_to_the_points_of_rfc_9380(Pairing pairing) {
        // appendix J.9.1: x of the point, whose sign bit the compressed form adds
        assertThat(x(pairing.hashToG1(new byte[0], DST)))
                .isEqualTo(
                        "052926add2207b76ca4fa57a8734416c8dc95e24501772c814278700eed6d1e4e8cf62d9c09db0fac349612b759e79a1");
        assertThat(x(pairing.hashToG1("abc".getBytes(StandardCharsets.US_ASCII), DST)))
                .isEqualTo(
                        "03567bc5ef9c690c2ab2ecdf6a96ef1c139cc0b2f284dca0a9a7943388a49a3aee664ba5379a7655d3c68900be2f6903");
    }

    private static String x(Pairing.G1 point) {
        byte[] compressed = point.compressed();
        compressed[0] &= 0x1f;
        return HexFormat.of().formatHex(compressed);
    }

    @Test
    void both_libraries_give_the_same_bytes() {
        var blst = blst();
        var java = Pairing.pureJava();
        var random = new Random(1);
        for (int i = 0; i < 10; i++) {
            byte[] message = new byte[i * 7];
            random.nextBytes(message);
            var scalar = new BigInteger(255, random).mod(Pairing.ORDER);
            var one = blst.hashToG1(message, DST);
            var other = java.hashToG1(message, DST);
            assertThat(one.compressed()).isEqualTo(other.compressed());
            assertThat(blst.multiply(one, scalar).compressed())
                    .isEqualTo(java.multiply(other, scalar).compressed());
            assertThat(blst.add(one, one).compressed())
                    .isEqualTo(java.add(other, other).compressed());
            assertThat(blst.multiply(blst.g2Generator(), scalar).compressed())
                    .isEqualTo(java.multiply(java.g2Generator(), scalar).compressed());
        }
    }

    @ParameterizedTest
    @MethodSource("pairings")
    void sums_of_products_equal_single_steps(Pairing pairing) {
        var random = new Random(2);
        for (int count : List.of(1, 2, 5, 40)) {
            List<Pairing.G1> points = new ArrayList<>();
            List<BigInteger> scalars = new ArrayList<>();
            Pairing.G1 expected = null;
            for (int i = 0; i < count; i++) {
                points.add(pairing.hashToG1(new byte[] {(byte) i}, DST));
                scalars.add(new BigInteger(i % 3 == 0 ? 128 : 250, random));
                var product = pairing.multiply(points.get(i), scalars.get(i));
                expected = expected == null ? product : pairing.add(expected, product);
            }
            assertThat(pairing.bases(points).combine(scalars).compressed()).isEqualTo(expected.compressed());
        }
        var two = List.of(pairing.hashToG1(new byte[] {1}, DST), pairing.hashToG1(new byte[] {2}, DST));
        assertThat(pairing.bases(two)
                        .combine(List.of(BigInteger.valueOf(70_000), BigInteger.valueOf(3)))
                        .compressed())
                .as("scalars that are all short")
                .isEqualTo(pairing.add(
                                pairing.multiply(two.get(0), BigInteger.valueOf(70_000)),
                                pairing.multiply(two.get(1), BigInteger.valueOf(3)))
                        .compressed());
        var bases = pairing.bases(List.of(pairing.hashToG1(new byte[0], DST)));
        assertThat(bases.combine(List.of(BigInteger.ZERO)).compressed()[0]).isEqualTo((byte) 0xc0);
        assertThatIllegalArgumentException().isThrownBy(() -> bases.combine(List.of(Pairing.ORDER)));
        assertThatIllegalArgumentException().isThrownBy(() -> bases.combine(List.of(BigInteger.ONE, BigInteger.ONE)));
    }

    /** What native code reads must not be freed meanwhile: it is known to Java by addresses alone. */
    @Test
    void sums_are_right_while_memory_is_collected() throws InterruptedException {
        var pairing = Pairing.fastest();
        var random = new Random(5);
        List<Pairing.G1> points = new ArrayList<>();
        List<List<BigInteger>> scalars = new ArrayList<>();
        for (int i = 0; i < 512; i++) {
            points.add(pairing.hashToG1(new byte[] {(byte) i, (byte) (i >> 8)}, "TEST"));
        }
        for (int set = 0; set < 4; set++) {
            scalars.add(random.ints(512, 0, 1)
                    .mapToObj(zero -> new BigInteger(248, random))
                    .toList());
        }
        var bases = pairing.bases(points);
        for (int i = 0; i < 3_000; i++) { // until the code is compiled, and holds what it no longer needs no longer
            bases.combine(scalars.get(0).subList(0, 2));
        }
        var expected = scalars.stream()
                .map(set -> HexFormat.of().formatHex(bases.combine(set).compressed()))
                .toList();
        var stop = new AtomicBoolean();
        var collector = new Thread(() -> {
            while (!stop.get()) {
                System.gc();
            }
        });
        collector.start();
        try {
            var wrong = IntStream.range(0, 400)
                    .parallel()
                    .filter(i -> !HexFormat.of()
                            .formatHex(bases.combine(scalars.get(i % 4)).compressed())
                            .equals(expected.get(i % 4)))
                    .count();
            assertThat(wrong).isZero();
        } finally {
            stop.set(true);
            collector.join();
        }
    }

    @ParameterizedTest
    @MethodSource("pairings")
    void pairing_is_bilinear(Pairing pairing) {
        var point = pairing.hashToG1(new byte[] {1}, DST);
        var key = pairing.multiply(pairing.g2Generator(), BigInteger.valueOf(77));
        var signature = pairing.multiply(point, BigInteger.valueOf(77));
        assertThat(pairing.equal(signature, pairing.g2Generator(), point, key)).isTrue();
        assertThat(pairing.equal(point, pairing.g2Generator(), point, key)).isFalse();
    }

    @ParameterizedTest
    @MethodSource("pairings")
    void points_read_back_and_what_is_no_point_is_refused(Pairing pairing) throws InvalidPointException {
        var point = pairing.hashToG1(new byte[] {1}, DST);
        var key = pairing.multiply(pairing.g2Generator(), BigInteger.TEN);
        assertThat(pairing.g1(point.compressed()).compressed()).isEqualTo(point.compressed());
        assertThat(pairing.g2(key.compressed()).compressed()).isEqualTo(key.compressed());

        assertThatThrownBy(() -> pairing.g1(new byte[47])).isInstanceOf(InvalidPointException.class);
        assertThatThrownBy(() -> pairing.g2(new byte[95])).isInstanceOf(InvalidPointException.class);
        assertThatThrownBy(() -> pairing.g1(new byte[48])).isInstanceOf(InvalidPointException.class);
        // x = 4 is on the curve but outside the subgroup
        byte[] outside = new byte[48];
        outside[0] = (byte) 0x80;
        outside[47] = 4;
        assertThatThrownBy(() -> pairing.g1(outside)).isInstanceOf(InvalidPointException.class);
        byte[] infinity = new byte[96];
        infinity[0] = (byte) 0xc0;
        assertThatThrownBy(() -> pairing.g2(infinity)).isInstanceOf(InvalidPointException.class);
    }

    private static Pairing blst() {
        var blst = BlstPairing.available();
        Assumptions.assumeTrue(blst.isPresent(), "blst has no build for this machine");
        return blst.get();
    }
}
