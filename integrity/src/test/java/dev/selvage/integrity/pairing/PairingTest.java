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
import org.bouncycastle.crypto.bls.BLS12_381G1;
import org.bouncycastle.crypto.bls.BLS12_381Serialization;
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
        // appendix J.9.1: message, P.x, P.y
        for (String[] vector : new String[][] {
            {
                "",
                "052926add2207b76ca4fa57a8734416c8dc95e24501772c814278700eed6d1e4e8cf62d9c09db0fac349612b759e79a1",
                "08ba738453bfed09cb546dbb0783dbb3a5f1f566ed67bb6be0e8c67e2e81a4cc68ee29813bb7994998f3eae0c9c6a265"
            },
            {
                "abc",
                "03567bc5ef9c690c2ab2ecdf6a96ef1c139cc0b2f284dca0a9a7943388a49a3aee664ba5379a7655d3c68900be2f6903",
                "0b9c15f3fe6e5cf4211f346271d7b01c8f3b28be689c8429c85b67af215533311f0b8dfaaa154fa6b88176c229f2885d"
            },
            {
                "abcdef0123456789",
                "11e0b079dea29a68f0383ee94fed1b940995272407e3bb916bbf268c263ddd57a6a27200a784cbc248e84f357ce82d98",
                "03a87ae2caf14e8ee52e51fa2ed8eefe80f02457004ba4d486d6aa1f517c0889501dc7413753f9599b099ebcbbd2d709"
            },
            {
                "q128_" + "q".repeat(128),
                "15f68eaa693b95ccb85215dc65fa81038d69629f70aeee0d0f677cf22285e7bf58d7cb86eefe8f2e9bc3f8cb84fac488",
                "1807a1d50c29f430b8cafc4f8638dfeeadf51211e1602a5f184443076715f91bb90a48ba1e370edce6ae1062f5e6dd38"
            },
            {
                "a512_" + "a".repeat(512),
                "082aabae8b7dedb0e78aeb619ad3bfd9277a2f77ba7fad20ef6aabdc6c31d19ba5a6d12283553294c1825c4b3ca2dcfe",
                "05b84ae5a942248eea39e1d91030458c40153f3b654ab7872d779ad1e942856a20c438e8d99bc8abfbf74729ce1f7ac8"
            }
        }) {
            var hashed = pairing.hashToG1(vector[0].getBytes(StandardCharsets.US_ASCII), DST);
            var point = BLS12_381Serialization.decompressG1(hashed.compressed(), BLS12_381G1.createCurve())
                    .normalize();
            assertThat(HexFormat.of().formatHex(point.getAffineXCoord().getEncoded()))
                    .isEqualTo(vector[1]);
            assertThat(HexFormat.of().formatHex(point.getAffineYCoord().getEncoded()))
                    .isEqualTo(vector[2]);
        }
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
