package dev.selvage.agent.content;

import dev.selvage.agent.store.DurableFiles;
import dev.selvage.model.Digest;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Content in files {@code objects/ab/abcd...}, with an index beside them that has small items in itself. A file is written and hashed under
 * {@code tmp}, synced, moved to its name, its folder synced, and only then recorded: a crash leaves at most files that the index does not
 * name. A small item is there with its record or not at all.
 */
final class FileContentStore implements ContentStore {
    private static final int BUFFER = 64 * 1024;
    private static final long USE_COUNTS_AFTER_MS = 60_000;
    private static final int EVICTED_AT_ONCE = 100;
    private static final int FAN = 256;

    private final Path objects;
    private final Path drafts;
    private final ContentLimits limits;
    private final Clock clock;
    private final ContentIndex index;
    private final StoreRoom room;
    private final NameLocks names = new NameLocks();

    private FileContentStore(Path folder, ContentLimits limits, Clock clock, ContentIndex index) {
        this.objects = folder.resolve("objects");
        this.drafts = folder.resolve("tmp");
        this.limits = limits;
        this.clock = clock;
        this.index = index;
        this.room = new StoreRoom(folder, limits, index.usage().bytes(), this::makeRoom);
    }

    static FileContentStore open(Path folder, ContentLimits limits, Clock clock) {
        Path absolute = folder.toAbsolutePath().normalize();
        try {
            Files.createDirectories(absolute);
            DurableFiles.deleteTree(absolute.resolve("tmp"));
            DurableFiles.makeFolder(absolute.resolve("tmp"));
            DurableFiles.makeFolder(absolute.resolve("objects"));
            makeFan(absolute.resolve("objects"));
        } catch (IOException e) {
            throw Draft.fault(e);
        }
        var index = ContentIndex.open(absolute.resolve("index.db"));
        index.releaseAll(Retention.IN_FLIGHT);
        return new FileContentStore(absolute, limits, clock, index);
    }

    /** All 256 folders at once, so that no file is ever put into one whose own name is not durable yet. */
    private static void makeFan(Path objects) throws IOException {
        boolean made = false;
        for (int i = 0; i < FAN; i++) {
            Path folder = objects.resolve(HexFormat.of().toHexDigits((byte) i));
            if (!Files.isDirectory(folder)) {
                Files.createDirectory(folder);
                made = true;
            }
        }
        if (made) {
            DurableFiles.syncFolder(objects);
        }
    }

    @Override
    public Stored put(InputStream bytes, long limit, Hold hold) {
        return put(bytes, limit, hold, Optional.empty());
    }

    @Override
    public Stored put(InputStream bytes, long limit, Hold hold, Salt salt) {
        return put(bytes, limit, hold, Optional.of(salt));
    }

    private Stored put(InputStream bytes, long limit, Hold hold, Optional<Salt> salt) {
        try (Draft draft = draft()) {
            byte[] buffer = new byte[BUFFER];
            for (int n = bytes.read(buffer); n >= 0; n = bytes.read(buffer)) {
                if (draft.size() + n > limit) {
                    throw new SelvageException(
                            ErrorCode.TOO_LARGE, "The content has more than the " + limit + " bytes allowed.");
                }
                draft.append(ByteBuffer.wrap(buffer, 0, n));
            }
            return publish(draft, new Stored(draft.digest(), draft.size(), salt), hold);
        } catch (IOException e) {
            throw Draft.fault(e);
        }
    }

    @Override
    public Incoming receive(Digest ledgerDigest, boolean salted, long size) {
        return new Reception(this, draft(), ledgerDigest, salted, size);
    }

    private Draft draft() {
        return new Draft(drafts.resolve(UUID.randomUUID().toString()), room, limits.small());
    }

    /** Gives a draft its name and records it; nothing may be appended after. */
    Stored publish(Draft draft, Stored stored, Hold hold) {
        var small = draft.small();
        if (small.isPresent()) {
            names.anyName(() -> {
                if (index.record(stored, small.get(), hold, clock.millis())) {
                    room.recorded(stored.size());
                }
            });
            return stored;
        }
        draft.seal();
        names.oneName(stored.digest(), () -> {
            try {
                name(draft, stored, hold);
            } catch (IOException e) {
                throw Draft.fault(e);
            }
        });
        return stored;
    }

    private void name(Draft draft, Stored stored, Hold hold) throws IOException {
        Path file = name(stored.digest());
        boolean known = index.item(stored.digest()).isPresent();
        if (!known || !Files.exists(file)) {
            Files.setPosixFilePermissions(draft.file(), PosixFilePermissions.fromString("r--r--r--"));
            DurableFiles.publish(draft.file(), file);
        }
        if (index.record(stored, null, hold, clock.millis())) {
            room.recorded(stored.size());
        }
    }

    @Override
    public Optional<Stored> find(Digest digest) {
        return index.find(digest);
    }

    @Override
    public InputStream open(Digest digest, long offset) {
        Stored stored = require(digest);
        touch(stored.digest());
        var small = index.bytes(stored.digest());
        if (small.isPresent()) {
            int from = (int) Math.min(offset, stored.size());
            return new ByteArrayInputStream(small.get(), from, small.get().length - from);
        }
        try {
            FileChannel channel = FileChannel.open(name(stored.digest()), StandardOpenOption.READ);
            channel.position(Math.min(offset, stored.size()));
            return Channels.newInputStream(channel);
        } catch (NoSuchFileException e) {
            throw unknown(digest);
        } catch (IOException e) {
            throw Draft.fault(e);
        }
    }

