package dev.selvage.agent.audit;

import dev.selvage.agent.store.DurableFiles;
import dev.selvage.integrity.audit.FileKey;
import dev.selvage.integrity.audit.OnLedger;
import dev.selvage.integrity.audit.OwnerKey;
import dev.selvage.integrity.pairing.Pairing;
import dev.selvage.model.CanonicalJson;
import dev.selvage.model.Digest;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import dev.selvage.model.integrity.AuditMode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * The kits of this node, a folder each, named by the anchor's digest: {@code kit.json}, {@code key} (secret), {@code hashes} and, where the mode has
 * them, {@code tags}. A folder appears whole or not at all. Of each file the newest {@value #KEPT} versions are kept. Thread-safe.
 */
public final class AnchorStore {
    /** An audit that began before a file was anchored again still finds its version. */
    static final int KEPT = 2;

    private static final String KIT = "kit.json";
    private static final String KEY = "key";
    private static final String HASHES = "hashes";
    private static final String TAGS = "tags";
    private static final String OWNER_KEY = "owner.key";
    private static final String HALF = "new-";
    private static final int KEY_BYTES = 32;
    private static final int LARGEST_KIT = 16 * 1024;

    private final Path root;

    /**
     * Opens the store; what a crash left half-written is removed.
     *
     * @throws SelvageException FILE_UNREADABLE
     */
    public AnchorStore(Path root) {
        this.root = root.toAbsolutePath().normalize();
        try {
            Files.createDirectories(this.root);
            try (DirectoryStream<Path> halves = Files.newDirectoryStream(this.root, HALF + "*")) {
                for (Path half : halves) {
                    DurableFiles.deleteTree(half);
                }
            }
        } catch (IOException e) {
            throw failed("opened", e);
        }
    }

    /** The folder of all kits. */
    Path root() {
        return root;
    }

    /**
     * A kit with its files.
     *
     * @param secret 32 bytes from which salts and masks follow
     * @param hashes 32 bytes each, as {@link KeptHashes} says
     * @param tags 48 bytes a block; empty in the merkle mode
     */
    public record Stored(Kit kit, byte[] secret, byte[] hashes, byte[] tags) {
        public FileKey key() {
            return new FileKey(secret);
        }
    }

    /**
     * Keeps a kit durably. Older versions stay until {@link #forgetOlder}: the new one may never come to stand on the ledger.
     *
     * @throws SelvageException FILE_UNREADABLE, STORAGE_FULL
     */
    public synchronized void save(Stored stored) {
        Path half = root.resolve(HALF + UUID.randomUUID());
        try {
            Files.createDirectory(half);
            write(half.resolve(KIT), CanonicalJson.bytes(stored.kit()));
            write(half.resolve(KEY), stored.secret());
            write(half.resolve(HASHES), stored.hashes());
            write(half.resolve(TAGS), stored.tags());
            DurableFiles.syncFolder(half);
            Path folder = folder(stored.kit());
            DurableFiles.deleteTree(folder);
            DurableFiles.publish(half, folder);
        } catch (IOException e) {
            throw failed("written", e);
        }
    }

    /** Removes a kit that was never anchored. */
    public synchronized void remove(Kit kit) {
        try {
            DurableFiles.deleteTree(folder(kit));
        } catch (IOException e) {
            throw failed("written", e);
        }
    }

    private static void write(Path file, byte[] bytes) throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                Files.setPosixFilePermissions(
                        file, Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE));
            }
            var buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        }
    }

    /** Removes the versions of a file beyond the newest {@value #KEPT}, once the given one is anchored. */
    public synchronized void forgetOlder(Kit kept) {
        var versions = list().stream()
                .filter(kit -> kit.data().equals(kept.data()))
                .sorted(Comparator.comparingInt(Kit::version).reversed())
                .toList();
        try {
            for (Kit old : versions.subList(Math.min(KEPT, versions.size()), versions.size())) {
                DurableFiles.deleteTree(folder(old));
            }
        } catch (IOException e) {
            throw failed("written", e);
        }
    }

    /** The kit of an anchor, by {@link dev.selvage.proofs.Anchor#digest}, without its files. */
    public synchronized Optional<Kit> kit(Digest anchor) {
        Path folder = root.resolve(anchor.hex());
        try {
            return Files.isDirectory(folder) ? Optional.of(kit(folder)) : Optional.empty();
        } catch (IOException e) {
            throw failed("read", e);
        }
    }

    /** The kit of an anchor, by {@link dev.selvage.proofs.Anchor#digest}; with its files. */
    public synchronized Optional<Stored> find(Digest anchor) {
        Path folder = root.resolve(anchor.hex());
        if (!Files.isDirectory(folder)) {
            return Optional.empty();
        }
        try {
            Kit kit = kit(folder);
            return Optional.of(new Stored(
                    kit,
                    exactly(folder.resolve(KEY), KEY_BYTES),
                    exactly(folder.resolve(HASHES), kit.kept().bytes()),
                    exactly(
                            folder.resolve(TAGS),
                            kit.mode() == AuditMode.MERKLE ? 0 : Math.multiplyExact(kit.leaves(), Pairing.G1_BYTES))));
        } catch (IOException e) {
            throw failed("read", e);
        }
    }

    /**
     * A key of the owner.
     *
     * @param digest by which it is registered on the ledger
     */
    record OwnKey(OwnerKey key, Digest digest) {}

    /** The key with which this node makes tags; made when it is first needed, and secret like the node's other keys. */
    synchronized OwnKey ownerKey() {
        Path file = root.resolve(OWNER_KEY);
        try {
            if (!Files.exists(file)) {
                Path half = root.resolve(HALF + UUID.randomUUID());
                write(half, OwnerKey.random(new SecureRandom()).secret());
                DurableFiles.publish(half, file);
            }
            var key = OwnerKey.of(exactly(file, KEY_BYTES));
            return new OwnKey(key, OnLedger.keyDigest(Pairing.fastest(), key));
        } catch (IOException e) {
            throw failed("read", e);
        }
    }

    /** Another key instead of one that was revoked. */
    synchronized OwnKey renewOwnerKey(Digest revoked) {
        var present = ownerKey();
        if (!present.digest().equals(revoked)) {
            return present;
        }
        try {
            Path half = root.resolve(HALF + UUID.randomUUID());
            write(half, OwnerKey.random(new SecureRandom()).secret());
            DurableFiles.publish(half, root.resolve(OWNER_KEY));
        } catch (IOException e) {
            throw failed("written", e);
        }
        return ownerKey();
    }

    /** All kits, without their files. */
    public synchronized List<Kit> list() {
        List<Kit> kits = new ArrayList<>();
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(root)) {
            for (Path folder : folders) {
                if (Files.exists(folder.resolve(KIT))
                        && !folder.getFileName().toString().startsWith(HALF)) {
                    kits.add(kit(folder));
                }
            }
        } catch (IOException e) {
            throw failed("read", e);
        }
        return kits;
    }

    private static Kit kit(Path folder) throws IOException {
        Path file = folder.resolve(KIT);
        if (Files.size(file) > LARGEST_KIT) {
            throw new IOException(KIT + " is too large");
        }
        return CanonicalJson.read(Files.readAllBytes(file), Kit.class);
    }

    private static byte[] exactly(Path file, int size) throws IOException {
        if (Files.size(file) != size) {
            throw new IOException(file.getFileName() + " has " + Files.size(file) + " bytes instead of " + size);
        }
        return Files.readAllBytes(file);
    }

    private Path folder(Kit kit) {
        return root.resolve(kit.id().hex());
    }

    private static SelvageException failed(String what, IOException e) {
        boolean full = String.valueOf(e.getMessage()).contains("No space left");
        return new SelvageException(
                full ? ErrorCode.STORAGE_FULL : ErrorCode.FILE_UNREADABLE,
                "The node's anchors cannot be " + what + ": " + e.getMessage(),
                e);
    }
}
