package dev.selvage.proofs;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A hash tree in which an odd node moves up unchanged, so that no two lists of leaves share a root; the number of leaves is bound by the
 * {@link Anchor}. Immutable; safe for many threads. Holds some 64 bytes a leaf.
 */
public final class MerkleTree {
    /** The most leaves that one tree holds. */
    public static final int MAX_LEAVES = Integer.MAX_VALUE / Sha256.BYTES / 2;

    private static final byte NODE = 0x01;

    private final byte[][] levels;

    private MerkleTree(byte[][] levels) {
        this.levels = levels;
    }

    /**
     * The tree over leaves.
     *
     * @param leaves 32 bytes each, one after another; copied
     */
    public static MerkleTree of(byte[] leaves) {
        if (leaves.length == 0 || leaves.length % Sha256.BYTES != 0 || leaves.length / Sha256.BYTES > MAX_LEAVES) {
            throw new IllegalArgumentException("a tree has from 1 to " + MAX_LEAVES + " leaves of 32 bytes");
        }
        var sha = new Sha256();
        List<byte[]> levels = new ArrayList<>();
        levels.add(leaves.clone());
        while (width(levels.get(levels.size() - 1)) > 1) {
            byte[] below = levels.get(levels.size() - 1);
            byte[] level = new byte[(width(below) + 1) / 2 * Sha256.BYTES];
            for (int i = 0; i < width(level); i++) {
                parent(sha, below, i, level);
            }
            levels.add(level);
        }
        return new MerkleTree(levels.toArray(new byte[0][]));
    }

    /**
     * The root alone, computed in place.
     *
     * @param leaves 32 bytes each; overwritten
     * @param count how many of them there are, at least one
     */
    public static byte[] rootOf(byte[] leaves, int count) {
        if (count < 1 || count > leaves.length / Sha256.BYTES) {
            throw new IllegalArgumentException("a tree has at least one leaf, not " + count);
        }
        var sha = new Sha256();
        for (int width = count; width > 1; width = (width + 1) / 2) {
            for (int i = 0; i < width / 2; i++) {
                int left = 2 * i * Sha256.BYTES;
                sha.node(NODE, leaves, left, left + Sha256.BYTES, leaves, i * Sha256.BYTES);
            }
            if (width % 2 == 1) {
                System.arraycopy(leaves, (width - 1) * Sha256.BYTES, leaves, width / 2 * Sha256.BYTES, Sha256.BYTES);
            }
        }
        return Arrays.copyOf(leaves, Sha256.BYTES);
    }

    private static void parent(Sha256 sha, byte[] below, int index, byte[] level) {
        int left = 2 * index * Sha256.BYTES;
        int at = index * Sha256.BYTES;
        if (left + Sha256.BYTES < below.length) {
            sha.node(NODE, below, left, left + Sha256.BYTES, level, at);
        } else {
            System.arraycopy(below, left, level, at, Sha256.BYTES);
        }
    }

    static int width(byte[] level) {
        return level.length / Sha256.BYTES;
    }

    public int leaves() {
        return width(levels[0]);
    }

    /** A copy of the root's 32 bytes. */
    public byte[] root() {
        return levels[levels.length - 1].clone();
    }

    /** A copy of a leaf's 32 bytes. */
    public byte[] leaf(int index) {
        checked(index);
        return Arrays.copyOfRange(levels[0], index * Sha256.BYTES, (index + 1) * Sha256.BYTES);
    }

    /** A copy of a node's 32 bytes; level 0 is the leaves. */
    public byte[] node(int level, int index) {
        return Arrays.copyOfRange(levels[level], index * Sha256.BYTES, (index + 1) * Sha256.BYTES);
    }

    /**
     * This tree with some leaves replaced or appended; only the paths above them are hashed again.
     *
     * @param changed new leaf hashes by index; indexes beyond the last leaf must continue it without a gap
     */
    public MerkleTree with(SortedMap<Integer, byte[]> changed) {
        int count = leaves();
        byte[][] next = Arrays.copyOf(levels, levels.length);
        for (int index : changed.keySet()) {
            if (index < 0 || index > count || count > MAX_LEAVES) {
                throw new IllegalArgumentException("leaf " + index + " would leave a gap after " + count + " leaves");
            }
            count = Math.max(count, index + 1);
        }
        next[0] = Arrays.copyOf(levels[0], count * Sha256.BYTES);
        changed.forEach((index, leaf) -> {
            Leaves.requireHash("leaf", leaf);
            System.arraycopy(leaf, 0, next[0], index * Sha256.BYTES, Sha256.BYTES);
        });
        return climb(next, new TreeSet<>(changed.keySet()));
    }

