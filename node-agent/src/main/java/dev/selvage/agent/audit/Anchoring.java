package dev.selvage.agent.audit;

import dev.selvage.integrity.hash.StableFile;
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
    /** Blocks of a file where nobody says otherwise. */
    static final int BLOCK = 64 * 1024;
    /** The most blocks that a node anchors: with their tree some 80 bytes each are in memory while it answers. */
    static final int MOST_LEAVES = 1 << 19;

    private static final int SMALLEST_BLOCK = 64;
    private static final int LARGEST_BLOCK = 16 << 20;

    private final NodeId self;
    private final LocalBytes bytes;
    private final AnchorStore kits;
    private final Metadata metadata;
    private final KitMaking making;

    Anchoring(NodeId self, LocalBytes bytes, AnchorStore kits, Metadata metadata) {
        this.self = self;
        this.bytes = bytes;
        this.kits = kits;
        this.metadata = metadata;
        this.making = new KitMaking(kits);
    }

    /**
     * What was anchored.
     *
     * @param fresh whether this made a new version; else the bytes are still those of the newest one
     */
    record Anchored(AnchorFact fact, boolean fresh) {}

    /**
     * Anchors the bytes of a data set as they are now.
     *
     * @param blockSize in bytes; empty for {@value #BLOCK}, or more where a file is so large that its tree would be too
     * @throws SelvageException DATA_UNKNOWN, DATA_CHANGED, NOT_SUPPORTED, TOO_LARGE, STORAGE_FULL and what the ledger says
     */
    Anchored anchor(String name, AuditMode mode, Optional<Integer> blockSize, Progress progress) {
        var data = new DataName(self.msp(), name);
        Path path = bytes.of(name);
        Optional<AnchorFact> known = metadata.known(data);
        try (var file = StableFile.open(path)) {
            int size = blockSize(file.length(), blockSize);
            if (known.isPresent() && unchanged(known.get(), mode, size, file, progress)) {
                return new Anchored(known.get(), false);
            }
            int version = known.map(AnchorFact::version).orElse(0) + 1;
            return new Anchored(publish(making.make(mode, data, name, version, size, file, progress)), true);
        } catch (IOException e) {
            throw new SelvageException(
                    ErrorCode.DATA_CHANGED, "\"" + name + "\" cannot be hashed: " + e.getMessage() + ".", e);
        }
    }

    private static int blockSize(long length, Optional<Integer> wanted) {
        int size = wanted.orElse(BLOCK);
        if (size < SMALLEST_BLOCK || size > LARGEST_BLOCK) {
            throw new SelvageException(
                    ErrorCode.ARGUMENT_INVALID,
                    "A block has from " + SMALLEST_BLOCK + " bytes to " + LARGEST_BLOCK + ", not " + size + ".");
        }
        while (length / size >= MOST_LEAVES) {
            if (wanted.isPresent()) {
                throw new SelvageException(
                        ErrorCode.TOO_LARGE,
                        length + " bytes in blocks of " + size + " are more than " + MOST_LEAVES
                                + " blocks: choose larger blocks.");
            }
            size *= 2;
        }
        return size;
    }

    private boolean unchanged(AnchorFact known, AuditMode mode, int blockSize, StableFile file, Progress progress)
            throws IOException {
        if (known.mode() != mode || known.blockSize() != blockSize || known.length() != file.length()) {
            return false;
        }
        var kit = kits.find(Anchors.digest(known));
        if (kit.isEmpty()) {
            return false;
        }
        progress.phase("comparing with version " + known.version(), file.length());
        return making.isStill(kit.get(), file, progress);
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
