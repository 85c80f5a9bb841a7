package dev.selvage.integrity.audit;

import dev.selvage.integrity.pairing.Pairing;
import java.math.BigInteger;
import java.nio.ByteBuffer;
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

    /**
     * The key as its owner keeps it.
     *
     * @param secret what {@link #secret} gave
     */
    public static OwnerKey of(byte[] secret) {
        return new OwnerKey(new BigInteger(1, secret));
    }

    /** The 32 secret bytes of the key. */
    public byte[] secret() {
        return Wire.scalar(alpha);
    }

    BigInteger alpha() {
        return alpha;
    }

    /** The public key v. */
    public Pairing.G2 publicKey(Pairing pairing) {
        return pairing.multiply(pairing.g2Generator(), alpha);
    }

    /**
     * A signature over the public key and the organisation that registers it, which only the holder of alpha can make: another organisation cannot
     * register the key as its own by repeating the proof.
     *
     * @param msp the organisation
     */
    public Pairing.G1 possession(Pairing pairing, String msp) {
        return pairing.multiply(possessionPoint(pairing, msp, publicKey(pairing)), alpha);
    }

    /** Whether a proof of possession belongs to a public key and an organisation. */
    public static boolean verifyPossession(Pairing pairing, String msp, Pairing.G2 publicKey, Pairing.G1 possession) {
        return pairing.equal(possession, pairing.g2Generator(), possessionPoint(pairing, msp, publicKey), publicKey);
    }

    private static Pairing.G1 possessionPoint(Pairing pairing, String msp, Pairing.G2 publicKey) {
        byte[] domain = "possession".getBytes(StandardCharsets.US_ASCII);
        byte[] owner = msp.getBytes(StandardCharsets.UTF_8);
        byte[] key = publicKey.compressed();
        byte[] message = ByteBuffer.allocate(domain.length + 4 + owner.length + key.length)
                .put(domain)
                .putInt(owner.length)
                .put(owner)
                .put(key)
                .array();
        return pairing.hashToG1(message, POSSESSION);
    }
}
