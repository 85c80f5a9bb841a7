package dev.selvage.network.org;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.DERSequence;

/** The DER form SEQUENCE {r, s} of an ECDSA signature and its low-s rule. */
final class EcdsaDer {
    private static final int LONGEST = 160;

    private EcdsaDer() {}

    static boolean isLowS(byte[] signature, BigInteger order) {
        if (signature.length == 0 || signature.length > LONGEST) {
            return false;
        }
        try {
            BigInteger[] rs = parse(signature);
            return rs[0].signum() > 0 && rs[1].signum() > 0 && rs[1].compareTo(order.shiftRight(1)) <= 0;
        } catch (IOException | IllegalArgumentException | IllegalStateException malformed) {
            return false;
        }
    }

    static byte[] toLowS(byte[] signature, BigInteger order) {
        try {
            BigInteger[] rs = parse(signature);
            if (rs[1].compareTo(order.shiftRight(1)) <= 0) {
                return signature;
            }
            return new DERSequence(new ASN1Integer[] {new ASN1Integer(rs[0]), new ASN1Integer(order.subtract(rs[1]))})
                    .getEncoded();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static BigInteger[] parse(byte[] signature) throws IOException {
        if (!(ASN1Primitive.fromByteArray(signature) instanceof ASN1Sequence sequence) || sequence.size() != 2) {
            throw new IOException("not a sequence of two integers");
        }
        return new BigInteger[] {
            ASN1Integer.getInstance(sequence.getObjectAt(0)).getValue(),
            ASN1Integer.getInstance(sequence.getObjectAt(1)).getValue()
        };
    }
}
