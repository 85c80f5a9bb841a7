package dev.selvage.cli.internal.local;

import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.function.Consumer;

/** One command at a time changes the network of a folder; another one waits. */
record ChangeLock(FileChannel channel, FileLock lock) implements AutoCloseable {
    static ChangeLock take(DataFolder data, Consumer<String> progress) {
        try {
            Files.createDirectories(data.root());
            var channel =
                    FileChannel.open(data.root().resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            var lock = channel.tryLock();
            if (lock == null) {
                progress.accept("another command works on " + data.root() + "; waiting");
                lock = channel.lock();
            }
            return new ChangeLock(channel, lock);
        } catch (IOException e) {
            throw new SelvageException(
                    ErrorCode.FILE_UNREADABLE, data.root() + " cannot be written: " + e.getMessage() + ".", e);
        }
    }

    @Override
    public void close() {
        try {
            lock.release();
            channel.close();
        } catch (IOException e) {
            throw new SelvageException(ErrorCode.FILE_UNREADABLE, "The lock could not be released.", e);
        }
    }
}
