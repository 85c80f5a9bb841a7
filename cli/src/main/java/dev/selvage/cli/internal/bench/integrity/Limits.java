package dev.selvage.cli.internal.bench.integrity;

import com.sun.nio.file.ExtendedOpenOption;
import dev.selvage.integrity.hash.Lanes;
import dev.selvage.integrity.hash.StableFile;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/** What the machine allows at most, in bytes a second: other people's hashing, memory, page cache, storage. */
final class Limits {
    private static final int CHUNK = 1 << 20;
    private static final int ALIGNMENT = 4096;

    private Limits() {}

    /** So many {@code openssl dgst -sha256} over the file at the same time, together; empty where there is no openssl. */
    static Optional<Double> openssl(Path file, int processes) throws IOException {
        var program = program("openssl");
        if (program.isEmpty()) {
            return Optional.empty();
        }
        long start = System.nanoTime();
        List<Process> running = new ArrayList<>();
        for (int i = 0; i < processes; i++) {
            running.add(new ProcessBuilder(program.get().toString(), "dgst", "-sha256", file.toString())
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start());
        }
        try {
            for (Process process : running) {
                if (process.waitFor() != 0) {
                    return Optional.empty();
                }
            }
        } catch (InterruptedException e) {
            running.forEach(Process::destroy);
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        return Optional.of(rate(processes * Files.size(file), start));
    }

    private static Optional<Path> program(String name) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Takes a file out of the page cache; false where nothing here can do that. */
    static boolean forget(Path file) throws IOException {
        var dd = program("dd");
        if (dd.isEmpty()) {
            return false;
        }
        var process = new ProcessBuilder(dd.get().toString(), "if=" + file, "iflag=nocache", "count=0")
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            return process.waitFor() == 0;
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** Reading memory: copies from a large array into a small one that stays in the core's cache. */
    static double memory(int lanes) throws IOException {
        byte[] large = new byte[128 << 20];
        var next = new AtomicLong();
        long all = 2L << 30;
        long start = System.nanoTime();
        side(lanes, () -> {
            byte[] small = new byte[64 << 10];
            for (long at = next.getAndAdd(CHUNK); at < all; at = next.getAndAdd(CHUNK)) {
                for (int i = 0; i < CHUNK; i += small.length) {
                    System.arraycopy(large, (int) (at % large.length) + i, small, 0, small.length);
                }
            }
            return null;
        });
        return rate(all, start);
    }

    /** Reading a file that is in the page cache, without hashing it. */
    static double pageCache(StableFile file, int lanes) throws IOException {
        var next = new AtomicLong();
        long start = System.nanoTime();
        side(lanes, () -> {
            ByteBuffer buffer = ByteBuffer.allocateDirect(256 << 10);
            for (long at = next.getAndAdd(buffer.capacity());
                    at < file.length();
                    at = next.getAndAdd(buffer.capacity())) {
                file.read(at, buffer.clear().limit((int) Math.min(buffer.capacity(), file.length() - at)));
            }
            return null;
        });
        return rate(file.length(), start);
    }

    /** Reading past the page cache; empty where the file system does not do that. */
    static Optional<Double> storage(Path path, int lanes) {
        try (var channel = FileChannel.open(path, StandardOpenOption.READ, ExtendedOpenOption.DIRECT)) {
            var next = new AtomicLong();
            long whole = channel.size() / CHUNK * CHUNK;
            long start = System.nanoTime();
            side(4 * lanes, () -> {
                ByteBuffer buffer = ByteBuffer.allocateDirect(CHUNK + ALIGNMENT).alignedSlice(ALIGNMENT);
                for (long at = next.getAndAdd(CHUNK); at < whole; at = next.getAndAdd(CHUNK)) {
                    channel.read(buffer.clear().limit(CHUNK), at);
                }
                return null;
            });
            return Optional.of(rate(whole, start));
        } catch (IOException | UnsupportedOperationException e) {
            return Optional.empty();
        }
    }

    private static void side(int lanes, Callable<Void> lane) throws IOException {
        List<Callable<Void>> all = new ArrayList<>();
        for (int i = 0; i < lanes; i++) {
            all.add(lane);
        }
        Lanes.run(all);
    }

    private static double rate(long bytes, long start) {
        return bytes / ((System.nanoTime() - start) / 1e9);
    }
}
