package dev.selvage.integrity.jpbc;

import dev.selvage.integrity.pairing.InvalidPointException;
import dev.selvage.integrity.pairing.Pairing;
import dev.selvage.proofs.Sha256;
import it.unisa.dia.gas.jpbc.Element;
import it.unisa.dia.gas.jpbc.Field;
import it.unisa.dia.gas.plaf.jpbc.pairing.PairingFactory;
import it.unisa.dia.gas.plaf.jpbc.pairing.parameters.PropertiesParameters;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * A pairing of JPBC, the library of the published scheme, for the paper mode. JPBC has no BLS12-381, so its group, its order and the length of its
 * points differ from those that {@link Pairing} names: scalars are reduced by the order of JPBC's own group, and points are written as JPBC writes
 * them, {@link #g1Bytes} long. Type A has some 80 bits of security. Safe for many threads: every step works on a copy.
 */
public final class JpbcPairing implements Pairing {
    private static final byte[] GENERATOR = "selvage/jpbc/g".getBytes(StandardCharsets.US_ASCII);

    private final it.unisa.dia.gas.jpbc.Pairing pairing;
    private final BigInteger order;
    private final Element generator;

    private JpbcPairing(it.unisa.dia.gas.jpbc.Pairing pairing) {
        this.pairing = pairing;
        this.order = pairing.getZr().getOrder();
        this.generator = pairing.getG2().newElementFromHash(GENERATOR, 0, GENERATOR.length);
    }

    /** PBC's symmetric curve of type A: 512-bit base field, group of 160 bits. */
    public static JpbcPairing typeA() {
        try (InputStream parameters = JpbcPairing.class.getResourceAsStream("a.properties")) {
            return of(parameters);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Another curve.
     *
     * @param parameters as JPBC's property files have them, such as those of a type F curve
     */
    public static JpbcPairing of(InputStream parameters) {
        return new JpbcPairing(PairingFactory.getPairing(new PropertiesParameters().load(parameters)));
    }

    @Override
    public String name() {
        return "JPBC";
    }

    /** The order of the groups, by which scalars are reduced. */
    public BigInteger order() {
        return order;
    }

    @Override
    public int g1Bytes() {
        return pairing.getG1().getLengthInBytes();
    }

    /** By JPBC's own way of hashing, over SHA-256 of tag and message; not RFC 9380, which has no suite for these curves. */
    @Override
    public G1 hashToG1(byte[] message, String dst) {
        byte[] tag = dst.getBytes(StandardCharsets.US_ASCII);
        byte[] hash = Sha256.of(ByteBuffer.allocate(4).putInt(tag.length).array(), tag, message);
        return new Point1(pairing.getG1().newElementFromHash(hash, 0, hash.length));
    }

    @Override
    public G1 g1(byte[] bytes) throws InvalidPointException {
        return new Point1(read(pairing.getG1(), bytes));
    }

    @Override
    public G2 g2(byte[] bytes) throws InvalidPointException {
        return new Point2(read(pairing.getG2(), bytes));
    }

    private Element read(Field<?> field, byte[] bytes) throws InvalidPointException {
        if (bytes.length != field.getLengthInBytes()) {
            throw new InvalidPointException("a point has " + field.getLengthInBytes() + " bytes, not " + bytes.length);
        }
        Element point = field.newElement();
        point.setFromBytes(bytes); // gives zero for what is not on the curve
        if (point.isZero() || !Arrays.equals(point.toBytes(), bytes)) {
            throw new InvalidPointException("not a point of the curve, or zero");
        }
        if (!point.duplicate().mul(order).isZero()) {
            throw new InvalidPointException("the point lies outside the group of prime order");
        }
        return point;
    }

    @Override
    public G2 g2Generator() {
        return new Point2(generator.duplicate());
    }

    @Override
    public G1 multiply(G1 point, BigInteger scalar) {
        return new Point1(copy(point).mul(scalar.mod(order)));
    }

    @Override
    public G2 multiply(G2 point, BigInteger scalar) {
        return new Point2(copy(point).mul(scalar.mod(order)));
    }

    @Override
    public G1 add(G1 one, G1 other) {
        return new Point1(copy(one).add(copy(other)));
    }

    @Override
    public Bases bases(List<G1> points) {
        List<G1> bases = List.copyOf(points);
        return new Bases() {
            @Override
            public int size() {
                return bases.size();
            }

            @Override
            public G1 combine(List<BigInteger> scalars) {
                if (scalars.size() > bases.size()) {
                    throw new IllegalArgumentException(scalars.size() + " scalars for " + bases.size() + " points");
                }
                Element sum = pairing.getG1().newZeroElement();
                for (int i = 0; i < scalars.size(); i++) {
                    sum.add(copy(bases.get(i)).mul(scalars.get(i).mod(order)));
                }
                return new Point1(sum);
            }
        };
    }

    @Override
    public boolean equalsProduct(G1 a, G2 b, List<G1> cs, List<G2> ds) {
        if (cs.isEmpty() || cs.size() != ds.size()) {
            throw new IllegalArgumentException("a product of pairings has as many points of one group as of the other");
        }
        Element product = pairing.getGT().newOneElement();
        for (int i = 0; i < cs.size(); i++) {
            product.mul(pairing.pairing(copy(cs.get(i)), copy(ds.get(i))));
        }
        return pairing.pairing(copy(a), copy(b)).isEqual(product);
    }

    private static Element copy(G1 point) {
        return ((Point1) point).element.duplicate();
    }

    private static Element copy(G2 point) {
        return ((Point2) point).element.duplicate();
    }

    /** Bytes as JPBC writes them: both coordinates. */
    private record Point1(Element element) implements G1 {
        @Override
        public byte[] compressed() {
            return element.toBytes();
        }
    }

    private record Point2(Element element) implements G2 {
        @Override
        public byte[] compressed() {
            return element.toBytes();
        }
    }
}
