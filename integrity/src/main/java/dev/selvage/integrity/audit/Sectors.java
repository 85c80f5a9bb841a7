package dev.selvage.integrity.audit;

import dev.selvage.integrity.pairing.Pairing;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A block as numbers below the group's order: sectors of 31 bytes, little-endian, so that no two blocks of one length give the same numbers. The
 * points u_0, u_1, ... are the same for all files. Safe for many threads.
 */
public final class Sectors {
    static final int BYTES = 31;
    private static final String DST = "SELVAGE-V01-U_BLS12381G1_XMD:SHA-256_SSWU_RO_";

    private final int count;
    private final Pairing.Bases bases;

    /** @param blockSize bytes of a whole block */
    public Sectors(Pairing pairing, int blockSize) {
        this.count = count(blockSize);
        List<Pairing.G1> points = new ArrayList<>();
        for (int j = 0; j <= count; j++) {
            points.add(pairing.hashToG1(ByteBuffer.allocate(4).putInt(j).array(), DST));
        }
        this.bases = pairing.bases(points);
    }

    /** Sectors of a whole block. */
    public static int count(int blockSize) {
        return (blockSize + BYTES - 1) / BYTES;
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
