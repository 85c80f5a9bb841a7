package dev.selvage.integrity.pairing;

import java.math.BigInteger;
import java.util.List;

/**
 * BLS12-381 with signatures in G1 and keys in G2. Points are written in the compressed form of the ZCash specification, 48 and 96 bytes.
 * Points of one implementation are not for another; pass them on as bytes. Implementations are safe for many threads.
 */
public interface Pairing {
    /** The order of both groups. */
    BigInteger ORDER = new BigInteger("73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001", 16);

    /** Bytes of a compressed point of G1. */
    int G1_BYTES = 48;

    /** Bytes of a compressed point of G2. */
    int G2_BYTES = 96;

    /** The library behind it. */
    String name();

    /** Bytes of a compressed point of the first group. */
    default int g1Bytes() {
        return G1_BYTES;
    }

    /**
     * A point with unknown logarithm: hash_to_curve of the suite BLS12381G1_XMD:SHA-256_SSWU_RO_ (RFC 9380).
     *
     * @param dst domain separation tag, ASCII, at most 255 bytes
     */
    G1 hashToG1(byte[] message, String dst);

    /**
     * Reads a point and checks that it lies in the group of prime order.
     *
     * @throws InvalidPointException otherwise
     */
    G1 g1(byte[] compressed) throws InvalidPointException;

    /** As {@link #g1}, of the other group; the point at infinity is refused, since no key is zero. */
    G2 g2(byte[] compressed) throws InvalidPointException;

    G2 g2Generator();

    /** The point times a scalar, which is reduced by {@link #ORDER}. */
    G1 multiply(G1 point, BigInteger scalar);

    /** The point times a scalar, which is reduced by {@link #ORDER}. */
    G2 multiply(G2 point, BigInteger scalar);

    G1 add(G1 one, G1 other);

    /** Points that are combined often. */
    Bases bases(List<G1> points);

    /** Whether e(a, b) = e(c, d). */
    default boolean equal(G1 a, G2 b, G1 c, G2 d) {
        return equalsProduct(a, b, List.of(c), List.of(d));
    }

    /** Whether e(a, b) is the product of all e(cs[i], ds[i]); as many of the one as of the other, at least one. */
    boolean equalsProduct(G1 a, G2 b, List<G1> cs, List<G2> ds);

    /** A point of G1. */
    interface G1 {
        byte[] compressed();
    }

    /** A point of G2. */
    interface G2 {
        byte[] compressed();
    }

    /** Fixed points, ready for sums of products. */
    interface Bases {
        int size();

        /**
         * The sum of the first points times these scalars.
         *
         * @param scalars not negative, below {@link #ORDER}, at most as many as points
         */
        G1 combine(List<BigInteger> scalars);
    }

    /** The fastest implementation that works on this machine, the same one each time. */
    static Pairing fastest() {
        return BlstPairing.available().<Pairing>map(blst -> blst).orElseGet(Pairing::pureJava);
    }

    /** The implementation in pure Java, the same one each time. */
    static Pairing pureJava() {
        return BouncyCastlePairing.ONLY;
    }
}
