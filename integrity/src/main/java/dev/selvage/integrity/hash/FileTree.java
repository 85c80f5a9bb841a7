package dev.selvage.integrity.hash;

import dev.selvage.integrity.audit.BlockSource;
import dev.selvage.integrity.audit.FileKey;
import dev.selvage.integrity.audit.LeafPaths;
import dev.selvage.proofs.Anchor;
import dev.selvage.proofs.Leaves;
import dev.selvage.proofs.MerkleTree;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The tree of a file of any size in a few megabytes: only nodes from some level up are kept, and what lies below a challenged leaf is hashed
 * again from the file, a group of some 1 MiB. Root and proofs are those of the {@link MerkleTree} over all leaves. Safe for many threads.
 */
public final class FileTree implements LeafPaths {
    private static final int GROUP_BYTES = 1 << 20;
    private static final int MOST_KEPT = 1 << 17;
    private static final byte[] NO_TAG = {};

    private final BlockSource blocks;
    private final FileKey key;
    private final byte[] file;
    private final int level;
    private final MerkleTree upper;

    private FileTree(BlockSource blocks, FileKey key, byte[] file, int level, MerkleTree upper) {
        this.blocks = blocks;
        this.key = key;
        this.file = file.clone();
        this.level = level;
        this.upper = upper;
    }

    /**
     * The tree whose nodes of {@link #levelFor} are known.
     *
     * @param blocks the bytes as they are now, under the length that was hashed
     * @param file 32 bytes that name the file
     * @param nodes 32 bytes each, as {@link HashForm#nodes} gives them
     */
    public static FileTree of(BlockSource blocks, FileKey key, byte[] file, byte[] nodes) {
        return new FileTree(blocks, key, file, levelFor(blocks.length(), blocks.blockSize()), MerkleTree.of(nodes));
    }

    /** Hashes a file and keeps what is needed to prove. */
    public static FileTree build(
            Hasher hasher, ByteSource source, HashLayout layout, FileKey key, byte[] file, Hasher.Progress progress)
            throws IOException {
        var form = HashForm.nodes(key, file, levelFor(source.length(), layout.blockSize()));
        return of(source.blocks(layout.blockSize()), key, file, hasher.hash(source, layout, form, progress));
    }

    /** The level whose nodes are kept: they stand for some 1 MiB each, or for more where that would be over 131,072 nodes. */
    public static int levelFor(long length, int blockSize) {
        int leaves = Anchor.leavesFor(length, blockSize);
        int level = 0;
        while ((long) blockSize << (level + 1) <= GROUP_BYTES || (leaves - 1L) >> level >= MOST_KEPT) {
            level++;
        }
        return level;
    }

    public Anchor anchor(int version) {
        return new Anchor(file, version, leaves(), blocks.length(), blocks.blockSize(), upper.root());
    }

    @Override
    public int leaves() {
        return blocks.blocks();
    }

    @Override
    public Led lead(SortedSet<Integer> indexes) throws IOException {
        if (indexes.isEmpty() || indexes.first() < 0 || indexes.last() >= leaves()) {
            throw new IllegalArgumentException("a proof is of at least one of the tree's " + leaves() + " leaves");
        }
        Map<Integer, MerkleTree> groups = groups(indexes);
        MerkleTree.Nodes nodes = (at, index) -> at < level ? node(groups, at, index) : upper.node(at - level, index);
        SortedMap<Integer, byte[]> led = new TreeMap<>();
        indexes.forEach(index -> led.put(index, nodes.node(0, index)));
        return new Led(led, MerkleTree.prove(leaves(), indexes, nodes));
    }

    /** A node below the kept ones. */
    private byte[] node(Map<Integer, MerkleTree> groups, int at, int index) {
        int group = index >> (level - at);
        return groups.get(group).node(at, index - (group << (level - at)));
    }

    private Map<Integer, MerkleTree> groups(SortedSet<Integer> indexes) throws IOException {
        try {
            return indexes.stream().map(index -> index >> level).distinct().toList().parallelStream()
                    .collect(Collectors.toMap(Function.identity(), this::group));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private MerkleTree group(int number) {
        int from = number << level;
        int to = (int) Math.min(leaves(), (long) from + (1 << level));
        byte[] below = new byte[(to - from) * Leaves.HASH_BYTES];
        var salts = key.salts();
        var digest = CpuWay.usual().sha256();
        for (int index = from; index < to; index++) {
            byte[] block = read(index);
            digest.update(Leaves.saltBlock(salts.salt(index)));
            byte[] leaf = Leaves.leaf(file, index, block.length, digest.digest(block), NO_TAG);
            System.arraycopy(leaf, 0, below, (index - from) * Leaves.HASH_BYTES, Leaves.HASH_BYTES);
        }
        var tree = MerkleTree.of(below);
        if (!Arrays.equals(tree.root(), upper.leaf(number))) {
            throw new UncheckedIOException(new FileChangedException(
                    "some of the blocks " + from + " to " + (to - 1) + " are not what was hashed"));
        }
        return tree;
    }

    private byte[] read(int index) {
        try {
            return blocks.block(index);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
