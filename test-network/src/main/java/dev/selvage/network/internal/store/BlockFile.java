package dev.selvage.network.internal.store;

import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * The append-only file of blocks: a header, then records of length, checksum and bytes. An append returns once the bytes are on
 * the disk. A record cut short at the end, as a crash leaves it, is removed on {@link #recover}; damage anywhere else is refused.
 * One writer; reads may come from any thread.
 */
final class BlockFile implements Closeable {
    private static final byte[] HEADER = "SELVAGE-BLOCKS/1".getBytes(StandardCharsets.US_ASCII);
    private static final int RECORD_HEAD = Integer.BYTES * 2;
    private static final int LARGEST_BLOCK = 256 * 1024 * 1024;

    private final Path path;
    private final FileChannel channel;
    private long end;

    private BlockFile(Path path, FileChannel channel, long end) {
        this.path = path;
        this.channel = channel;
        this.end = end;
    }

    static BlockFile open(Path path) throws IOException {
        FileChannel channel =
                FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            if (channel.size() < HEADER.length) {
                channel.truncate(0);
                writeFully(channel, ByteBuffer.wrap(HEADER), 0);
                channel.force(true);
                syncDirectory(path.toAbsolutePath().getParent());
            } else if (!Arrays.equals(readFully(channel, 0, HEADER.length).array(), HEADER)) {
                throw new SelvageException(ErrorCode.LEDGER_CORRUPT, path + " is not a block file of this version");
            }
            return new BlockFile(path, channel, channel.size());
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** Offset of the first record. */
    static long first() {
        return HEADER.length;
    }

    /** Space that a record of these bytes takes. */
    static long recordLength(byte[] bytes) {
        return RECORD_HEAD + (long) bytes.length;
    }

    /** Offset where the next record goes. */
    long end() {
        return end;
    }

    /** Called for each record with its offset and bytes. */
    @FunctionalInterface
    interface Visitor {
        void record(long offset, byte[] bytes) throws IOException;
    }

    /**
     * Visits the records from an offset on, and cuts off a torn last one.
     *
     * @throws SelvageException LEDGER_CORRUPT where a record is damaged that is not the last
     */
    void recover(long from, Visitor visitor) throws IOException {
        long size = channel.size();
        long at = from;
        while (at < size) {
            byte[] bytes = intact(at, size);
            if (bytes == null) {
                refuseUnlessTail(at, size);
                channel.truncate(at);
                channel.force(true);
                break;
            }
            visitor.record(at, bytes);
            at += RECORD_HEAD + bytes.length;
        }
        end = at;
    }

    /** Appends a record and waits until the disk has it. */
    long append(byte[] bytes) throws IOException {
        ByteBuffer record = ByteBuffer.allocate(RECORD_HEAD + bytes.length);
        record.putInt(bytes.length).putInt(checksum(bytes)).put(bytes).flip();
        long at = end;
        writeFully(channel, record, at);
        channel.force(false);
        end = at + RECORD_HEAD + bytes.length;
        return at;
    }

    byte[] read(long offset) throws IOException {
        byte[] bytes = intact(offset, channel.size());
        if (bytes == null) {
            throw new SelvageException(ErrorCode.LEDGER_CORRUPT, path + " is damaged at byte " + offset);
        }
        return bytes;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private byte[] intact(long offset, long size) throws IOException {
        if (size - offset < RECORD_HEAD) {
            return null;
        }
        ByteBuffer head = readFully(channel, offset, RECORD_HEAD);
        int length = head.getInt(0);
        if (length <= 0 || length > LARGEST_BLOCK || length > size - offset - RECORD_HEAD) {
            return null;
        }
        byte[] bytes = readFully(channel, offset + RECORD_HEAD, length).array();
        return checksum(bytes) == head.getInt(Integer.BYTES) ? bytes : null;
    }

    /**
     * A crash leaves the last record short, or its space allocated and partly unwritten; nothing can follow it. So an intact record
     * found behind means that this one was damaged later, perhaps in its length, and that cutting it off would lose others.
     */
    private void refuseUnlessTail(long at, long size) throws IOException {
        if (size - at < RECORD_HEAD || onlyZeros(at, size)) {
            return;
        }
        int length = readFully(channel, at, RECORD_HEAD).getInt(0);
        boolean reachesEnd = length > 0 && length <= LARGEST_BLOCK && at + RECORD_HEAD + length >= size;
        if (!reachesEnd || intactRecordWithin(at + 1, size)) {
            throw new SelvageException(
                    ErrorCode.LEDGER_CORRUPT, path + " is damaged at byte " + at + ", and more follows it");
        }
    }

    private boolean intactRecordWithin(long from, long to) throws IOException {
        ByteBuffer tail = readFully(channel, from, Math.toIntExact(to - from));
        CRC32C crc = new CRC32C();
        for (int at = 0; at <= tail.capacity() - RECORD_HEAD; at++) {
            int length = tail.getInt(at);
            if (length > 0 && length <= tail.capacity() - RECORD_HEAD - at) {
                crc.reset();
                crc.update(tail.slice(at + RECORD_HEAD, length));
                if ((int) crc.getValue() == tail.getInt(at + Integer.BYTES)) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean onlyZeros(long from, long to) throws IOException {
        for (long at = from; at < to; at += 8192) {
            for (byte b : readFully(channel, at, (int) Math.min(8192, to - at)).array()) {
                if (b != 0) {
                    return false;
                }
            }
        }
        return true;
    }

    private static int checksum(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }

    private static ByteBuffer readFully(FileChannel channel, long offset, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, offset + buffer.position()) < 0) {
                throw new IOException("the block file ends at " + channel.size());
            }
        }
        return buffer;
    }

    private static void writeFully(FileChannel channel, ByteBuffer buffer, long offset) throws IOException {
        long at = offset;
        while (buffer.hasRemaining()) {
            at += channel.write(buffer, at);
        }
    }

    private static void syncDirectory(Path directory) throws IOException {
        try (FileChannel handle = FileChannel.open(directory, StandardOpenOption.READ)) {
            handle.force(true);
        }
    }
}
