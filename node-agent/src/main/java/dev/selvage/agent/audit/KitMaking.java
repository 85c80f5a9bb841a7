package dev.selvage.agent.audit;

import dev.selvage.integrity.audit.BlockSource;
import dev.selvage.integrity.audit.FileKey;
import dev.selvage.integrity.audit.PaperStream;
import dev.selvage.integrity.audit.SectoredStream;
import dev.selvage.integrity.hash.CpuHasher;
import dev.selvage.integrity.hash.HashForm;
import dev.selvage.integrity.hash.HashLayout;
import dev.selvage.integrity.hash.StableFile;
import dev.selvage.integrity.pairing.Pairing;
import dev.selvage.integrity.tuning.HashDecision;
import dev.selvage.integrity.tuning.Hashing;
import dev.selvage.model.Digest;
import dev.selvage.model.integrity.AuditMode;
import dev.selvage.model.integrity.DataName;
import dev.selvage.proofs.Anchor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;

/** Computes kits: hashes and, where the mode has them, tags of all blocks of a file. Every version has a secret of its own. Thread-safe. */
final class KitMaking {
    private static final int CHUNK = 1 << 20;
    private static final int SECRET = 32;

    private final AnchorStore kits;
    private final SecureRandom random = new SecureRandom();

    KitMaking(AnchorStore kits) {
        this.kits = kits;
    }

    /** Hashes, tags and roots of a file; R2 is null but in the paper mode. */
    private record Computed(byte[] hashes, byte[] tags, byte[] root, byte[] tagRoot, HashDecision hashing) {}

    /**
     * The kit of a new version.
     *
     * @throws IOException when the file cannot be read or changes meanwhile
     */
    AnchorStore.Stored make(
            AuditMode mode, DataName data, String local, int version, int blockSize, StableFile file, Progress progress)
            throws IOException {
        byte[] secret = new byte[SECRET];
        random.nextBytes(secret);
        int leaves = Anchor.leavesFor(file.length(), blockSize);
        progress.phase(mode == AuditMode.MERKLE ? "hashing" : "hashing and signing", file.length());
        Computed computed = switch (mode) {
            case MERKLE -> merkle(data, blockSize, new FileKey(secret), file, progress);
            case SECTORED -> sectored(data, blockSize, new FileKey(secret), file, progress);
            case PAPER -> paper(blockSize, file, progress);
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
                computed.hashing());
        return new AnchorStore.Stored(kit, secret, computed.hashes(), computed.tags());
    }

    private Computed merkle(DataName data, int blockSize, FileKey key, StableFile file, Progress progress)
            throws IOException {
        Hashing.Hashed hashed;
        try (var hashing = Hashing.open(kits.root())) {
            var decision = hashing.decide(file.length(), OptionalInt.of(blockSize));
            hashed = hashing.hash(file, decision, HashForm.salted(key), progress::done);
        }
        byte[] tags = {};
        var tree = Anchors.tree(data.file().bytes(), file.length(), blockSize, hashed.hashes(), tags);
        return new Computed(hashed.hashes(), tags, tree.root(), null, hashed.decision());
    }

    private Computed sectored(DataName data, int blockSize, FileKey key, StableFile file, Progress progress)
            throws IOException {
        var setup = new SectoredStream(Pairing.fastest(), blockSize)
                .setUp(
                        data.file().bytes(),
                        counted(file.blocks(blockSize), progress),
                        key,
                        kits.ownerKey().key());
        file.requireUnchanged();
        return new Computed(
                joined(setup.hashes()), joined(setup.tags()), setup.tree().root(), null, null);
    }

    private Computed paper(int blockSize, StableFile file, Progress progress) throws IOException {
        var setup = new PaperStream(Pairing.fastest())
                .setUp(
                        counted(file.blocks(blockSize), progress),
                        kits.ownerKey().key());
        file.requireUnchanged();
        var tags = setup.tags().stream().map(Pairing.G1::compressed).toList();
        return new Computed(joined(setup.hashes()), joined(tags), setup.root1(), setup.root2(), null);
    }

    /** Whether a file is still the one of a kit. */
    boolean isStill(AnchorStore.Stored stored, StableFile file, Progress progress) throws IOException {
        var kit = stored.kit();
        byte[] hashes = kit.mode() == AuditMode.PAPER
                ? plainHashes(counted(file.blocks(kit.blockSize()), progress))
                : hashes(file, kit.blockSize(), stored.key(), progress);
        return Arrays.equals(hashes, stored.hashes());
    }

    /** The salted hashes of a file, by all cores. */
    static byte[] hashes(StableFile file, int blockSize, FileKey key, Progress progress) throws IOException {
        var layout = new HashLayout(blockSize, Runtime.getRuntime().availableProcessors(), CHUNK);
        return new CpuHasher().hash(file, layout, key, progress::done);
    }

    private static byte[] plainHashes(BlockSource blocks) throws IOException {
        var out = new ByteArrayOutputStream();
        for (int i = 0; i < blocks.blocks(); i++) {
            out.writeBytes(Digest.sha256().digest(blocks.block(i)));
        }
        return out.toByteArray();
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
