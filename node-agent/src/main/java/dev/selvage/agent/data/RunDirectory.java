package dev.selvage.agent.data;

import dev.selvage.agent.store.DurableFiles;
import dev.selvage.model.Digest;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run's files: inputs that it reads, and a place where it may write. Made when it is first needed, since most runs never do; closing
 * removes all of it. Thread-safe: the engine may ask on a thread of its own.
 */
public final class RunDirectory implements AutoCloseable {
    /** Up to this size a file is copied, so that no engine can change the original; larger ones are linked. */
    static final long COPIED_UP_TO = 64L << 20;

    private static final Logger LOG = LoggerFactory.getLogger(RunDirectory.class);

    private final Path path;
    private final boolean fresh;
    private boolean made;
    private boolean closed;
    private int placed;

    /** @param fresh whether what a crash left there is of no use */
    RunDirectory(Path path, boolean fresh) {
        this.path = path;
        this.fresh = fresh;
    }

    /**
     * Where the engine may write, absolute; its own and empty at first.
     *
     * @throws SelvageException FILE_UNREADABLE, STORAGE_FULL; CANCELLED when the run is over
     */
    public synchronized Path work() {
        make();
        return path.resolve("work");
    }

    private void make() {
        if (closed) {
            throw new SelvageException(ErrorCode.CANCELLED, "The run is over, its directory has been removed.");
        }
        if (made) {
            return;
        }
        try {
            if (fresh) {
                DurableFiles.deleteTree(path);
            }
            Files.createDirectories(path.resolve("in"));
            Files.createDirectories(path.resolve("work"));
            made = true;
        } catch (IOException e) {
            throw RunDirectories.failed("made", path, e);
        }
    }

    /**
     * Puts a file among the inputs, under a number.
     *
     * @param expected the digest of its bytes; checked where they are copied
     * @return the copy, or empty when its bytes are not those of the digest
     */
    synchronized Optional<Path> place(Path file, long size, Digest expected) {
        make();
        Path target = path.resolve("in").resolve("input-" + placed++);
        try {
            Files.deleteIfExists(target);
            if (size > COPIED_UP_TO && linked(file, target)) {
                return Optional.of(target);
            }
            var sha = Digest.sha256();
            try (InputStream in = new DigestInputStream(Files.newInputStream(file), sha);
                    OutputStream out = Files.newOutputStream(target)) {
                in.transferTo(out);
            }
            if (!Digest.fromHash(sha.digest()).equals(expected)) {
                Files.delete(target);
                return Optional.empty();
            }
            return Optional.of(target);
        } catch (IOException e) {
            throw RunDirectories.failed("filled", path, e);
        }
    }

    /** Puts checked bytes among the inputs, under a number. */
    synchronized Path place(byte[] bytes) {
        make();
        Path target = path.resolve("in").resolve("input-" + placed++);
        try {
            return Files.write(target, bytes);
        } catch (IOException e) {
            throw RunDirectories.failed("filled", path, e);
        }
    }

    private static boolean linked(Path file, Path target) throws IOException {
        try {
            Files.createLink(target, file);
            return true;
        } catch (UnsupportedOperationException | FileSystemException otherDisk) {
            return false;
        }
    }

    /** Removes all of it; what cannot be removed now is removed by the next start. */
    @Override
    public synchronized void close() {
        closed = true;
        if (fresh && !made) {
            return;
        }
        try {
            DurableFiles.deleteTree(path);
        } catch (IOException e) {
            LOG.warn("the run directory {} is still there: {}", path.getFileName(), e.getMessage());
        }
    }
}
