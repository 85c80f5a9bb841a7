package dev.selvage.integrity.hash;

import dev.selvage.integrity.audit.FileKey;
import dev.selvage.proofs.Leaves;
import java.io.IOException;
import java.security.DigestException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Hashes on the CPU, a lane per thread. A lane takes the next span of blocks when it is free, so a slow core holds nobody up. The heap holds a chunk
 * per lane and the hashes, whatever the file's size.
 */
public final class CpuHasher implements Hasher {
    private static final int SPAN_BYTES = 8 << 20;

    @Override
    public String name() {
        return "cpu";
    }

    @Override
    public byte[] hash(StableFile file, HashLayout layout, FileKey key, Progress progress) throws IOException {
        int blocks = layout.blocks(file.length());
        byte[] hashes = new byte[Math.multiplyExact(blocks, Leaves.HASH_BYTES)];
        int span = Math.max(1, SPAN_BYTES / layout.blockSize());
        var next = new AtomicInteger();
        Callable<Void> lane = () -> {
            var work = new Lane(file, layout, key, hashes, progress);
            for (int from = next.getAndAdd(span); from >= 0 && from < blocks; from = next.getAndAdd(span)) {
                work.hash(from, Math.min(blocks, from + span));
            }
            return null;
        };
        run(lane, Math.min(layout.lanes(), (blocks + span - 1) / span));
        file.requireUnchanged();
        return hashes;
    }

    private static void run(Callable<Void> lane, int lanes) throws IOException {
        var pool = Executors.newFixedThreadPool(lanes);
        try {
            List<Callable<Void>> all = new ArrayList<>();
            for (int i = 0; i < lanes; i++) {
                all.add(lane);
            }
            for (var done : pool.invokeAll(all)) {
                done.get();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("hashing was interrupted", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        } finally {
            pool.shutdownNow();
        }
    }

    /** The work of one thread. */
    private static final class Lane {
        private final StableFile file;
        private final HashLayout layout;
        private final FileKey.Salts salts;
        private final byte[] hashes;
        private final Progress progress;
        private final byte[] chunk;
        private final MessageDigest digest = FileKey.sha256();
        private final byte[] prefix = Leaves.saltBlock(new byte[Leaves.HASH_BYTES]);

        Lane(StableFile file, HashLayout layout, FileKey key, byte[] hashes, Progress progress) {
            this.file = file;
            this.layout = layout;
            this.salts = key.salts();
            this.hashes = hashes;
            this.progress = progress;
            int whole = layout.chunk() / layout.blockSize() * layout.blockSize();
            this.chunk = new byte[whole > 0 ? whole : layout.chunk()];
        }

        void hash(int from, int to) throws IOException {
            if (chunk.length >= layout.blockSize()) {
                hashSmall(from, to);
            } else {
                for (int index = from; index < to; index++) {
                    hashLarge(index);
                }
            }
        }

        /** Several blocks a read. */
        private void hashSmall(int from, int to) throws IOException {
            int perChunk = chunk.length / layout.blockSize();
            for (int first = from; first < to; first += perChunk) {
                int last = Math.min(to, first + perChunk);
                long position = (long) first * layout.blockSize();
                int count = (int) Math.min((long) (last - first) * layout.blockSize(), file.length() - position);
                file.read(position, chunk, count);
                for (int index = first; index < last; index++) {
                    int at = (index - first) * layout.blockSize();
                    start(index);
                    digest.update(chunk, at, Math.min(layout.blockSize(), count - at));
                    finish(index);
                }
                progress.hashed(count);
            }
        }

        /** Several reads a block. */
        private void hashLarge(int index) throws IOException {
            long position = (long) index * layout.blockSize();
            long end = Math.min(file.length(), position + layout.blockSize());
            start(index);
            while (position < end) {
                int count = (int) Math.min(chunk.length, end - position);
                file.read(position, chunk, count);
                digest.update(chunk, 0, count);
                progress.hashed(count);
                position += count;
            }
            finish(index);
        }

        private void start(int index) {
            System.arraycopy(salts.salt(index), 0, prefix, 1, Leaves.HASH_BYTES);
            digest.update(prefix);
        }

        private void finish(int index) {
            try {
                digest.digest(hashes, index * Leaves.HASH_BYTES, Leaves.HASH_BYTES);
            } catch (DigestException e) {
                throw new IllegalStateException("no room for the hash of block " + index, e);
            }
        }
    }
}
