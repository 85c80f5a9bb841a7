package dev.selvage.integrity.hash;

import dev.selvage.integrity.audit.FileKey;
import dev.selvage.proofs.Leaves;
import dev.selvage.proofs.MerkleTree;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.DigestException;
import java.security.MessageDigest;
import java.util.Optional;

/** The work of one thread: blocks, leaves and the nodes above them. */
final class CpuLane {
    private static final byte[] NO_TAG = {};

    private final HashWork work;
    private final int blockSize;
    private final Optional<FileKey.Salts> salts;
    private final MessageDigest digest;
    private final byte[] prefix = Leaves.saltBlock(new byte[Leaves.HASH_BYTES]);
    private final byte[] one = new byte[Leaves.HASH_BYTES];
    private final ByteBuffer chunk;
    private final boolean maps;
    private final byte[] leaves;

    /** What is read of the file at present: the bytes from {@code windowAt} on. */
    private ByteBuffer window = ByteBuffer.allocate(0);

    private long windowAt;

    CpuLane(HashWork work) {
        this.work = work;
        this.blockSize = work.layout().blockSize();
        this.salts = work.form().salts();
        this.digest = work.layout().way().sha256();
        this.chunk = ByteBuffer.allocateDirect(work.layout().chunk());
        this.maps = work.layout().way() == CpuWay.MAPPED;
        this.leaves = new byte[work.form().blocksPerNode() * Leaves.HASH_BYTES];
    }

    void hash(HashWork.Stretch stretch) throws IOException {
        long end = stretch.position() + stretch.bytes();
        for (int node = stretch.fromNode(); node < stretch.toNode(); node++) {
            int from = node * work.form().blocksPerNode();
            int to = Math.min(stretch.toBlock(), from + work.form().blocksPerNode());
            for (int index = from; index < to; index++) {
                block(index, end);
                if (work.form().level() == 0) {
                    finished(index, work.out(), index);
                } else {
                    finished(index, leaves, index - from);
                }
            }
            if (work.form().level() > 0) {
                byte[] root = MerkleTree.rootOf(leaves, to - from);
                System.arraycopy(root, 0, work.out(), node * Leaves.HASH_BYTES, Leaves.HASH_BYTES);
            }
        }
    }

    /** Takes in a block, in one piece or in several. */
    private void block(int index, long end) throws IOException {
        if (salts.isPresent()) {
            System.arraycopy(salts.get().salt(index), 0, prefix, 1, Leaves.HASH_BYTES);
            digest.update(prefix);
        }
        long position = (long) index * blockSize;
        long blockEnd = Math.min(end, position + blockSize);
        while (position < blockEnd) {
            if (position >= windowAt + window.capacity() || position < windowAt) {
                open(position, end);
            }
            int from = (int) (position - windowAt);
            int to = (int) Math.min(blockEnd - windowAt, window.capacity());
            digest.update(window.limit(to).position(from));
            position += to - from;
        }
    }

    private void open(long position, long end) throws IOException {
        int count = (int) Math.min(chunk.capacity(), end - position);
        var seen = maps ? work.source().mapped(position, count) : Optional.<ByteBuffer>empty();
        if (seen.isEmpty()) {
            work.source().read(position, chunk.clear().limit(count));
            seen = Optional.of(chunk.slice(0, count));
        }
        window = seen.get();
        windowAt = position;
        work.done(count);
    }

    private void finished(int index, byte[] to, int slot) {
        try {
            if (work.form().kind() == HashForm.Kind.LEAF) {
                digest.digest(one, 0, Leaves.HASH_BYTES);
                byte[] leaf = Leaves.leaf(work.form().file(), index, lengthOf(index), one, NO_TAG);
                System.arraycopy(leaf, 0, to, slot * Leaves.HASH_BYTES, Leaves.HASH_BYTES);
            } else {
                digest.digest(to, slot * Leaves.HASH_BYTES, Leaves.HASH_BYTES);
            }
        } catch (DigestException e) {
            throw new IllegalStateException("no room for the hash of block " + index, e);
        }
    }

    private int lengthOf(int index) {
        return (int) Math.min(blockSize, work.source().length() - (long) index * blockSize);
    }
}
