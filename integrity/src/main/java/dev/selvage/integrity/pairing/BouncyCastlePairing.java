package dev.selvage.integrity.pairing;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import org.bouncycastle.crypto.bls.BLS12_381G1;
import org.bouncycastle.crypto.bls.BLS12_381G2;
import org.bouncycastle.crypto.bls.BLS12_381G2Point;
import org.bouncycastle.crypto.bls.BLS12_381Pairing;
import org.bouncycastle.crypto.bls.BLS12_381Serialization;
import org.bouncycastle.crypto.bls.BLS12_381SubgroupCheck;
import org.bouncycastle.crypto.bls.Fp12Element;
import org.bouncycastle.math.ec.ECAlgorithms;
import org.bouncycastle.math.ec.ECCurve;
import org.bouncycastle.math.ec.ECPoint;

/** Pure Java, some 35 times slower than blst: the fallback, and the second opinion in tests. */
final class BouncyCastlePairing implements Pairing {
    /** It has no state; who keeps what belongs to a pairing finds it again. */
    static final BouncyCastlePairing ONLY = new BouncyCastlePairing();

    private final ECCurve curve = BLS12_381G1.createCurve();

    private BouncyCastlePairing() {}

    @Override
    public String name() {
        return "Bouncy Castle";
    }

    @Override
    public G1 hashToG1(byte[] message, String dst) {
        return new Point1(HashToG1.hash(curve, message, dst));
    }

    @Override
    public G1 g1(byte[] compressed) throws InvalidPointException {
        if (compressed.length != G1_BYTES) {
            throw new InvalidPointException("a point of G1 has 48 bytes, not " + compressed.length);
        }
        try {
            ECPoint point = BLS12_381Serialization.decompressG1(compressed, curve);
            if (BLS12_381SubgroupCheck.isInG1Subgroup(point)) {
                return new Point1(point);
            }
        } catch (IllegalArgumentException e) {
            throw new InvalidPointException("not a point of G1: " + e.getMessage());
        }
        throw new InvalidPointException("the point lies outside the group of prime order");
    }

    @Override
    public G2 g2(byte[] compressed) throws InvalidPointException {
        if (compressed.length != G2_BYTES) {
            throw new InvalidPointException("a point of G2 has 96 bytes, not " + compressed.length);
        }
        try {
            BLS12_381G2Point point = BLS12_381Serialization.decompressG2(compressed);
            if (!point.isInfinity() && BLS12_381SubgroupCheck.isInG2Subgroup(point)) {
                return new Point2(point);
            }
        } catch (IllegalArgumentException e) {
            throw new InvalidPointException("not a point of G2: " + e.getMessage());
        }
        throw new InvalidPointException("the point is infinity or lies outside the group of prime order");
    }

    @Override
    public G2 g2Generator() {
        return new Point2(BLS12_381G2.getGenerator());
    }

    @Override
    public G1 multiply(G1 point, BigInteger scalar) {
        return new Point1(BLS12_381G1.constantTimeMultiply(point(point), scalar.mod(ORDER)));
    }

    @Override
    public G2 multiply(G2 point, BigInteger scalar) {
        return new Point2(point(point).constantTimeMultiply(scalar.mod(ORDER)));
    }

    @Override
    public G1 add(G1 one, G1 other) {
        return new Point1(point(one).add(point(other)));
    }

    @Override
    public Bases bases(List<G1> points) {
        ECPoint[] bases = points.stream().map(BouncyCastlePairing::point).toArray(ECPoint[]::new);
        return new Bases() {
            @Override
            public int size() {
                return bases.length;
            }

            @Override
            public G1 combine(List<BigInteger> scalars) {
                ScalarRules.check(scalars, bases.length);
                if (scalars.isEmpty()) {
                    return new Point1(curve.getInfinity());
                }
                return new Point1(ECAlgorithms.sumOfMultiplies(
                        Arrays.copyOf(bases, scalars.size()), scalars.toArray(BigInteger[]::new)));
            }
        };
    }

    @Override
    public boolean equalsProduct(G1 a, G2 b, List<G1> cs, List<G2> ds) {
        ScalarRules.checkPairs(cs, ds);
        ECPoint[] left = new ECPoint[cs.size() + 1];
        BLS12_381G2Point[] right = new BLS12_381G2Point[ds.size() + 1];
        left[0] = point(a).negate().normalize();
        right[0] = point(b);
        for (int i = 0; i < cs.size(); i++) {
            left[i + 1] = point(cs.get(i)).normalize();
            right[i + 1] = point(ds.get(i));
        }
        return BLS12_381Pairing.multiPair(left, right).equals(Fp12Element.ONE);
    }

    private static ECPoint point(G1 point) {
        return ((Point1) point).point;
    }

    private static BLS12_381G2Point point(G2 point) {
        return ((Point2) point).point;
    }

    private record Point1(ECPoint point) implements G1 {
        @Override
        public byte[] compressed() {
            return BLS12_381Serialization.compressG1(point.normalize());
        }
    }

    private record Point2(BLS12_381G2Point point) implements G2 {
        @Override
        public byte[] compressed() {
            return BLS12_381Serialization.compressG2(point);
        }
    }
}
