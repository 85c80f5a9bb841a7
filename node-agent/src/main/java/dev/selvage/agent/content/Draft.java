package dev.selvage.agent.content;

import dev.selvage.model.Digest;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;

/** A temporary file that is hashed while it is written. For one thread at a time. */
final class Draft implements AutoCloseable {
    private final Path file;
    private final StoreRoom room;
    private final FileChannel channel;
    private MessageDigest sha = Digest.sha256();
    private long size;

    Draft(Path file, StoreRoom room) {
        this.file = file;
        this.room = room;
        try {
            this.channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw fault(e);
        }
    }

    Path file() {
        return file;
    }

    long size() {
        return size;
    }

    void append(ByteBuffer bytes) {
        int count = bytes.remaining();
        room.take(count);
        size += count;
        sha.update(bytes.duplicate());
        try {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (IOException e) {
            throw fault(e);
        }
    }

    void restart() {
        try {
            channel.truncate(0);
            channel.position(0);
        } catch (IOException e) {
            throw fault(e);
        }
        room.give(size);
        size = 0;
        sha = Digest.sha256();
    }

    /** The digest of what has been written so far. */
    Digest digest() {
        try {
            return Digest.fromHash(((MessageDigest) sha.clone()).digest());
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("every Java platform's SHA-256 can be cloned", e);
        }
    }

    /** Makes the bytes durable; nothing may be appended after. */
    void seal() {
        try {
            channel.force(true);
            channel.close();
        } catch (IOException e) {
            throw fault(e);
        }
    }

    static SelvageException fault(IOException e) {
        if (e instanceof ClosedByInterruptException) {
            return new SelvageException(ErrorCode.INTERRUPTED, "Writing content was interrupted.", e);
        }
        boolean full = String.valueOf(e.getMessage()).contains("No space left");
        return new SelvageException(
                full ? ErrorCode.STORAGE_FULL : ErrorCode.FILE_UNREADABLE,
                "The content store failed: " + e.getMessage(),
                e);
    }

    /** Gives the room back and removes the file where it has not been moved to its name. */
    @Override
    public void close() {
        room.give(size);
        size = 0;
        try {
            channel.close();
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw fault(e);
        }
    }
}
