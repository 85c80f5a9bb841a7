package dev.selvage.integrity.audit;

import dev.selvage.integrity.pairing.Pairing;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.Arrays;

/** A file of 21 blocks, its owner, and a challenge of six of them. */
abstract class AuditScene {
    static final byte[] FILE = new byte[32];
    static final int BLOCK = 310;
    static final Pairing PAIRING = Pairing.fastest();
    static final SecureRandom RANDOM = new SecureRandom();

    final Bytes data = Bytes.random(7, 20 * BLOCK + 100, BLOCK);
    final FileKey fileKey = new FileKey(Arrays.copyOf(new byte[] {9}, 32));
    final OwnerKey owner = new OwnerKey(BigInteger.valueOf(123_456_789));
    final Challenge challenge = new Challenge(Arrays.copyOf(new byte[] {1}, 32), 6);
}
