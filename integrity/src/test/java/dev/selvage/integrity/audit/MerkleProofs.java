package dev.selvage.integrity.audit;

import dev.selvage.proofs.Anchor;
import dev.selvage.proofs.MerkleTree;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/** Merkle proofs as bytes. */
final class MerkleProofs {
    static final byte[] NO_TAGS = {};

    private MerkleProofs() {}

    static byte[] prove(Challenge challenge, BlockSource blocks, FileKey key, MerkleTree tree) throws IOException {
        return prove(challenge, blocks, key, tree, NO_TAGS);
    }

    static byte[] prove(Challenge challenge, BlockSource blocks, FileKey key, MerkleTree tree, byte[] tags)
            throws IOException {
        var out = new ByteArrayOutputStream();
        MerkleAudit.prove(challenge, blocks, key, LeafPaths.of(tree), tags, out);
        return out.toByteArray();
    }

    static Finding verify(Anchor anchor, Challenge challenge, byte[] proof)
            throws IOException, MalformedProofException {
        return MerkleAudit.verify(anchor, challenge, new ByteArrayInputStream(proof));
    }

    /** Whether a proof is accepted; bytes that are no proof are not. */
    static boolean accepts(Anchor anchor, Challenge challenge, byte[] proof) throws IOException {
        try {
            return verify(anchor, challenge, proof).verdict().accepted();
        } catch (MalformedProofException e) {
            return false;
        }
    }
}
