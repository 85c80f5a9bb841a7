package dev.selvage.agent.content;

import dev.selvage.model.Digest;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Optional;

/** Content that is hashed while it is written: in memory while it is small, then in a temporary file. For one thread at a time. */
final class Draft implements AutoCloseable {
    private final Path file;
    private final StoreRoom room;
    private final int small;
    private ByteArrayOutputStream memory = new ByteArrayOutputStream();
    private FileChannel channel;
    private MessageDigest sha = Digest.sha256();
    private long size;

    /**
     * An empty draft.
     *
     * @param file does not exist yet
     * @param small bytes up to which it stays in memory
     */
    Draft(Path file, StoreRoom room, int small) {
        this.file = file;
        this.room = room;
        this.small = small;
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
            if (channel == null && size > small) {
                channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                write(ByteBuffer.wrap(memory.toByteArray()));
                memory = null;
            }
            if (channel != null) {
                write(bytes);
            } else {
                byte[] copy = new byte[count];
                bytes.get(copy);
                memory.writeBytes(copy);
            }
        } catch (IOException e) {
            throw fault(e);
        }
    }

    private void write(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    void restart() {
        try {
            if (channel == null) {
                memory.reset();
            } else {
                channel.truncate(0);
                channel.position(0);
            }
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

    /** The bytes, where they are few; empty when there is a file. */
    Optional<byte[]> small() {
        return channel == null ? Optional.of(memory.toByteArray()) : Optional.empty();
    }

    /** Makes the file's bytes durable; nothing may be appended after. */
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
        if (channel == null) {
            return;
        }
        try {
            channel.close();
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw fault(e);
        }
    }
}
