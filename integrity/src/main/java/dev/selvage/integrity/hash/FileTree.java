package dev.selvage.integrity.hash;

import dev.selvage.integrity.audit.FileKey;
import dev.selvage.integrity.audit.LeafPaths;
import dev.selvage.proofs.Anchor;
import dev.selvage.proofs.Leaves;
import dev.selvage.proofs.MerkleTree;
import dev.selvage.proofs.MultiProof;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The tree of a file of any size in a few megabytes: only nodes from some level up are kept, and what lies below a challenged leaf is hashed
 * again from the file, a group of some 1 MiB. Root and proofs are those of the {@link MerkleTree} over all leaves. Safe for many threads.
 */
public final class FileTree implements LeafPaths {
    private static final int GROUP_BYTES = 1 << 20;
    private static final byte[] NO_TAG = {};

    private final ByteSource source;
    private final int blockSize;
    private final int leaves;
    private final FileKey key;
    private final byte[] file;
    private final int level;
    private final MerkleTree upper;

    private FileTree(ByteSource source, int blockSize, HashForm form, MerkleTree upper) {
        this.source = source;
        this.blockSize = blockSize;
        this.leaves = Anchor.leavesFor(source.length(), blockSize);
        this.key = form.key();
        this.file = form.file();
        this.level = form.level();
        this.upper = upper;
    }

    /** Hashes a file and keeps what is needed to prove. */
    public static FileTree build(
            Hasher hasher, ByteSource source, HashLayout layout, FileKey key, byte[] file, Hasher.Progress progress)
            throws IOException {
        var form = HashForm.nodes(key, file, levelFor(layout.blockSize()));
        byte[] nodes = hasher.hash(source, layout, form, progress);
        return new FileTree(source, layout.blockSize(), form, MerkleTree.of(nodes));
    }

    /** The level whose nodes stand for some 1 MiB each. */
    static int levelFor(int blockSize) {
        return Math.max(0, 31 - Integer.numberOfLeadingZeros(Math.max(1, GROUP_BYTES / blockSize)));
    }

    public Anchor anchor(int version) {
        return new Anchor(file, version, leaves, source.length(), blockSize, upper.root());
    }

    @Override
    public int leaves() {
        return leaves;
    }

    @Override
    public Led lead(SortedSet<Integer> indexes) throws IOException {
        if (indexes.isEmpty() || indexes.first() < 0 || indexes.last() >= leaves) {
            throw new IllegalArgumentException("a proof is of at least one of the tree's " + leaves + " leaves");
        }
        Map<Integer, MerkleTree> groups = groups(indexes);
        SortedMap<Integer, byte[]> led = new TreeMap<>();
        indexes.forEach(index -> led.put(index, node(groups, 0, index)));
        return new Led(led, paths(indexes, groups));
    }

    private MultiProof paths(SortedSet<Integer> indexes, Map<Integer, MerkleTree> groups) {
        List<byte[]> hashes = new ArrayList<>();
        SortedSet<Integer> known = indexes;
        for (int at = 0; at < level; at++) {
            int width = (int) (((long) leaves + (1L << at) - 1) >> at);
            SortedSet<Integer> parents = new TreeSet<>();
            for (int index : known) {
                int sibling = index ^ 1;
                if (!known.contains(sibling) && sibling < width) {
                    hashes.add(node(groups, at, sibling));
                }
                parents.add(index / 2);
            }
            known = parents;
        }
        hashes.addAll(upper.prove(known).hashes());
        return new MultiProof(hashes);
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
        int to = (int) Math.min(leaves, (long) from + (1 << level));
        byte[] below = new byte[(to - from) * Leaves.HASH_BYTES];
        var salts = key.salts();
        var digest = CpuWay.usual().sha256();
        ByteBuffer block = ByteBuffer.allocateDirect((int) Math.min(blockSize, source.length()));
        for (int index = from; index < to; index++) {
            long position = (long) index * blockSize;
            int length = (int) Math.min(blockSize, source.length() - position);
            read(position, block.clear().limit(length));
            digest.update(Leaves.saltBlock(salts.salt(index)));
            digest.update(block.flip());
            byte[] leaf = Leaves.leaf(file, index, length, digest.digest(), NO_TAG);
            System.arraycopy(leaf, 0, below, (index - from) * Leaves.HASH_BYTES, Leaves.HASH_BYTES);
        }
        var tree = MerkleTree.of(below);
        if (!Arrays.equals(tree.root(), upper.leaf(number))) {
            throw new UncheckedIOException(new FileChangedException(
                    "the bytes from " + (long) from * blockSize + " on are not what was hashed"));
        }
        return tree;
    }

    private void read(long position, ByteBuffer into) {
        try {
            source.read(position, into);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