    private static MerkleTree climb(byte[][] old, SortedSet<Integer> touchedLeaves) {
        var sha = new Sha256();
        List<byte[]> levels = new ArrayList<>(List.of(old[0]));
        SortedSet<Integer> touched = touchedLeaves;
        while (width(levels.get(levels.size() - 1)) > 1) {
            byte[] below = levels.get(levels.size() - 1);
            int width = (width(below) + 1) / 2;
            byte[] before = levels.size() < old.length ? old[levels.size()] : new byte[0];
            byte[] level = Arrays.copyOf(before, width * Sha256.BYTES);
            SortedSet<Integer> parents = new TreeSet<>();
            touched.forEach(index -> parents.add(index / 2));
            if (before.length == 0) {
                for (int i = 0; i < width; i++) {
                    parents.add(i); // a level that was not there before is new as a whole
                }
            }
            parents.forEach(index -> parent(sha, below, index, level));
            levels.add(level);
            touched = parents;
        }
        return new MerkleTree(levels.toArray(new byte[0][]));
    }

    /**
     * A proof that these leaves stand at their places: the hashes that a verifier cannot compute itself, level by level from below, from left
     * to right.
     *
     * @param indexes distinct, in any order
     */
    public MultiProof prove(SortedSet<Integer> indexes) {
        return prove(leaves(), indexes, this::node);
    }

    /** Where a tree's nodes come from: kept, or made again. */
    @FunctionalInterface
    public interface Nodes {
        /** The 32 bytes of a node; level 0 is the leaves. */
        byte[] node(int level, int index);
    }

    /** As {@link #prove(SortedSet)}, over a tree of so many leaves that need not be in memory. */
    public static MultiProof prove(int leaves, SortedSet<Integer> indexes, Nodes nodes) {
        if (indexes.isEmpty() || indexes.first() < 0 || indexes.last() >= leaves) {
            throw new IllegalArgumentException("a proof is of at least one of the tree's " + leaves + " leaves");
        }
        List<byte[]> hashes = new ArrayList<>();
        SortedSet<Integer> known = indexes;
        int level = 0;
        for (int width = leaves; width > 1; width = (width + 1) / 2) {
            SortedSet<Integer> parents = new TreeSet<>();
            for (int index : known) {
                int sibling = index ^ 1;
                if (!known.contains(sibling) && sibling < width) {
                    hashes.add(nodes.node(level, sibling));
                }
                parents.add(index / 2);
            }
            known = parents;
            level++;
        }
        return new MultiProof(hashes);
    }

    private void checked(int index) {
        if (index < 0 || index >= leaves()) {
            throw new IllegalArgumentException("the tree has leaves 0 to " + (leaves() - 1) + ", not " + index);
        }
    }

    /**
     * Whether leaves belong to a root.
     *
     * @param root 32 bytes, from an anchor
     * @param count the tree's number of leaves, from the same anchor
     * @param leaves the claimed leaf hashes by index
     */
    public static Verdict verify(byte[] root, int count, SortedMap<Integer, byte[]> leaves, MultiProof proof) {
        if (leaves.isEmpty()) {
            return Verdict.rejected("the proof opens no leaf");
        }
        if (leaves.firstKey() < 0 || leaves.lastKey() >= count) {
            return Verdict.rejected("a leaf lies outside the " + count + " leaves of the tree");
        }
        if (leaves.values().stream().anyMatch(leaf -> leaf.length != Sha256.BYTES)) {
            return Verdict.rejected("a leaf hash has not 32 bytes");
        }
        return verifyPaths(root, count, new TreeMap<>(leaves), proof.hashes());
    }

    private static Verdict verifyPaths(byte[] root, int count, SortedMap<Integer, byte[]> leaves, List<byte[]> hashes) {
        var sha = new Sha256();
        SortedMap<Integer, byte[]> known = leaves;
        int used = 0;
        for (int width = count; width > 1; width = (width + 1) / 2) {
            SortedMap<Integer, byte[]> parents = new TreeMap<>();
            for (var entry : known.entrySet()) {
                int index = entry.getKey();
                int sibling = index ^ 1;
                byte[] other = known.get(sibling);
                if (parents.containsKey(index / 2)) {
                    continue;
                }
                if (sibling >= width) {
                    parents.put(index / 2, entry.getValue());
                    continue;
                }
                if (other == null) {
                    if (used == hashes.size()) {
                        return Verdict.rejected("the proof is too short");
                    }
                    other = hashes.get(used++);
                }
                boolean isLeft = sibling > index;
                parents.put(index / 2, join(sha, isLeft ? entry.getValue() : other, isLeft ? other : entry.getValue()));
            }
            known = parents;
        }
        if (used != hashes.size()) {
            return Verdict.rejected("the proof is too long");
        }
        return Arrays.equals(root, known.get(0))
                ? Verdict.ACCEPTED
                : Verdict.rejected("the leaves do not lead to the root");
    }

    private static byte[] join(Sha256 sha, byte[] left, byte[] right) {
        byte[] both = new byte[2 * Sha256.BYTES];
        System.arraycopy(left, 0, both, 0, Sha256.BYTES);
        System.arraycopy(right, 0, both, Sha256.BYTES, Sha256.BYTES);
        byte[] parent = new byte[Sha256.BYTES];
        sha.node(NODE, both, 0, Sha256.BYTES, parent, 0);
        return parent;
    }
}
