package dev.selvage.agent.audit;

import dev.selvage.integrity.audit.MerkleAudit;
import dev.selvage.integrity.audit.OnLedger;
import dev.selvage.integrity.audit.SectoredAudit;
import dev.selvage.model.Digest;
import dev.selvage.model.integrity.MetadataFacts.AnchorFact;
import dev.selvage.proofs.Anchor;
import dev.selvage.proofs.MerkleTree;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Anchors between the ledger's form and the one that proofs are made over. */
final class Anchors {
    private Anchors() {}

    /** By which a kit is found. */
    static Digest digest(AnchorFact fact) {
        return Digest.fromHash(OnLedger.anchor(fact).digest());
    }

    /**
     * The tree over a file's blocks.
     *
     * @param file the file's id
     * @param hashes salted, 32 bytes a block
     * @param tags empty where the mode has none
     */
    static MerkleTree tree(byte[] file, long length, int blockSize, byte[] hashes, byte[] tags) {
        return MerkleTree.of(MerkleAudit.leaves(file, length, blockSize, hashes, tags));
    }

    /** The tree over the blocks of an anchored file; the anchor's root is not looked at. */
    static MerkleTree tree(Anchor anchor, byte[] hashes, byte[] tags) {
        return tree(anchor.file(), anchor.length(), anchor.blockSize(), hashes, tags);
    }

    /** What is kept of an anchor with masked tags, as it was set up. */
    static SectoredAudit.Setup setup(AnchorStore.Stored stored) {
        Anchor anchor = stored.kit().anchor();
        return new SectoredAudit.Setup(
                split(stored.hashes(), anchor.leaves()),
                split(stored.tags(), anchor.leaves()),
                tree(anchor, stored.hashes(), stored.tags()));
    }

    /** The 32 or 48 bytes of each of so many blocks. */
    static List<byte[]> split(byte[] joined, int count) {
        int size = joined.length / count;
        return IntStream.range(0, count)
                .mapToObj(i -> Arrays.copyOfRange(joined, i * size, (i + 1) * size))
                .toList();
    }
}
