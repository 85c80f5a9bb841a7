package dev.selvage.integrity.audit;

import dev.selvage.proofs.Anchor;
import dev.selvage.proofs.SeededDraw;
import dev.selvage.proofs.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.SortedSet;

/**
 * Which blocks a prover must show. Its seed comes from both sides: the buyer commits to a number before the seller gives one, so neither
 * chooses the blocks (INTEGRITY.md, "Freshness").
 *
 * @param seed 32 bytes
 * @param count of challenged blocks
 */
public record Challenge(byte[] seed, int count) {
    private static final byte[] SEED = "selvage/audit/SEED/v1".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] COMMIT = "selvage/audit/COMMIT/v1".getBytes(StandardCharsets.US_ASCII);
    private static final int NONCE_BYTES = 32;

    public Challenge {
        if (seed.length != 32) {
            throw new IllegalArgumentException("a seed has 32 bytes, not " + seed.length);
        }
        if (count < 1) {
            throw new IllegalArgumentException("a challenge is of at least one block");
        }
        seed = seed.clone();
    }

    /**
     * What the buyer puts on the ledger first.
     *
     * @param buyerNonce 32 random bytes, kept until the seller's number is there
     */
    public static byte[] commitment(Anchor anchor, int count, byte[] buyerNonce) {
        return Sha256.of(
                COMMIT,
                nonce(buyerNonce),
                anchor.digest(),
                ByteBuffer.allocate(4).putInt(count).array());
    }

    /**
     * The challenge, once both numbers are known.
     *
     * @param channel where the audit is recorded
     * @param sectors of a block; 0 where the mode has none
     */
    public static Challenge of(
            String channel, Anchor anchor, int sectors, int count, byte[] buyerNonce, byte[] sellerNonce) {
        byte[] name = channel.getBytes(StandardCharsets.UTF_8);
        return new Challenge(
                Sha256.of(
                        SEED,
                        ByteBuffer.allocate(4).putInt(name.length).array(),
                        name,
                        anchor.digest(),
                        ByteBuffer.allocate(8).putInt(sectors).putInt(count).array(),
                        nonce(buyerNonce),
                        nonce(sellerNonce)),
                count);
    }

    /** The challenged blocks of a file of so many, in order; all of them where fewer are there than are challenged. */
    public SortedSet<Integer> indexes(int blocks) {
        return draw().indexes(Math.min(count, blocks), blocks);
    }

    SeededDraw draw() {
        return new SeededDraw(seed);
    }

    @Override
    public byte[] seed() {
        return seed.clone();
    }

    private static byte[] nonce(byte[] nonce) {
        if (nonce.length != NONCE_BYTES) {
            throw new IllegalArgumentException("a party's number has 32 bytes, not " + nonce.length);
        }
        return nonce;
    }
}
