package dev.selvage.integrity.hash;

import dev.selvage.proofs.Leaves;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A file cut into stretches of whole nodes, which lanes take one after another; a slow lane holds nobody up. Safe for many threads, each of which
 * writes the hashes of its own stretches.
 */
public final class HashWork {
    private final ByteSource source;
    private final HashLayout layout;
    private final HashForm form;
    private final Hasher.Progress progress;
    private final int blocks;
    private final int nodes;
    private final byte[] out;
    private final AtomicInteger next = new AtomicInteger();
    private volatile boolean stopped;

    public HashWork(ByteSource source, HashLayout layout, HashForm form, Hasher.Progress progress) {
        this.source = source;
        this.layout = layout;
        this.form = form;
        this.progress = progress;
        this.blocks = layout.blocks(source.length());
        this.nodes = (blocks + form.blocksPerNode() - 1) / form.blocksPerNode();
        this.out = new byte[Math.multiplyExact(nodes, Leaves.HASH_BYTES)];
    }

    public ByteSource source() {
        return source;
    }

    public HashLayout layout() {
        return layout;
    }

    public HashForm form() {
        return form;
    }

    /** All hashes, complete when every stretch is done. */
    public byte[] out() {
        return out;
    }

    public void done(long bytes) {
        progress.hashed(bytes);
    }

    /** Nodes that so many bytes lie under, at least one. */
    public int nodesIn(long bytes) {
        return (int) Math.max(1, bytes / ((long) layout.blockSize() * form.blocksPerNode()));
    }

    /** How many lanes can have a stretch of so many nodes at the same time. */
    int stretches(int size) {
        return (nodes + size - 1) / size;
    }

    /** From now on nothing is left to take: a lane has failed. */
    void stop() {
        stopped = true;
    }

    /** The next stretch of at most so many nodes; empty when all are taken or a lane has failed. */
    public Optional<Stretch> take(int size) {
        if (stopped) {
            return Optional.empty();
        }
        int from = next.getAndUpdate(at -> Math.min(nodes, at + Math.min(size, nodes - at)));
        if (from >= nodes) {
            return Optional.empty();
        }
        return Optional.of(stretch(from, Math.min(nodes, from + size)));
    }

    private Stretch stretch(int from, int to) {
        int firstBlock = from * form.blocksPerNode();
        int endBlock = (int) Math.min(blocks, (long) to * form.blocksPerNode());
        long position = (long) firstBlock * layout.blockSize();
        long end = Math.min(source.length(), (long) endBlock * layout.blockSize());
        return new Stretch(from, to, firstBlock, endBlock, position, end - position);
    }

    /**
     * Whole nodes of the result and the blocks under them.
     *
     * @param fromNode first node
     * @param toNode node after the last
     * @param fromBlock first block
     * @param toBlock block after the last
     * @param position of the first byte
     * @param bytes how many
     */
    public record Stretch(int fromNode, int toNode, int fromBlock, int toBlock, long position, long bytes) {}
}
