package dev.selvage.proofs;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What both sides of an audit draw from its seed: which blocks are challenged, and with which weights (INTEGRITY.md, "Challenge").
 */
public final class SeededDraw {
    private static final byte[] INDEX = "selvage/audit/IDX/v1".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] WEIGHT = "selvage/audit/NU/v1".getBytes(StandardCharsets.US_ASCII);
    private static final int WEIGHT_BYTES = 16;

    private final byte[] seed;

    /** @param seed 32 bytes that neither side chose alone */
    public SeededDraw(byte[] seed) {
        Leaves.requireHash("seed", seed);
        this.seed = seed.clone();
    }

    /**
     * Distinct indexes below a bound, each equally likely: 64-bit draws, those of the incomplete last round rejected.
     *
     * @param count how many, at most the bound
     */
    public SortedSet<Integer> indexes(int count, int bound) {
        if (count < 1 || count > bound) {
            throw new IllegalArgumentException("cannot draw " + count + " distinct indexes below " + bound);
        }
        SortedSet<Integer> drawn = new TreeSet<>();
        for (long k = 0; drawn.size() < count; k++) {
            long value = ByteBuffer.wrap(hash(INDEX, k)).getLong();
            long rest = Long.remainderUnsigned(-bound, bound); // 2^64 mod bound
            if (Long.compareUnsigned(value, -1L - rest) <= 0) {
                drawn.add((int) Long.remainderUnsigned(value, bound));
            }
        }
        return drawn;
    }

    /** The weight of the k-th challenged block: 128 bits, never zero. */
    public BigInteger weight(long k) {
        BigInteger weight = new BigInteger(1, Arrays.copyOf(hash(WEIGHT, k), WEIGHT_BYTES));
        return weight.signum() == 0 ? BigInteger.ONE : weight;
    }

    private byte[] hash(byte[] domain, long k) {
        return Sha256.of(domain, seed, ByteBuffer.allocate(8).putLong(k).array());
    }
}
