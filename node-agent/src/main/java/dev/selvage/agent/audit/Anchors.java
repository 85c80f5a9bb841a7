package dev.selvage.agent.audit;

import dev.selvage.integrity.audit.MerkleAudit;
import dev.selvage.integrity.audit.OnLedger;
import dev.selvage.integrity.audit.SectoredAudit;
import dev.selvage.model.Digest;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import dev.selvage.model.integrity.AnchorLimits;
import dev.selvage.model.integrity.MetadataFacts.AnchorFact;
import dev.selvage.proofs.Anchor;
import dev.selvage.proofs.MerkleTree;
import java.util.AbstractList;
import java.util.Arrays;
import java.util.List;
import java.util.RandomAccess;

/** Anchors between the ledger's form and the one that proofs are made over. */
final class Anchors {
    private Anchors() {}

    /** By which a kit is found. */
    static Digest digest(AnchorFact fact) {
        return Digest.fromHash(OnLedger.anchor(fact).digest());
    }

    /**
     * Holds that an anchor of somebody else fits into this node, before anything is asked or allocated: the contract refuses larger ones, but one of before may
     * stand on the ledger.
     *
     * @throws SelvageException NOT_SUPPORTED
     */
    static void requireWithinLimits(AnchorFact fact) {
        AnchorLimits.broken(fact.mode(), fact.length(), fact.blockSize()).ifPresent(sentence -> {
            throw new SelvageException(
                    ErrorCode.NOT_SUPPORTED, fact.data() + " version " + fact.version() + ": " + sentence);
        });
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

    /** The 32 or 48 bytes of each of so many blocks: a view, since a list of half a million arrays takes twice the memory. */
    static List<byte[]> split(byte[] joined, int count) {
        return new Parts(joined, joined.length / count, count);
    }

    private static final class Parts extends AbstractList<byte[]> implements RandomAccess {
        private final byte[] joined;
        private final int size;
        private final int count;

        Parts(byte[] joined, int size, int count) {
            this.joined = joined;
            this.size = size;
            this.count = count;
        }

        @Override
        public byte[] get(int index) {
            return Arrays.copyOfRange(joined, index * size, (index + 1) * size);
        }

        @Override
        public int size() {
            return count;
        }
    }
}
