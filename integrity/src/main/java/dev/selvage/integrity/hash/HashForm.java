package dev.selvage.integrity.hash;

import dev.selvage.integrity.audit.FileKey;
import dev.selvage.proofs.Leaves;
import java.util.Optional;

/**
 * What is computed of each block, and how far up the tree.
 *
 * @param kind of hash
 * @param key of the file; null for {@link Kind#PLAIN}
 * @param file 32 bytes that name the file; null unless {@link Kind#LEAF}
 * @param level of the tree whose nodes are wanted: 0 for the hashes of the blocks themselves, else {@link Kind#LEAF} only
 */
public record HashForm(Kind kind, FileKey key, byte[] file, int level) {
    private static final int MOST_LEVELS = 20;

    /** What a hash is of. */
    public enum Kind {
        /** SHA-256 of the block alone, as the published scheme has it. */
        PLAIN(0),
        /** {@link Leaves#blockDigest}. */
        SALTED(1),
        /** {@link Leaves#leaf} without a tag. */
        LEAF(2);

        private final int code;

        Kind(int code) {
            this.code = code;
        }

        /** Its number in the GPU's code. */
        public int code() {
            return code;
        }
    }

    public HashForm {
        if ((key == null) != (kind == Kind.PLAIN) || (file == null) == (kind == Kind.LEAF)) {
            throw new IllegalArgumentException("a plain hash has no key, and a leaf has a file");
        }
        if (level < 0 || level > MOST_LEVELS || (level > 0 && kind != Kind.LEAF)) {
            throw new IllegalArgumentException("nodes of level " + level + " of " + kind + " hashes");
        }
        if (file != null && file.length != Leaves.HASH_BYTES) {
            throw new IllegalArgumentException("a file's id has 32 bytes, not " + file.length);
        }
        file = file == null ? null : file.clone();
    }

    public static HashForm plain() {
        return new HashForm(Kind.PLAIN, null, null, 0);
    }

    public static HashForm salted(FileKey key) {
        return new HashForm(Kind.SALTED, key, null, 0);
    }

    /** The nodes of a level of the file's tree: the root of each stretch of 2^level leaves. */
    public static HashForm nodes(FileKey key, byte[] file, int level) {
        return new HashForm(Kind.LEAF, key, file, level);
    }

    Optional<FileKey.Salts> salts() {
        return Optional.ofNullable(key).map(FileKey::salts);
    }

    /** Blocks under one node of the result. */
    public int blocksPerNode() {
        return 1 << level;
    }
}
