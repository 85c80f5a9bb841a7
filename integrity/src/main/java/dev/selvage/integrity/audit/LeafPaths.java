package dev.selvage.integrity.audit;

import dev.selvage.proofs.MerkleTree;
import dev.selvage.proofs.MultiProof;
import java.io.IOException;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;

/** A tree as a prover needs it, wherever its leaves are: in memory, or hashed again from a file. */
public interface LeafPaths {
    /** How many leaves there are. */
    int leaves();

    /**
     * Some leaves with what leads them to the root.
     *
     * @throws IOException when leaves that are not kept cannot be made again
     */
    Led lead(SortedSet<Integer> indexes) throws IOException;

    /**
     * Leaves and their way to the root.
     *
     * @param leaves 32 bytes each, by index
     */
    record Led(SortedMap<Integer, byte[]> leaves, MultiProof paths) {
        public Led {
            leaves = new TreeMap<>(leaves);
        }
    }

    /** A whole tree in memory. */
    static LeafPaths of(MerkleTree tree) {
        return new LeafPaths() {
            @Override
            public int leaves() {
                return tree.leaves();
            }

            @Override
            public Led lead(SortedSet<Integer> indexes) {
                SortedMap<Integer, byte[]> leaves = new TreeMap<>();
                indexes.forEach(index -> leaves.put(index, tree.leaf(index)));
                return new Led(leaves, tree.prove(indexes));
            }
        };
    }
}
