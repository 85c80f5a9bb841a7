package dev.selvage.integrity.pairing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.bouncycastle.crypto.bls.BLS12_381G2HashToCurve;
import org.bouncycastle.crypto.bls.BLS12_381Serialization;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import supranational.blst.P2;

/**
 * The consensus tests' vectors of the BLS signature standard (ciphersuite BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_POP_), from the releases of
 * github.com/ethereum/bls12-381-tests, version 0.1.2: sign, verify, aggregate, fast_aggregate_verify, aggregate_verify, deserialization. There keys
 * are in G1 and signatures in G2, the other way round than in audits; the pairing, the groups and the encodings are the same.
 */
class BlsVectorsTest {
    private static final String DST = "BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_POP_";
    private static final List<String> SECRETS = List.of(
            "263dbd792f5b1be47ed85f8938c0f29586af0d3ac7b977f21c278fe1462040e3",
            "47b8192d77bf871b62e87859d653922725724a5c031afeabc60bcef5ff665138",
            "328388aff0d4a5b7dc9205abd374e7e98f3cd9f3418edb4eafda5fb16473d216");
    private static final List<String> KEYS = List.of(
            "a491d1b0ecd9bb917989f0e74f0dea0422eac4a873e5e2644f368dffb9a6e20fd6e10c1b77654d067c0618f6e5a7f79a",
            "b301803f8b5ac4a1133581fc676dfedc60d891dd5fa99028805e5ea5b08d3491af75d0707adab3b70c6a6a580217bf81",
            "b53d21a4cfd562c469cc81514d4ce5a6b577d8403d32a394dc265dd190b47fa9f829fdd7963afdf972e5e77854051f6f");
    /** By key, the signatures of 32 bytes ab. */
    private static final List<String> SIGNATURES_AB = List.of(
            "91347bccf740d859038fcdcaf233eeceb2a436bcaaee9b2aa3bfb70efe29dfb2677562ccbea1c8e061fb9971b0753c24"
                    + "0622fab78489ce96768259fc01360346da5b9f579e5da0d941e4c6ba18a0e64906082375394f337fa1af2b7127b0d121",
            "9674e2228034527f4c083206032b020310face156d4a4685e2fcaec2f6f3665aa635d90347b6ce124eb879266b1e801d"
                    + "185de36a0a289b85e9039662634f2eea1e02e670bc7ab849d006a70b2f93b84597558a05b879c8d445f387a5d5b653df",
            "ae82747ddeefe4fd64cf9cedb9b04ae3e8a43420cd255e3c7cd06a8d88b7c7f8638543719981c5d16fa3527c468c25f0"
                    + "026704a6951bde891360c7e8d12ddee0559004ccdbe6046b55bae1b257ee97f7cdb955773d7cf29adf3ccbb9975e4eb9");

    private static final String AGGREGATE_AB =
            "9712c3edd73a209c742b8250759db12549b3eaf43b5ca61376d9f30e2747dbcf842d8b2ac0901d2a093713e20284a767"
                    + "0fcf6954e9ab93de991bb9b313e664785a075fc285806fa5224c82bde146561b446ccfc706a64b8579513cfc4ff1d930";
    /** The first key's signature of 32 zeros, the second's of 32 bytes 56 and the third's of 32 bytes ab, together. */
    private static final String AGGREGATE_DISTINCT =
            "9104e74b9dfd3ad502f25d6a5ef57db0ed7d9a0e00f3500586d8ce44231212542fcfaf87840539b398bf07626705cf11"
                    + "05d246ca1062c6c2e1a53029a0f790ed5e3cb1f52f8234dc5144c45fc847c0cd37a92d68e7c5ba7c648a8a339f171244";
    /** The first key's signature of 32 bytes 56, the third key's of 32 zeros. */
    private static final String FIRST_56 =
            "882730e5d03f6b42c3abc26d3372625034e1d871b65a8a6b900a56dae22da98abbe1b68f85e49fe7652a55ec3d0591c2"
                    + "0767677e33e5cbb1207315c41a9ac03be39c2e7668edc043d6cb1d9fd93033caa8a1c5b0e84bedaeb6c64972503a43eb";

    private static final String THIRD_00 =
            "948a7cb99f76d616c2c564ce9bf4a519f1bea6b0a624a02276443c245854219fabb8d4ce061d255af5330b078d5380681"
                    + "751aa7053da2c98bae898edc218c75f07e24d8802a17cd1f6833b71e58f5eb5b94208b4d0bb3848cecb075ea21be115";
    private static final String G1_GENERATOR =
            "97f1d3a73197d7942695638c4fa9ac0fc3688c4f9774b905a14e3a3f171bac586c55e83ff97a1aeffb3af00adb22c6bb";

    static Stream<Pairing> pairings() {
        return PairingTest.pairings();
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }

