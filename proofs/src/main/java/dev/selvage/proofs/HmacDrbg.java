package dev.selvage.proofs;

import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * HMAC-DRBG over SHA-256 (NIST SP 800-90A Rev. 1, 10.1.2), without prediction resistance: the same seed gives every endorser the same
 * numbers (E6). Not for secrets of its own; not safe for several threads.
 */
public final class HmacDrbg {
    private static final int BYTES = 32;
    private static final int MAX_REQUEST = 1 << 16;

    private final Mac mac;
    private byte[] key = new byte[BYTES];
    private byte[] value = new byte[BYTES];

    /** @param seedMaterial entropy input, nonce and personalisation string, one after another */
    public HmacDrbg(byte[] seedMaterial) {
        try {
            mac = Mac.getInstance("HmacSHA256");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HmacSHA256", e);
        }
        java.util.Arrays.fill(value, (byte) 1);
        update(seedMaterial);
    }

    /** Takes in fresh entropy. */
    public void reseed(byte[] seedMaterial) {
        update(seedMaterial);
    }

    /** The next bytes, at most 64 KiB a call. */
    public byte[] next(int count) {
        if (count < 0 || count > MAX_REQUEST) {
            throw new IllegalArgumentException("one call gives from 0 to " + MAX_REQUEST + " bytes, not " + count);
        }
        byte[] out = new byte[count];
        for (int at = 0; at < count; at += BYTES) {
            value = hmac(key, value);
            System.arraycopy(value, 0, out, at, Math.min(BYTES, count - at));
        }
        update(new byte[0]);
        return out;
    }

    private void update(byte[] provided) {
        round((byte) 0, provided);
        if (provided.length > 0) {
            round((byte) 1, provided);
        }
    }

    private void round(byte marker, byte[] provided) {
        key = hmac(key, value, new byte[] {marker}, provided);
        value = hmac(key, value);
    }

    private byte[] hmac(byte[] with, byte[]... parts) {
        try {
            mac.init(new SecretKeySpec(with, "HmacSHA256"));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a key of 32 bytes is refused", e);
        }
        for (byte[] part : parts) {
            mac.update(part);
        }
        return mac.doFinal();
    }
}
