package dev.selvage.integrity.audit;

import dev.selvage.integrity.pairing.Pairing;
import dev.selvage.proofs.Sha256;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The secret of one file, from which the salts of its blocks and the masks of its tags follow. Whoever holds it can prove; whoever sees a
 * salt learns nothing of the others.
 */
public final class FileKey {
    private static final byte SALT = 0x05;
    private static final byte[] MASK = "selvage/file/rho/v2".getBytes(StandardCharsets.US_ASCII);

    private final byte[] secret;

    /** @param secret 32 random bytes */
    public FileKey(byte[] secret) {
        if (secret.length != 32) {
            throw new IllegalArgumentException("a file key has 32 bytes, not " + secret.length);
        }
        this.secret = secret.clone();
    }

    /** A copy of the 32 bytes, for what derives the salts elsewhere. */
    public byte[] secret() {
        return secret.clone();
    }

    /** The 32 bytes of salt of a block. */
    public byte[] salt(int index) {
        return salts().salt(index);
    }

    /** The salts for one thread that needs many. */
    public Salts salts() {
        return new Salts();
    }

    /**
     * SHA-256(domain | secret | BE64 index): one compression each, and inputs of one length, so nothing can be appended. Not safe for several
     * threads.
     */
    public final class Salts {
        private final MessageDigest digest = Sha256.create();
        private final ByteBuffer input =
                ByteBuffer.allocate(1 + 32 + 8).put(SALT).put(secret);

        private Salts() {}

        public byte[] salt(int index) {
            return digest.digest(input.putLong(1 + 32, index).array());
        }
    }

    /**
     * The scalar that hides a block in its tag: 512 derived bits, reduced. It depends on the block's hash, so that a changed block has another mask: of
     * two tags with one mask the quotient would give the difference of the blocks away to whoever can guess it.
     *
     * @param blockHash the block's salted hash
     */
    BigInteger mask(int index, byte[] blockHash) {
        byte[] wide = ByteBuffer.allocate(64)
                .put(derive(index, blockHash, 0))
                .put(derive(index, blockHash, 1))
                .array();
        return new BigInteger(1, wide).mod(Pairing.ORDER);
    }

    private byte[] derive(int index, byte[] blockHash, int part) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
            mac.update(MASK);
            mac.update(ByteBuffer.allocate(12).putLong(index).putInt(part).flip());
            mac.update(blockHash);
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HmacSHA256", e);
        }
    }
}