    private static byte[] message(int fill) {
        byte[] message = new byte[32];
        java.util.Arrays.fill(message, (byte) fill);
        return message;
    }

    /** hash_to_curve to G2, which audits do not use: by the library under test. */
    private static Pairing.G2 hashToG2(Pairing pairing, byte[] message) throws InvalidPointException {
        byte[] compressed = pairing instanceof BlstPairing
                ? new P2().hash_to(message, DST).compress()
                : BLS12_381Serialization.compressG2(
                        new BLS12_381G2HashToCurve(DST.getBytes(StandardCharsets.US_ASCII)).hashToCurve(message));
        return pairing.g2(compressed);
    }

    private static boolean verify(Pairing pairing, Pairing.G1 key, byte[] message, String signature)
            throws InvalidPointException {
        return pairing.equal(
                pairing.g1(hex(G1_GENERATOR)), pairing.g2(hex(signature)), key, hashToG2(pairing, message));
    }

    @ParameterizedTest
    @MethodSource("pairings")
    void secret_keys_give_the_public_keys(Pairing pairing) throws InvalidPointException {
        for (int i = 0; i < SECRETS.size(); i++) {
            var key = pairing.multiply(pairing.g1(hex(G1_GENERATOR)), new BigInteger(SECRETS.get(i), 16));
            assertThat(HexFormat.of().formatHex(key.compressed())).isEqualTo(KEYS.get(i));
        }
    }

    @ParameterizedTest
    @MethodSource("pairings")
    void signatures_are_those_of_the_vectors(Pairing pairing) throws InvalidPointException {
        for (int i = 0; i < SECRETS.size(); i++) {
            assertThat(sign(pairing, i, 0xab)).isEqualTo(SIGNATURES_AB.get(i));
        }
        assertThat(sign(pairing, 0, 0x56)).isEqualTo(FIRST_56);
        assertThat(sign(pairing, 2, 0x00)).isEqualTo(THIRD_00);
    }

    private static String sign(Pairing pairing, int who, int fill) throws InvalidPointException {
        var signature = pairing.multiply(hashToG2(pairing, message(fill)), new BigInteger(SECRETS.get(who), 16));
        return HexFormat.of().formatHex(signature.compressed());
    }

    @ParameterizedTest
    @MethodSource("pairings")
    void right_signatures_verify_and_wrong_ones_do_not(Pairing pairing) throws InvalidPointException {
        var first = pairing.g1(hex(KEYS.get(0)));
        var third = pairing.g1(hex(KEYS.get(2)));
        assertThat(verify(pairing, third, message(0xab), SIGNATURES_AB.get(2))).isTrue();
        assertThat(verify(pairing, first, message(0x56), FIRST_56)).isTrue();
        assertThat(verify(pairing, first, message(0xab), SIGNATURES_AB.get(2)))
                .as("another key")
                .isFalse();
        assertThat(verify(pairing, third, message(0x56), SIGNATURES_AB.get(2)))
                .as("another message")
                .isFalse();
        // verify_tampered_signature: the last four bytes are ff
        String tampered = FIRST_56.substring(0, FIRST_56.length() - 8) + "ffffffff";
        assertThatThrownBy(() -> verify(pairing, first, message(0x56), tampered))
                .isInstanceOf(InvalidPointException.class);
    }

    @ParameterizedTest
    @MethodSource("pairings")
    void an_aggregate_of_one_message_verifies_under_the_sum_of_the_keys(Pairing pairing) throws InvalidPointException {
        var sum = pairing.g1(hex(KEYS.get(0)));
        sum = pairing.add(sum, pairing.g1(hex(KEYS.get(1))));
        assertThat(verify(pairing, sum, message(0xab), AGGREGATE_AB))
                .as("a key is missing")
                .isFalse();
        sum = pairing.add(sum, pairing.g1(hex(KEYS.get(2))));
        assertThat(verify(pairing, sum, message(0xab), AGGREGATE_AB)).isTrue();
        // fast_aggregate_verify_extra_pubkey
        var extra = pairing.add(sum, pairing.g1(hex(KEYS.get(2))));
        assertThat(verify(pairing, extra, message(0xab), AGGREGATE_AB)).isFalse();
    }

