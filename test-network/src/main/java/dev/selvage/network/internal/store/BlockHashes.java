package dev.selvage.network.internal.store;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.hyperledger.fabric.protos.common.BlockHeader;

/** The two hashes that chain Fabric's blocks. */
public final class BlockHashes {
    private BlockHashes() {}

    /** SHA-256 of the header as ASN.1 SEQUENCE {number INTEGER, previous OCTET STRING, data OCTET STRING}. */
    public static byte[] header(BlockHeader header) {
        try {
            return sha256(new DERSequence(new ASN1Encodable[] {
                        new ASN1Integer(new BigInteger(Long.toUnsignedString(header.getNumber()))),
                        new DEROctetString(header.getPreviousHash().toByteArray()),
                        new DEROctetString(header.getDataHash().toByteArray())
                    })
                    .getEncoded());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** SHA-256 over the envelopes, one after the other. */
    public static byte[] data(List<ByteString> envelopes) {
        MessageDigest digest = newSha256();
        envelopes.forEach(envelope -> digest.update(envelope.asReadOnlyByteBuffer()));
        return digest.digest();
    }

    public static byte[] sha256(byte[] bytes) {
        return newSha256().digest(bytes);
    }

    private static MessageDigest newSha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }
}
