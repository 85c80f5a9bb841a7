package dev.selvage.proofs;

import java.nio.ByteBuffer;
import java.security.MessageDigest;

/**
 * The leaves of a tree over a file's blocks. A leaf binds the file, the block's position, its length and its salted hash, and in the
 * sectored mode its tag: no leaf can stand for another block, another place or an inner node.
 */
public final class Leaves {
    /** Bytes of a salt, a hash and a file's id. */
    public static final int HASH_BYTES = Sha256.BYTES;

    private static final byte LEAF = 0x00;
    private static final byte BLOCK = 0x02;
    private static final int SALT_BLOCK = 64;

    private Leaves() {}

    /**
     * A digest that has taken the salt in and waits for the block's bytes: h = SHA-256(0x02 | salt | zeros to 64 bytes | block). The salt fills
     * exactly one block of the compression function, so the file's own bytes stay aligned.
     *
     * @param salt 32 bytes of the block
     */
    public static MessageDigest blockDigest(byte[] salt) {
        var digest = Sha256.create();
        digest.update(saltBlock(salt));
        return digest;
    }

    /** The 64 bytes before a block's own: 0x02, the salt from the second byte on, zeros. */
    public static byte[] saltBlock(byte[] salt) {
        requireHash("salt", salt);
        byte[] prefix = new byte[SALT_BLOCK];
        prefix[0] = BLOCK;
        System.arraycopy(salt, 0, prefix, 1, HASH_BYTES);
        return prefix;
    }

    /**
     * The leaf of a block: SHA-256(0x00 | file | BE64 index | BE32 length | h | tag).
     *
     * @param file 32 bytes that name the file
     * @param index of the block, from 0
     * @param length of the block in bytes
     * @param blockHash as {@link #blockDigest} gives it
     * @param tag of the sectored mode; empty in the merkle mode
     */
    public static byte[] leaf(byte[] file, long index, int length, byte[] blockHash, byte[] tag) {
        requireHash("file id", file);
        requireHash("block hash", blockHash);
        if (index < 0 || length < 0) {
            throw new IllegalArgumentException("a block has an index and a length from 0");
        }
        var digest = Sha256.create();
        digest.update(LEAF);
        digest.update(file);
        digest.update(ByteBuffer.allocate(12).putLong(index).putInt(length).flip());
        digest.update(blockHash);
        digest.update(tag);
        return digest.digest();
    }

    static void requireHash(String what, byte[] bytes) {
        if (bytes.length != HASH_BYTES) {
            throw new IllegalArgumentException("a " + what + " has 32 bytes, not " + bytes.length);
        }
    }
}
