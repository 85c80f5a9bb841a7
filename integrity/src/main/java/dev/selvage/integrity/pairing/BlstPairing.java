package dev.selvage.integrity.pairing;

import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import supranational.blst.P1;
import supranational.blst.P1_Affine;
import supranational.blst.P2_Affine;
import supranational.blst.PT;
import supranational.blst.Scalar;

/** blst through its Java bindings; sums of products through the library's own multi-scalar multiplication ({@link BlstSums}). */
final class BlstPairing implements Pairing {
    private final BlstSums sums;

    /** Loaded once for a process: each loading would unpack the library anew and keep one more copy of it in memory. */
    private static final class Loaded {
        static final Optional<BlstPairing> HERE = load();

        private Loaded() {}

        private static Optional<BlstPairing> load() {
            try {
                P1.generator();
                return Optional.of(new BlstPairing(BlstSums.load()));
            } catch (LinkageError | RuntimeException notHere) {
                return Optional.empty();
            }
        }
    }

    private BlstPairing(BlstSums sums) {
        this.sums = sums;
    }

    /** The same one for all; empty where the native library has no build for this machine. */
    static Optional<BlstPairing> available() {
        return Loaded.HERE;
    }

    @Override
    public String name() {
        return "blst";
    }

    @Override
    public G1 hashToG1(byte[] message, String dst) {
        return new Point1(new P1().hash_to(message, dst).to_affine());
    }

    @Override
    public G1 g1(byte[] compressed) throws InvalidPointException {
        if (compressed.length != G1_BYTES) {
            throw new InvalidPointException("a point of G1 has 48 bytes, not " + compressed.length);
        }
        requireCompressed(compressed);
        P1_Affine point;
        try {
            point = new P1_Affine(compressed);
        } catch (RuntimeException e) {
            throw new InvalidPointException("not a point of G1: " + e.getMessage());
        }
        if (!point.in_group()) {
            throw new InvalidPointException("the point lies outside the group of prime order");
        }
        return new Point1(point);
    }

    @Override
    public G2 g2(byte[] compressed) throws InvalidPointException {
        if (compressed.length != G2_BYTES) {
            throw new InvalidPointException("a point of G2 has 96 bytes, not " + compressed.length);
        }
        requireCompressed(compressed);
        P2_Affine point;
        try {
            point = new P2_Affine(compressed);
        } catch (RuntimeException e) {
            throw new InvalidPointException("not a point of G2: " + e.getMessage());
        }
        if (point.is_inf() || !point.in_group()) {
            throw new InvalidPointException("the point is infinity or lies outside the group of prime order");
        }
        return new Point2(point);
    }

    private static void requireCompressed(byte[] bytes) throws InvalidPointException {
        if ((bytes[0] & 0x80) == 0) {
            throw new InvalidPointException("the point is not in the compressed form");
        }
    }

    @Override
    public G2 g2Generator() {
        return new Point2(P2_Affine.generator());
    }

    @Override
    public G1 multiply(G1 point, BigInteger scalar) {
        return new Point1(point(point).to_jacobian().mult(scalar(scalar)).to_affine());
    }

    @Override
    public G2 multiply(G2 point, BigInteger scalar) {
        return new Point2(point(point).to_jacobian().mult(scalar(scalar)).to_affine());
    }

    private static Scalar scalar(BigInteger value) {
        return new Scalar(value.mod(ORDER));
    }

    @Override
    public G1 add(G1 one, G1 other) {
        return new Point1(point(one).to_jacobian().add(point(other)).to_affine());
    }

    @Override
    public Bases bases(List<G1> points) {
        byte[][] serialized =
                points.stream().map(point -> point(point).serialize()).toArray(byte[][]::new);
        BlstSums.Points bases = sums.points(serialized);
        return new Bases() {
            @Override
            public int size() {
                return serialized.length;
            }

            @Override
            public G1 combine(List<BigInteger> scalars) {
                ScalarRules.check(scalars, serialized.length);
                return new Point1(new P1_Affine(bases.combine(scalars)));
            }
        };
    }

    @Override
    public boolean equalsProduct(G1 a, G2 b, List<G1> cs, List<G2> ds) {
        ScalarRules.checkPairs(cs, ds);
        PT product = new PT(point(cs.get(0)), point(ds.get(0)));
        for (int i = 1; i < cs.size(); i++) {
            product.mul(new PT(point(cs.get(i)), point(ds.get(i))));
        }
        return PT.finalverify(new PT(point(a), point(b)), product);
    }

    private static P1_Affine point(G1 point) {
        return ((Point1) point).point;
    }

    private static P2_Affine point(G2 point) {
        return ((Point2) point).point;
    }

    private record Point1(P1_Affine point) implements G1 {
        @Override
        public byte[] compressed() {
            return point.compress();
        }
    }

    private record Point2(P2_Affine point) implements G2 {
        @Override
        public byte[] compressed() {
            return point.compress();
        }
    }
}
