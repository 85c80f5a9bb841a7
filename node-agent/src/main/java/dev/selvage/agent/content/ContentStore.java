package dev.selvage.agent.content;

import dev.selvage.model.Digest;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/**
 * Bytes of this node by their digest. Whatever {@code put} returned is durable: it survives kill -9 and loss of power. Content is found by
 * its plain digest and by each salted digest under which it was put (LEDGER.md, rule 13). Thread-safe. Faults are {@link
 * dev.selvage.model.SelvageException}.
 */
public interface ContentStore extends AutoCloseable {
    /**
     * Opens the store in a folder, which it makes where it is not there, and sweeps what a crash left half-written. Holds in
     * flight ended with the process that had them.
     *
     * @throws dev.selvage.model.SelvageException JOURNAL_CORRUPT, FILE_UNREADABLE
     */
    static ContentStore open(Path folder, ContentLimits limits, Clock clock) {
        return FileContentStore.open(folder, limits, clock);
    }

    /**
     * Takes content in.
     *
     * @param limit bytes; reading stops there
     * @throws dev.selvage.model.SelvageException TOO_LARGE, STORAGE_FULL; FILE_UNREADABLE when the stream fails
     */
    Stored put(InputStream bytes, long limit, Hold hold);

    /** Takes content in that is also found by its salted digest. */
    Stored put(InputStream bytes, long limit, Hold hold, Salt salt);

    /**
     * Begins to take in content whose digest and size are known, piece by piece; nothing is visible before {@link Incoming#complete}.
     *
     * @throws dev.selvage.model.SelvageException STORAGE_FULL
     */
    Incoming receive(Digest ledgerDigest, boolean salted, long size);

    /** What is there under a digest, plain or salted; without reading it. */
    Optional<Stored> find(Digest digest);

    /**
     * Reads content from an offset on. Counts as a use.
     *
     * @throws dev.selvage.model.SelvageException CONTENT_UNKNOWN
     */
    InputStream open(Digest digest, long offset);

    /** Reads content from its beginning. */
    default InputStream open(Digest digest) {
        return open(digest, 0);
    }

    /**
     * The file that holds the content; empty where it is small and has none. It must not be changed, and stays only as long as a hold does.
     *
     * @throws dev.selvage.model.SelvageException CONTENT_UNKNOWN
     */
    Optional<Path> file(Digest digest);

    /** Whether the bytes are there and still those of the digest. Reads all of them. */
    boolean verify(Digest digest);

    /**
     * Keeps an item.
     *
     * @throws dev.selvage.model.SelvageException CONTENT_UNKNOWN
     */
    void hold(Digest digest, Hold hold);

    /** Ends all holds with this reference; items without another become cache. */
    void release(String reference);

    /** References of all holds of this kind, for finding those whose reason is gone. */
    List<String> references(Retention retention);

    /** All holds of this kind with the bytes that they keep, by reference. */
    List<Held> held(Retention retention);

    /** Evicts what exceeds the cache's limit, removes stray files, and names what is recorded and not there. */
    Swept gc();

    Usage usage();

    @Override
    void close();

    /** What {@link #gc} did. */
    record Swept(int evicted, long bytes, int strays, List<Digest> lost) {
        public Swept {
            lost = List.copyOf(lost);
        }
    }

    /** A hold and the size of its item; an item with two holds counts in both. */
    record Held(String reference, Digest digest, long size) {}

    /** Bytes and items, and how many of the bytes nobody holds. */
    record Usage(long items, long bytes, long cacheBytes) {}
}