    /** aggregate_verify_valid: key i signs message i. aggregate_verify_tampered_signature: the last four bytes are ff. */
    @ParameterizedTest
    @MethodSource("pairings")
    void an_aggregate_of_distinct_messages_verifies_under_its_keys_in_their_order(Pairing pairing)
            throws InvalidPointException {
        List<Pairing.G1> keys =
                List.of(pairing.g1(hex(KEYS.get(0))), pairing.g1(hex(KEYS.get(1))), pairing.g1(hex(KEYS.get(2))));
        var zeros = hashToG2(pairing, message(0x00));
        var fives = hashToG2(pairing, message(0x56));
        var abs = hashToG2(pairing, message(0xab));
        var generator = pairing.g1(hex(G1_GENERATOR));
        var aggregate = pairing.g2(hex(AGGREGATE_DISTINCT));
        assertThat(pairing.equalsProduct(generator, aggregate, keys, List.of(zeros, fives, abs)))
                .isTrue();
        assertThat(pairing.equalsProduct(generator, aggregate, keys, List.of(fives, zeros, abs)))
                .as("messages in another order")
                .isFalse();
        assertThat(pairing.equalsProduct(generator, aggregate, keys.subList(0, 2), List.of(zeros, fives)))
                .as("a key is missing")
                .isFalse();
        String tampered = AGGREGATE_DISTINCT.substring(0, AGGREGATE_DISTINCT.length() - 8) + "ffffffff";
        assertThatThrownBy(() -> pairing.g2(hex(tampered))).isInstanceOf(InvalidPointException.class);
    }

    @ParameterizedTest
    @MethodSource("pairings")
    void an_aggregate_verifies_as_a_product_of_pairings(Pairing pairing) throws InvalidPointException {
        var hash = hashToG2(pairing, message(0xab));
        List<Pairing.G1> keys =
                List.of(pairing.g1(hex(KEYS.get(0))), pairing.g1(hex(KEYS.get(1))), pairing.g1(hex(KEYS.get(2))));
        var generator = pairing.g1(hex(G1_GENERATOR));
        var aggregate = pairing.g2(hex(AGGREGATE_AB));
        assertThat(pairing.equalsProduct(generator, aggregate, keys, List.of(hash, hash, hash)))
                .isTrue();
        var other = hashToG2(pairing, message(0x56));
        assertThat(pairing.equalsProduct(generator, aggregate, keys, List.of(hash, other, hash)))
                .isFalse();
    }

    @ParameterizedTest
    @MethodSource("pairings")
    void encodings_that_the_vectors_refuse_are_refused(Pairing pairing) {
        String zeros = "00".repeat(48);
        for (String wrong : List.of(
                zeros, // deserialization_fails_not_in_curve, no flags
                "80" + "00".repeat(46) + "01", // x = 1 is not on the curve
                "c0" + "00".repeat(46) + "01", // infinity with another bit
                "e0" + "00".repeat(47), // infinity with a sign
                "9a0111ea397fe69a4b1ba7b6434bacd764774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffaaab", // p
                "9a0111ea397fe69a4b1ba7b6434bacd764774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffaaac",
                "8123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")) {
            assertThatThrownBy(() -> pairing.g1(hex(wrong))).as(wrong).isInstanceOf(InvalidPointException.class);
        }
        for (String wrong : List.of(
                zeros + zeros,
                "c0" + "00".repeat(94) + "01",
                "e0" + "00".repeat(95),
                "9a0111ea397fe69a4b1ba7b6434bacd764774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffaaab"
                        + zeros)) {
            assertThatThrownBy(() -> pairing.g2(hex(wrong))).as(wrong).isInstanceOf(InvalidPointException.class);
        }
    }

    @ParameterizedTest
    @MethodSource("pairings")
    void points_of_the_twist_outside_the_group_are_refused(Pairing pairing) {
        int onCurve = 0;
        for (int x = 0; x < 40; x++) {
            byte[] candidate = new byte[Pairing.G2_BYTES];
            candidate[0] = (byte) 0x80;
            candidate[Pairing.G2_BYTES - 1] = (byte) x;
            assertThatThrownBy(() -> pairing.g2(candidate)).isInstanceOf(InvalidPointException.class);
            onCurve += onTwist(candidate) ? 1 : 0;
        }
        assertThat(onCurve).as("candidates on the curve").isGreaterThan(5);
    }

    private static boolean onTwist(byte[] compressed) {
        try {
            return !BLS12_381Serialization.decompressG2(compressed).isInfinity();
        } catch (IllegalArgumentException e) {
            return e.getMessage() != null && e.getMessage().contains("subgroup");
        }
    }

    @ParameterizedTest
    @MethodSource("pairings")
    void the_point_at_infinity_pairs_to_one(Pairing pairing) throws InvalidPointException {
        var zero = pairing.g1(hex("c0" + "00".repeat(47)));
        var generator = pairing.g1(hex(G1_GENERATOR));
        var g2 = pairing.g2Generator();
        assertThat(pairing.equal(zero, g2, zero, g2)).isTrue();
        assertThat(pairing.equal(generator, g2, zero, g2)).isFalse();
        assertThat(pairing.equalsProduct(generator, g2, List.of(zero, generator), List.of(g2, g2)))
                .isTrue();
    }
}
