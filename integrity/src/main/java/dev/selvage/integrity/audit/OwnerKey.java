package dev.selvage.integrity.audit;

import dev.selvage.integrity.pairing.Pairing;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;

/**
 * The key with which an owner makes tags: alpha, with v = g2^alpha on the ledger.
 */
public final class OwnerKey {
    private static final String POSSESSION = "SELVAGE-V01-POP_BLS12381G1_XMD:SHA-256_SSWU_RO_";

    private final BigInteger alpha;

    /** @param alpha from 1 to the group's order less one */
    public OwnerKey(BigInteger alpha) {
        if (alpha.signum() <= 0 || alpha.compareTo(Pairing.ORDER) >= 0) {
            throw new IllegalArgumentException("a secret key is from 1 to the group's order less one");
        }
        this.alpha = alpha;
    }

    public static OwnerKey random(SecureRandom random) {
        return new OwnerKey(new BigInteger(512, random)
                .mod(Pairing.ORDER.subtract(BigInteger.ONE))
                .add(BigInteger.ONE));
    }

    BigInteger alpha() {
        return alpha;
    }

    /** The public key v. */
    public Pairing.G2 publicKey(Pairing pairing) {
        return pairing.multiply(pairing.g2Generator(), alpha);
    }

    /** A signature over the public key itself, which only the holder of alpha can make. */
    public Pairing.G1 possession(Pairing pairing) {
        return pairing.multiply(possessionPoint(pairing, publicKey(pairing)), alpha);
    }

    /** Whether a proof of possession belongs to a public key. */
    public static boolean verifyPossession(Pairing pairing, Pairing.G2 publicKey, Pairing.G1 possession) {
        return pairing.equal(possession, pairing.g2Generator(), possessionPoint(pairing, publicKey), publicKey);
    }

    private static Pairing.G1 possessionPoint(Pairing pairing, Pairing.G2 publicKey) {
        byte[] domain = "possession".getBytes(StandardCharsets.US_ASCII);
        byte[] key = publicKey.compressed();
        byte[] message = java.util.Arrays.copyOf(domain, domain.length + key.length);
        System.arraycopy(key, 0, message, domain.length, key.length);
        return pairing.hashToG1(message, POSSESSION);
    }
}
