package dev.selvage.agent.audit;

import dev.selvage.integrity.audit.BlockSource;
import dev.selvage.integrity.audit.FileKey;
import dev.selvage.integrity.audit.OnLedger;
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
import dev.selvage.model.integrity.MetadataFacts.AnchorFact;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;

/**
 * Computes kits: hashes and, where the mode has them, tags of a file's blocks. Files are hashed as the machine's measurement or a user's wish says.
 * A version goes on with the secret of the one before where it may, so that only blocks that changed get new tags (decision 0200). Thread-safe.
 */
final class KitMaking {
    private static final int SECRET = 32;
    private static final byte[] NO_TAGS = {};

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

    /**
     * The version that a kit goes on from.
     *
     * @param stored of the same mode, block size and kept level
     * @param sameOwner whether its tags were made with this node's key
     */
    record Before(AnchorStore.Stored stored, boolean sameOwner) {}

    /**
     * A kit of the bytes as they are now.
     *
     * @param anew blocks that are not those of the version before; with tags of another key, or in the mode paper, all of them
     * @param unchanged whether the file is that of the version before
     */
    record Made(AnchorStore.Stored stored, int anew, boolean unchanged) {}

    /** Tags and roots of a file; R2 is null but in the paper mode. */
    private record Computed(byte[] tags, byte[] root, byte[] tagRoot) {}

    /**
     * The kit of a new version.
     *
     * @param before empty for a secret of its own
     * @throws IOException when the file cannot be read or changes meanwhile
     */
    Made make(
            AuditMode mode,
            DataName data,
            String local,
            int version,
            HashDecision decision,
            Optional<Before> before,
            StableFile file,
            Progress progress)
            throws IOException {
        byte[] secret = before.map(known -> known.stored().secret()).orElseGet(this::secret);
        var key = new FileKey(secret);
        int blockSize = decision.blockSize();
        var kept = new KeptHashes(mode, file.length(), blockSize);
        progress.phase("hashing", file.length());
        var hashed = hash(file, decision, kept.form(key, data.file().bytes()), progress);
        byte[] hashes = hashed.hashes();
        int changed = before.map(known -> kept.changed(known.stored(), hashes)).orElse(kept.blocks());
        boolean sameKey = !mode.needsKey() || before.map(Before::sameOwner).orElse(false);
        if (sameKey && before.isPresent() && before.get().stored().kit().length() == file.length() && changed == 0) {
            return new Made(before.get().stored(), 0, true);
        }
        Computed computed = switch (mode) {
            case MERKLE -> new Computed(NO_TAGS, kept.root(data.file().bytes(), hashes, NO_TAGS), null);
            case SECTORED -> sectored(data, blockSize, hashes, key, before, file, progress);
            case PAPER -> paper(blockSize, hashes, file, progress);
        };
        var kit = new Kit(
                local,
                data,
                mode,
                version,
                kept.blocks(),
                file.length(),
                blockSize,
                Digest.fromHash(computed.root()),
                computed.tagRoot() == null ? null : Digest.fromHash(computed.tagRoot()),
                hashed.decision());
        boolean all = mode == AuditMode.PAPER || !sameKey;
        return new Made(
                new AnchorStore.Stored(kit, secret, hashes, computed.tags()), all ? kept.blocks() : changed, false);
    }

    private byte[] secret() {
        byte[] secret = new byte[SECRET];
        random.nextBytes(secret);
        return secret;
    }

    private Hashing.Hashed hash(StableFile file, HashDecision decision, HashForm form, Progress progress)
            throws IOException {
        try (var hashing = Hashing.open(kits.root())) {
            return hashing.hash(file, decision, form, progress::done);
        }
    }

    private Computed sectored(
            DataName data,
            int blockSize,
            byte[] hashes,
            FileKey key,
            Optional<Before> before,
            StableFile file,
            Progress progress)
            throws IOException {
        var audit = new SectoredAudit(Pairing.fastest(), blockSize);
        var blocks = counted(file.blocks(blockSize), progress);
        byte[] name = data.file().bytes();
        var owner = kits.ownerKey().key();
        var known = before.filter(Before::sameOwner).map(Before::stored);
        progress.phase("signing", known.isPresent() ? 0 : file.length());
        var setup = known.isPresent()
                ? audit.update(Anchors.setup(known.get()), name, blocks, hashes, key, owner)
                : audit.setUp(name, blocks, hashes, key, owner);
        file.requireUnchanged();
        return new Computed(joined(setup.tags()), setup.tree().root(), null);
    }

    private Computed paper(int blockSize, byte[] hashes, StableFile file, Progress progress) throws IOException {
        progress.phase("signing", file.length());
        var setup = new PaperAudit(Pairing.fastest())
                .setUp(
                        counted(file.blocks(blockSize), progress),
                        hashes,
                        kits.ownerKey().key());
        file.requireUnchanged();
        var tags = setup.tags().stream().map(Pairing.G1::compressed).toList();
        return new Computed(joined(tags), setup.root1(), setup.root2());
    }

    /**
     * The hashes of a file that are comparable with those kept under an anchor.
     *
     * @param anchor not of the mode paper
     */
    Hashing.Hashed hashes(StableFile file, AnchorFact anchor, FileKey key, HashWish wish, Progress progress)
            throws IOException {
        var kept = KeptHashes.of(anchor.mode(), OnLedger.anchor(anchor));
        return hash(
                file,
                decide(file.length(), wish.withBlockSize(anchor.blockSize())),
                kept.form(key, anchor.file().bytes()),
                progress);
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
