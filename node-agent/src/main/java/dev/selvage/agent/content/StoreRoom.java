package dev.selvage.agent.content;

import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongPredicate;

/** The account of bytes that are being written and not yet recorded, so that the limit holds for all writers together. */
final class StoreRoom {
    private final FileStore disk;
    private final ContentLimits limits;
    private final LongPredicate makeRoom;
    private final AtomicLong recorded;
    private final AtomicLong writing = new AtomicLong();

    /** @param makeRoom frees that many bytes of cache, or says that it cannot */
    StoreRoom(Path folder, ContentLimits limits, long recorded, LongPredicate makeRoom) {
        this.disk = disk(folder);
        this.limits = limits;
        this.recorded = new AtomicLong(recorded);
        this.makeRoom = makeRoom;
    }

    /**
     * Takes room for bytes about to be written.
     *
     * @throws SelvageException STORAGE_FULL
     */
    void take(long bytes) {
        long excess = writing.addAndGet(bytes) + recorded.get() - limits.total();
        if ((excess > 0 && !makeRoom.test(excess)) || !diskHas(bytes)) {
            writing.addAndGet(-bytes);
            throw new SelvageException(
                    ErrorCode.STORAGE_FULL,
                    "The content store has no room for " + bytes + " more bytes (limit " + limits.total()
                            + ", of the disk " + limits.spare() + " stay free).");
        }
    }

    /** Gives back what was taken for a file that is recorded now, or was dropped. */
    void give(long bytes) {
        writing.addAndGet(-bytes);
    }

    void recorded(long bytes) {
        recorded.addAndGet(bytes);
    }

    private static FileStore disk(Path folder) {
        try {
            return Files.getFileStore(folder);
        } catch (IOException e) {
            throw Draft.fault(e);
        }
    }

    private boolean diskHas(long bytes) {
        try {
            return disk.getUsableSpace() - bytes >= limits.spare();
        } catch (IOException e) {
            return true;
        }
    }
}