    @Override
    public Optional<Path> file(Digest digest) {
        Stored stored = require(digest);
        touch(stored.digest());
        return index.isSmall(stored.digest()) ? Optional.empty() : Optional.of(name(stored.digest()));
    }

    private void touch(Digest plain) {
        long now = clock.millis();
        index.item(plain)
                .filter(item -> now - item.used() > USE_COUNTS_AFTER_MS)
                .ifPresent(item -> index.used(plain, now));
    }

    @Override
    public boolean verify(Digest digest) {
        Optional<Stored> stored = index.find(digest);
        if (stored.isEmpty()) {
            return false;
        }
        Digest plain = stored.get().digest();
        var small = index.bytes(plain);
        if (small.isPresent()) {
            return Digest.of(small.get()).equals(plain);
        }
        var sha = Digest.sha256();
        byte[] buffer = new byte[BUFFER];
        try (InputStream in = Files.newInputStream(name(plain))) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                sha.update(buffer, 0, n);
            }
        } catch (NoSuchFileException e) {
            return false;
        } catch (IOException e) {
            throw Draft.fault(e);
        }
        return Digest.fromHash(sha.digest()).equals(plain);
    }

    @Override
    public void hold(Digest digest, Hold hold) {
        Digest plain = require(digest).digest();
        names.oneName(plain, () -> {
            if (index.item(plain).isEmpty() || isLost(plain)) {
                throw unknown(digest);
            }
            index.hold(plain, hold);
        });
    }

    @Override
    public void release(String reference) {
        index.release(reference);
        trimCache();
    }

    @Override
    public List<String> references(Retention retention) {
        return index.references(retention);
    }

    @Override
    public List<Held> held(Retention retention) {
        return index.held(retention);
    }

    @Override
    public Swept gc() {
        List<Digest> lost = new ArrayList<>();
        Set<String> recorded = new HashSet<>();
        for (var item : index.all()) {
            recorded.add(item.digest().hex());
            boolean gone = names.allNames(() -> isLost(item.digest()) && !dropIfUnheld(item));
            if (gone) {
                lost.add(item.digest());
            }
        }
        int strays = removeStrays(recorded);
        var evicted = evict(index.cacheBytes() - limits.cache());
        return new Swept(evicted.items(), evicted.bytes(), strays, lost);
    }

    private boolean isLost(Digest plain) {
        return !index.isSmall(plain) && !Files.exists(name(plain));
    }

    private int removeStrays(Set<String> recorded) {
        int removed = 0;
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(objects)) {
            for (Path folder : folders) {
                try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
                    for (Path file : files) {
                        removed += recorded.contains(file.getFileName().toString()) ? 0 : removeStray(file);
                    }
                }
            }
        } catch (IOException e) {
            throw Draft.fault(e);
        }
        return removed;
    }

    private int removeStray(Path file) {
        String name = file.getFileName().toString();
        return names.allNames(() -> {
            boolean recordedSince =
                    name.matches("[0-9a-f]{64}") && index.item(new Digest(name)).isPresent();
            return !recordedSince && deleted(file) ? 1 : 0;
        });
    }

    private static boolean deleted(Path file) {
        try {
            return Files.deleteIfExists(file);
        } catch (IOException e) {
            throw Draft.fault(e);
        }
    }

    private void trimCache() {
        long excess = index.cacheBytes() - limits.cache();
        if (excess > 0) {
            evict(excess);
        }
    }

    private boolean makeRoom(long bytes) {
        return evict(bytes).bytes() >= bytes;
    }

    private record Evicted(int items, long bytes) {}

    private Evicted evict(long bytes) {
        int items = 0;
        long freed = 0;
        while (freed < bytes) {
            var coldest = index.coldest(EVICTED_AT_ONCE);
            if (coldest.isEmpty()) {
                break;
            }
            for (var item : coldest) {
                if (freed >= bytes) {
                    break;
                }
                if (names.allNames(() -> dropIfUnheld(item))) {
                    items++;
                    freed += item.size();
                }
            }
        }
        return new Evicted(items, freed);
    }

    /** The record goes first: a crash in between leaves a stray file, never a record without its file. */
    private boolean dropIfUnheld(ContentIndex.Item item) {
        if (!index.unheld(item.digest())) {
            return false;
        }
        index.forget(item.digest());
        room.recorded(-item.size());
        deleted(name(item.digest()));
        return true;
    }

    @Override
    public Usage usage() {
        return index.usage();
    }

    private Path name(Digest plain) {
        return objects.resolve(plain.hex().substring(0, 2)).resolve(plain.hex());
    }

    private Stored require(Digest digest) {
        return index.find(digest).orElseThrow(() -> unknown(digest));
    }

    private static SelvageException unknown(Digest digest) {
        return new SelvageException(
                ErrorCode.CONTENT_UNKNOWN, "This node has no content " + digest.shortForm() + "....");
    }

    @Override
    public void close() {
        index.close();
    }
}
