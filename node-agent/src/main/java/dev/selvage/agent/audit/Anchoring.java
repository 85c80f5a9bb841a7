package dev.selvage.agent.audit;

import dev.selvage.integrity.hash.StableFile;
import dev.selvage.integrity.tuning.HashDecision;
import dev.selvage.integrity.tuning.HashWish;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.NodeId;
import dev.selvage.model.SelvageException;
import dev.selvage.model.integrity.AuditMode;
import dev.selvage.model.integrity.DataName;
import dev.selvage.model.integrity.MetadataApi.NewAnchor;
import dev.selvage.model.integrity.MetadataFacts.AnchorFact;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** The seller's first step: hashes a data set of this node, keeps what is needed to prove, and anchors it on the ledger. Thread-safe. */
final class Anchoring {
    /** The most blocks that a node anchors: with their tree some 80 bytes each are in memory while it answers. */
    static final int MOST_LEAVES = 1 << 19;

    private static final int SMALLEST_BLOCK = 64;
    private static final int LARGEST_BLOCK = 16 << 20;

    private final NodeId self;
    private final LocalBytes bytes;
    private final AnchorStore kits;
    private final Metadata metadata;
    private final KitMaking making;

    Anchoring(NodeId self, LocalBytes bytes, AnchorStore kits, Metadata metadata, KitMaking making) {
        this.self = self;
        this.bytes = bytes;
        this.kits = kits;
        this.metadata = metadata;
        this.making = making;
    }

    /**
     * What was anchored.
     *
     * @param fresh whether this made a new version; else the bytes are still those of the newest one
     * @param hashing what hashed the anchored version and why; null where the node no longer knows
     */
    record Anchored(AnchorFact fact, boolean fresh, HashDecision hashing) {}

    /**
     * Anchors the bytes of a data set as they are now.
     *
     * @param wish what is taken instead of the measured; blocks are larger than measured where a file is so large that its tree would be too
     * @throws SelvageException DATA_UNKNOWN, DATA_CHANGED, NOT_SUPPORTED, ARGUMENT_INVALID, TOO_LARGE, STORAGE_FULL and what the ledger says
     */
    Anchored anchor(String name, AuditMode mode, HashWish wish, Progress progress) {
        var data = new DataName(self.msp(), name);
        Path path = bytes.of(name);
        Optional<AnchorFact> known = metadata.known(data);
        try (var file = StableFile.open(path)) {
            var decision = decide(file.length(), wish);
            var same = known.flatMap(fact -> candidate(fact, mode, wish, file));
            if (same.isPresent()) {
                progress.phase("comparing with version " + known.get().version(), file.length());
                if (making.isStill(same.get(), file, wish, progress)) {
                    return new Anchored(known.get(), false, same.get().kit().hashing());
                }
            }
            int version = known.map(AnchorFact::version).orElse(0) + 1;
            var made = making.make(mode, data, name, version, decision, file, progress);
            return new Anchored(publish(made), true, made.kit().hashing());
        } catch (IOException e) {
            throw new SelvageException(
                    ErrorCode.DATA_CHANGED, "\"" + name + "\" cannot be hashed: " + e.getMessage() + ".", e);
        }
    }

    private HashDecision decide(long length, HashWish wish) {
        var decision = making.decide(length, wish);
        int size = decision.blockSize();
        if (size < SMALLEST_BLOCK || size > LARGEST_BLOCK) {
            throw new SelvageException(
                    ErrorCode.ARGUMENT_INVALID,
                    "A block has from " + SMALLEST_BLOCK + " bytes to " + LARGEST_BLOCK + ", not " + size + ".");
        }
        while (length / size >= MOST_LEAVES) {
            if (wish.blockSize() != null) {
                throw new SelvageException(
                        ErrorCode.TOO_LARGE,
                        length + " bytes in blocks of " + size + " are more than " + MOST_LEAVES
                                + " blocks: choose larger blocks.");
            }
            size *= 2;
        }
        return size == decision.blockSize() ? decision : making.decide(length, wish.withBlockSize(size));
    }

    /** What is kept of the newest version, where the file may still be that: another measurement since then makes no new version. */
    private Optional<AnchorStore.Stored> candidate(AnchorFact known, AuditMode mode, HashWish wish, StableFile file) {
        boolean sameBlocks = wish.blockSize() == null || wish.blockSize() == known.blockSize();
        return known.mode() == mode && sameBlocks && known.length() == file.length()
                ? kits.find(Anchors.digest(known))
                : Optional.empty();
    }

    /** Durable here before it is on the ledger: what is anchored can always be proven. */
    private AnchorFact publish(AnchorStore.Stored stored) {
        kits.save(stored);
        var kit = stored.kit();
        try {
            return metadata.anchor(new NewAnchor(
                    kit.data().name(),
                    kit.version(),
                    kit.mode(),
                    kit.leaves(),
                    kit.length(),
                    kit.blockSize(),
                    kit.root(),
                    kit.tagRoot(),
                    kit.mode().needsKey() ? kits.ownerKey().digest() : null,
                    null,
                    null));
        } catch (SelvageException e) {
            if (e.code() != ErrorCode.COMMIT_UNKNOWN) {
                kits.remove(kit);
            }
            throw e;
        }
    }
}
