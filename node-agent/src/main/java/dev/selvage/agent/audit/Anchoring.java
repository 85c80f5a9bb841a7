package dev.selvage.agent.audit;

import dev.selvage.integrity.hash.StableFile;
import dev.selvage.integrity.tuning.HashDecision;
import dev.selvage.integrity.tuning.HashWish;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.NodeId;
import dev.selvage.model.SelvageException;
import dev.selvage.model.integrity.AnchorLimits;
import dev.selvage.model.integrity.AuditMode;
import dev.selvage.model.integrity.DataName;
import dev.selvage.model.integrity.MetadataApi.NewAnchor;
import dev.selvage.model.integrity.MetadataFacts.AnchorFact;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** The seller's first step: hashes a data set of this node, keeps what is needed to prove, and anchors it on the ledger. Thread-safe. */
final class Anchoring {
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
     * @param expires when the promise ends, in milliseconds since 1970 UTC: one that is given makes a new version, with a secret of its own. Null for never,
     *     and for what stands where the bytes are unchanged
     * @param wish what is taken instead of the measured; blocks are larger than measured where a file would have too many
     * @param freshKey whether the version gets a secret of its own, and with it all new tags, whatever changed
     * @throws SelvageException DATA_UNKNOWN, FILE_CHANGED, FILE_UNREADABLE, NOT_SUPPORTED, ARGUMENT_INVALID, TOO_LARGE, STORAGE_FULL and what the
     *     ledger says
     */
    Anchored anchor(String name, AuditMode mode, Long expires, HashWish wish, boolean freshKey, Progress progress) {
        var data = new DataName(self.msp(), name);
        Path path = bytes.of(name);
        Optional<AnchorFact> known = metadata.known(data);
        try (var file = StableFile.open(path)) {
            var before = freshKey || expires != null
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
                    : new Anchored(publish(made.stored(), expires), true, made.anew(), hashing);
        } catch (IOException e) {
            throw FileFaults.of("\"" + name + "\"", e);
        }
    }

    private HashDecision decide(AuditMode mode, long length, HashWish wish) {
        var decision = making.decide(length, wish);
        int size = decision.blockSize();
        if (wish.blockSize() == null) {
            size = Math.min(size, AnchorLimits.largestBlock(mode));
            while (AnchorLimits.broken(mode, length, size).isPresent() && size < AnchorLimits.largestBlock(mode)) {
                size = Math.min(2 * size, AnchorLimits.largestBlock(mode));
            }
        }
        AnchorLimits.broken(mode, length, size).ifPresent(sentence -> {
            throw new SelvageException(ErrorCode.TOO_LARGE, sentence);
        });
        return size == decision.blockSize() ? decision : making.decide(length, wish.withBlockSize(size));
    }

    /** What is kept of the newest version, where the file can go on from it: another measurement since then changes nothing. */
    private Optional<KitMaking.Before> before(AnchorFact known, AuditMode mode, HashWish wish, long length) {
        int size = known.blockSize();
        boolean sameBlocks = wish.blockSize() == null || wish.blockSize() == size;
        if (known.mode() != mode
                || !sameBlocks
                || AnchorLimits.broken(mode, length, size).isPresent()) {
            return Optional.empty();
        }
        int level = new KeptHashes(mode, length, size).level();
        return kits.find(Anchors.digest(known))
                .filter(stored -> stored.kit().kept().level() == level)
                .map(stored -> new KitMaking.Before(
                        stored, mode.needsKey() && kits.ownerKey().digest().equals(known.key())));
    }

    /** Durable here before it is on the ledger: what is anchored can always be proven. */
    private AnchorFact publish(AnchorStore.Stored stored, Long expires) {
        kits.save(stored);
        var kit = stored.kit();
        try {
            var anchored = metadata.anchor(new NewAnchor(
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
                    expires));
            kits.forgetOlder(kit);
            return anchored;
        } catch (SelvageException e) {
            if (e.code() != ErrorCode.COMMIT_UNKNOWN) {
                kits.remove(kit);
            }
            throw e;
        }
    }
}
