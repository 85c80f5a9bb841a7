package dev.selvage.proofs;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The hashes beside the paths from some leaves to the root, in the order in which {@link MerkleTree#verify} needs them.
 *
 * @param hashes 32 bytes each
 */
public record MultiProof(List<byte[]> hashes) {
    public MultiProof {
        hashes = hashes.stream().map(byte[]::clone).toList();
        hashes.forEach(hash -> Leaves.requireHash("hash", hash));
    }

    /** The hashes one after another. */
    public byte[] encoded() {
        var out = new ByteArrayOutputStream(hashes.size() * Leaves.HASH_BYTES);
        hashes.forEach(out::writeBytes);
        return out.toByteArray();
    }

    /**
     * Reads what {@link #encoded} wrote.
     *
     * @throws IllegalArgumentException when the bytes are no whole number of hashes
     */
    public static MultiProof decode(byte[] bytes) {
        if (bytes.length % Leaves.HASH_BYTES != 0) {
            throw new IllegalArgumentException(
                    "a proof is a whole number of 32-byte hashes, not " + bytes.length + " bytes");
        }
        List<byte[]> hashes = new ArrayList<>();
        for (int at = 0; at < bytes.length; at += Leaves.HASH_BYTES) {
            hashes.add(Arrays.copyOfRange(bytes, at, at + Leaves.HASH_BYTES));
        }
        return new MultiProof(hashes);
    }
}
