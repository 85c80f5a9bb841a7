package dev.selvage.integrity.audit;

import dev.selvage.integrity.pairing.Pairing;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A block as numbers below the group's order: sectors of 31 bytes, little-endian, so that no two blocks of one length give the same numbers. The
 * points u_0, u_1, ... are the same for all files. Safe for many threads.
 */
public final class Sectors {
    static final int BYTES = 31;
    private static final String DST = "SELVAGE-V01-U_BLS12381G1_XMD:SHA-256_SSWU_RO_";

    /** The most points that are kept for later: 1.5 MB with blst. */
    private static final int MOST_KEPT = 1 << 14;

    private static final Map<Of, Sectors> KEPT = new LinkedHashMap<>(16, 0.75f, true);

    private final int count;
    private final Pairing.Bases bases;

    /** What points depend on. */
    private record Of(Pairing pairing, int count) {}

    private Sectors(Pairing pairing, int count) {
        this.count = count;
        List<Pairing.G1> points = new ArrayList<>();
        for (int j = 0; j <= count; j++) {
            points.add(pairing.hashToG1(ByteBuffer.allocate(4).putInt(j).array(), DST));
        }
        this.bases = pairing.bases(points);
    }

    /**
     * The sectors of blocks of a size. Their points are the same for all files: those used last are kept.
     *
     * @param blockSize bytes of a whole block
     */
    public static Sectors of(Pairing pairing, int blockSize) {
        var of = new Of(pairing, count(blockSize));
        synchronized (KEPT) {
            var kept = KEPT.get(of);
            if (kept != null) {
                return kept;
            }
        }
        var made = new Sectors(pairing, of.count());
        synchronized (KEPT) {
            KEPT.put(of, made);
            var oldest = KEPT.keySet().iterator();
            for (int points = kept(); points > MOST_KEPT; points = kept()) {
                oldest.next();
                oldest.remove();
            }
        }
        return made;
    }

    /** How many points are kept. */
    static int kept() {
        synchronized (KEPT) {
            return KEPT.keySet().stream().mapToInt(of -> of.count() + 1).sum();
        }
    }

    /** Sectors of a whole block. */
    public static int count(int blockSize) {
        return (int) (((long) blockSize + BYTES - 1) / BYTES);
    }

    int count() {
        return count;
    }

    /** The points u_0 to u_s. */
    Pairing.Bases bases() {
        return bases;
    }

    /** The numbers m_1 to m_s of a block; those beyond a short block are zero. */
    BigInteger[] numbers(byte[] block) {
        BigInteger[] numbers = new BigInteger[count];
        Arrays.fill(numbers, BigInteger.ZERO);
        for (int j = 0; j * BYTES < block.length; j++) {
            byte[] big = new byte[BYTES];
            for (int k = 0; k < BYTES && j * BYTES + k < block.length; k++) {
                big[BYTES - 1 - k] = block[j * BYTES + k];
            }
            numbers[j] = new BigInteger(1, big);
        }
        return numbers;
    }
}
