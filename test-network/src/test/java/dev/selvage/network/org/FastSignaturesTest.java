package dev.selvage.network.org;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.DERSequence;
import org.junit.jupiter.api.RepeatedTest;

class FastSignaturesTest {
    private static final byte[] MESSAGE = "a proposal".getBytes(StandardCharsets.UTF_8);

    @RepeatedTest(8)
    void signs_with_low_s_what_the_jdk_accepts_and_refuses_the_high_twin() throws Exception {
        KeyPair pair = newPair();
        for (byte[] signature : new byte[][] {
            FastSignatures.sign(pair.getPrivate(), MESSAGE),
            FastSignatures.signDigest(
                    pair.getPrivate(), MessageDigest.getInstance("SHA-256").digest(MESSAGE))
        }) {
            assertThat(FastSignatures.verify(pair.getPublic(), MESSAGE, signature))
                    .isTrue();
            Signature jdk = Signature.getInstance("SHA256withECDSA", "SunEC");
            jdk.initVerify(pair.getPublic());
            jdk.update(MESSAGE);
            assertThat(jdk.verify(signature)).isTrue();
            byte[] high = highTwin(signature, (ECPublicKey) pair.getPublic());
            jdk.initVerify(pair.getPublic());
            jdk.update(MESSAGE);
            assertThat(jdk.verify(high)).as("mathematically valid").isTrue();
            assertThat(FastSignatures.verify(pair.getPublic(), MESSAGE, high)).isFalse();
        }
    }

    private static KeyPair newPair() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair();
    }

    private static byte[] highTwin(byte[] signature, ECPublicKey key) throws Exception {
        ASN1Sequence sequence = ASN1Sequence.getInstance(signature);
        BigInteger s = ASN1Integer.getInstance(sequence.getObjectAt(1)).getValue();
        return new DERSequence(new ASN1Integer[] {
                    ASN1Integer.getInstance(sequence.getObjectAt(0)),
                    new ASN1Integer(key.getParams().getOrder().subtract(s))
                })
                .getEncoded();
    }
}
