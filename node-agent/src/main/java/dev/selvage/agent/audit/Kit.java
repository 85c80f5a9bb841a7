package dev.selvage.agent.audit;

import dev.selvage.integrity.tuning.HashDecision;
import dev.selvage.model.Digest;
import dev.selvage.model.Names;
import dev.selvage.model.integrity.AuditMode;
import dev.selvage.model.integrity.DataName;
import dev.selvage.proofs.Anchor;
import java.util.Objects;

/**
 * What a node keeps of an anchored version of a data set so that it can answer audits: the owner's node, and every node that holds the data for
 * the owner. Hashes and tags lie in files beside it.
 *
 * @param local the data set of this node that has the bytes
 * @param data as it is anchored
 * @param root of the tree over the blocks; in the paper mode R1
 * @param tagRoot R2 of the paper mode; null in the others
 * @param hashing what hashed the file and why (B2); null in a kit of a node that did not record it yet
 */
public record Kit(
        String local,
        DataName data,
        AuditMode mode,
        int version,
        int leaves,
        long length,
        int blockSize,
        Digest root,
        Digest tagRoot,
        HashDecision hashing) {
    public Kit {
        Names.component("The data set", local);
        Objects.requireNonNull(data);
        Objects.requireNonNull(mode);
    }

    /** The anchor as proofs are made over it. */
    public Anchor anchor() {
        return new Anchor(data.file().bytes(), version, leaves, length, blockSize, root.bytes());
    }

    KeptHashes kept() {
        return new KeptHashes(mode, length, blockSize);
    }

    /** What the files of this version are found by. */
    Digest id() {
        return Digest.fromHash(anchor().digest());
    }
}
