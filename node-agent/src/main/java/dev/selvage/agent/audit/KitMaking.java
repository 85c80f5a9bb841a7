package dev.selvage.agent.audit;

import dev.selvage.integrity.audit.BlockSource;
import dev.selvage.integrity.audit.FileKey;
import dev.selvage.integrity.audit.PaperAudit;
import dev.selvage.integrity.audit.SectoredAudit;
import dev.selvage.integrity.hash.HashForm;
import dev.selvage.integrity.hash.StableFile;
import dev.selvage.integrity.pairing.Pairing;
import dev.selvage.integrity.tuning.HashDecision;
import dev.selvage.integrity.tuning.HashWish;
import dev.selvage.integrity.tuning.Hashing;
import dev.selvage.model.Digest;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import dev.selvage.model.integrity.AuditMode;
import dev.selvage.model.integrity.DataName;
import dev.selvage.proofs.Anchor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;

/**
 * Computes kits: hashes and, where the mode has them, tags of all blocks of a file. Files are hashed as the machine's measurement or a user's wish says.
 * Every version has a secret of its own. Thread-safe.
 */
final class KitMaking {
    private static final int SECRET = 32;

    private final AnchorStore kits;
    private final SecureRandom random = new SecureRandom();

    KitMaking(AnchorStore kits) {
        this.kits = kits;
    }

    /**
     * How a file of that size is hashed.
     *
     * @throws SelvageException ARGUMENT_INVALID when nothing hashes as it is wished
     */
    HashDecision decide(long length, HashWish wish) {
        try (var hashing = Hashing.open(kits.root())) {
            return hashing.decide(length, wish);
        } catch (IllegalArgumentException e) {
            throw new SelvageException(
                    ErrorCode.ARGUMENT_INVALID, "The file cannot be hashed like this: " + e.getMessage() + ".", e);
        }
    }

    /** Hashes, tags and roots of a file; R2 is null but in the paper mode. */
    private record Computed(byte[] tags, byte[] root, byte[] tagRoot) {}

    /**
     * The kit of a new version.
     *
     * @throws IOException when the file cannot be read or changes meanwhile
     */
    AnchorStore.Stored make(
            AuditMode mode,
            DataName data,
            String local,
            int version,
            HashDecision decision,
            StableFile file,
            Progress progress)
            throws IOException {
        byte[] secret = new byte[SECRET];
        random.nextBytes(secret);
        var key = new FileKey(secret);
        int blockSize = decision.blockSize();
        int leaves = Anchor.leavesFor(file.length(), blockSize);
        progress.phase("hashing", file.length());
        var hashed = hash(file, decision, form(mode, key), progress);
        byte[] hashes = hashed.hashes();
        if (mode.needsKey()) {
            progress.phase("signing", file.length());
        }
        Computed computed = switch (mode) {
            case MERKLE -> merkle(data, blockSize, hashes, file);
            case SECTORED -> sectored(data, blockSize, hashes, key, file, progress);
            case PAPER -> paper(blockSize, hashes, file, progress);
        };
        var kit = new Kit(
                local,
                data,
                mode,
                version,
                leaves,
                file.length(),
                blockSize,
                Digest.fromHash(computed.root()),
                computed.tagRoot() == null ? null : Digest.fromHash(computed.tagRoot()),
                hashed.decision());
        return new AnchorStore.Stored(kit, secret, hashes, computed.tags());
    }

    private static HashForm form(AuditMode mode, FileKey key) {
        return mode == AuditMode.PAPER ? HashForm.plain() : HashForm.salted(key);
    }

    private Hashing.Hashed hash(StableFile file, HashDecision decision, HashForm form, Progress progress)
            throws IOException {
        try (var hashing = Hashing.open(kits.root())) {
            return hashing.hash(file, decision, form, progress::done);
        }
    }

    private static Computed merkle(DataName data, int blockSize, byte[] hashes, StableFile file) {
        byte[] tags = {};
        var tree = Anchors.tree(data.file().bytes(), file.length(), blockSize, hashes, tags);
        return new Computed(tags, tree.root(), null);
    }

    private Computed sectored(
            DataName data, int blockSize, byte[] hashes, FileKey key, StableFile file, Progress progress)
            throws IOException {
        var setup = new SectoredAudit(Pairing.fastest(), blockSize)
                .setUp(
                        data.file().bytes(),
                        counted(file.blocks(blockSize), progress),
                        hashes,
                        key,
                        kits.ownerKey().key());
        file.requireUnchanged();
        return new Computed(joined(setup.tags()), setup.tree().root(), null);
    }

    private Computed paper(int blockSize, byte[] hashes, StableFile file, Progress progress) throws IOException {
        var setup = new PaperAudit(Pairing.fastest())
                .setUp(
                        counted(file.blocks(blockSize), progress),
                        hashes,
                        kits.ownerKey().key());
        file.requireUnchanged();
        var tags = setup.tags().stream().map(Pairing.G1::compressed).toList();
        return new Computed(joined(tags), setup.root1(), setup.root2());
    }

    /** Whether a file is still the one of a kit. */
    boolean isStill(AnchorStore.Stored stored, StableFile file, HashWish wish, Progress progress) throws IOException {
        var decision = decide(file.length(), wish.withBlockSize(stored.kit().blockSize()));
        var hashed = hash(file, decision, form(stored.kit().mode(), stored.key()), progress);
        return Arrays.equals(hashed.hashes(), stored.hashes());
    }

    /** The salted hashes of a file in blocks of an anchor. */
    Hashing.Hashed hashes(StableFile file, int blockSize, FileKey key, HashWish wish, Progress progress)
            throws IOException {
        return hash(file, decide(file.length(), wish.withBlockSize(blockSize)), HashForm.salted(key), progress);
    }

    private static byte[] joined(List<byte[]> parts) {
        var out = new ByteArrayOutputStream();
        parts.forEach(out::writeBytes);
        return out.toByteArray();
    }

    private static BlockSource counted(BlockSource blocks, Progress progress) {
        return new BlockSource() {
            @Override
            public long length() {
                return blocks.length();
            }

            @Override
            public int blockSize() {
                return blocks.blockSize();
            }

            @Override
            public byte[] block(int index) throws IOException {
                byte[] block = blocks.block(index);
                progress.done(block.length);
                return block;
            }
        };
    }
}
