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
     * @param anew blocks whose hashes, and tags where the mode has them, are new
     * @param hashing what hashed the anchored version and why; null where the node no longer knows
     */
    record Anchored(AnchorFact fact, boolean fresh, int anew, HashDecision hashing) {}

    /**
     * Anchors the bytes of a data set as they are now.
     *
     * @param wish what is taken instead of the measured; blocks are larger than measured where a file would have too many
     * @param freshKey whether the version gets a secret of its own, and with it all new tags, whatever changed
     * @throws SelvageException DATA_UNKNOWN, DATA_CHANGED, NOT_SUPPORTED, ARGUMENT_INVALID, TOO_LARGE, STORAGE_FULL and what the ledger says
     */
    Anchored anchor(String name, AuditMode mode, HashWish wish, boolean freshKey, Progress progress) {
        var data = new DataName(self.msp(), name);
        Path path = bytes.of(name);
        Optional<AnchorFact> known = metadata.known(data);
        try (var file = StableFile.open(path)) {
            var before = freshKey
                    ? Optional.<KitMaking.Before>empty()
                    : known.flatMap(fact -> before(fact, mode, wish, file.length()));
            var wished = before.map(
                            version -> wish.withBlockSize(version.stored().kit().blockSize()))
                    .orElse(wish);
            var decision = decide(mode, file.length(), wished);
            int version = known.map(AnchorFact::version).orElse(0) + 1;
            var made = making.make(mode, data, name, version, decision, before, file, progress);
            var hashing = made.stored().kit().hashing();
            return made.unchanged()
                    ? new Anchored(known.orElseThrow(), false, 0, hashing)
                    : new Anchored(publish(made.stored()), true, made.anew(), hashing);
        } catch (IOException e) {
            throw new SelvageException(
                    ErrorCode.DATA_CHANGED, "\"" + name + "\" cannot be hashed: " + e.getMessage() + ".", e);
        }
    }

    private HashDecision decide(AuditMode mode, long length, HashWish wish) {
        var decision = making.decide(length, wish);
        int size = decision.blockSize();
        if (size < SMALLEST_BLOCK || size > LARGEST_BLOCK) {
            throw new SelvageException(
                    ErrorCode.ARGUMENT_INVALID,
                    "A block has from " + SMALLEST_BLOCK + " bytes to " + LARGEST_BLOCK + ", not " + size + ".");
        }
        int most = KeptHashes.mostBlocks(mode);
        while (length / size >= most) {
            if (wish.blockSize() != null) {
                throw new SelvageException(
                        ErrorCode.TOO_LARGE,
                        length + " bytes in blocks of " + size + " are more than " + most
                                + " blocks: choose larger blocks.");
            }
            size *= 2;
        }
        return size == decision.blockSize() ? decision : making.decide(length, wish.withBlockSize(size));
    }

    /** What is kept of the newest version, where the file can go on from it: another measurement since then changes nothing. */
    private Optional<KitMaking.Before> before(AnchorFact known, AuditMode mode, HashWish wish, long length) {
        int size = known.blockSize();
        boolean sameBlocks = wish.blockSize() == null || wish.blockSize() == size;
        if (known.mode() != mode || !sameBlocks || length / size >= KeptHashes.mostBlocks(mode)) {
            return Optional.empty();
        }
        int level = new KeptHashes(mode, length, size).level();
        return kits.find(Anchors.digest(known))
                .filter(stored -> stored.kit().kept().level() == level)
                .map(stored -> new KitMaking.Before(
                        stored, mode.needsKey() && kits.ownerKey().digest().equals(known.key())));
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
