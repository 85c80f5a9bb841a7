package dev.selvage.agent.audit;

import dev.selvage.agent.audit.AuditApi.VerifyReport;
import dev.selvage.integrity.audit.FileKey;
import dev.selvage.integrity.audit.MalformedProofException;
import dev.selvage.integrity.audit.OnLedger;
import dev.selvage.integrity.hash.StableFile;
import dev.selvage.integrity.pairing.Pairing;
import dev.selvage.integrity.tuning.HashWish;
import dev.selvage.model.Digest;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.NodeId;
import dev.selvage.model.SelvageException;
import dev.selvage.model.integrity.AuditMode;
import dev.selvage.model.integrity.DataName;
import dev.selvage.model.integrity.MetadataFacts.AnchorFact;
import dev.selvage.proofs.Leaves;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/**
 * Compares a whole file, such as one that was bought, with its anchor. The secret and the block hashes come from the holder, and are only believed
 * because they lead to the anchored root. Thread-safe.
 */
final class FileCheck {
    private static final int SECRET = 32;
    private static final Duration FIRST = Duration.ofSeconds(60);
    private static final long SLOWEST_BYTES_PER_MILLI = 256;

    private final Metadata metadata;
    private final AuditLinks links;
    private final Function<String, NodeId> nodeOf;
    private final KitMaking making;

    FileCheck(Metadata metadata, AuditLinks links, Function<String, NodeId> nodeOf, KitMaking making) {
        this.metadata = metadata;
        this.links = links;
        this.nodeOf = nodeOf;
        this.making = making;
    }

    /** What the holder tells of an anchored version. */
    record Opening(byte[] secret, byte[] hashes, byte[] tags) {}

    /**
     * Compares with the newest anchored version.
     *
     * @param holder null for the owner's own node
     * @param wish how the file is hashed instead of as measured
     * @throws SelvageException FILE_UNREADABLE, DATA_CHANGED (the file, while it was read), ANCHOR_UNKNOWN, NOT_ENTITLED, GRANT_MISSING,
     *     PEER_UNREACHABLE, DIGEST_MISMATCH (the holder tells another anchor's secret)
     */
    VerifyReport verify(DataName data, Path path, NodeId holder, HashWish wish, Progress progress) {
        long start = System.nanoTime();
        AnchorFact anchor = compared(data);
        progress.phase("asking the holder", 0);
        Opening opening = opening(anchor, holder == null ? nodeOf.apply(data.owner()) : holder);
        try (var file = StableFile.open(path)) {
            progress.phase("hashing", file.length());
            var hashed = making.hashes(file, anchor.blockSize(), new FileKey(opening.secret()), wish, progress);
            List<Integer> differing = differing(anchor, opening.hashes(), hashed.hashes(), file.length());
            return new VerifyReport(
                    data,
                    anchor.version(),
                    differing.isEmpty() && file.length() == anchor.length(),
                    anchor.leaves(),
                    anchor.blockSize(),
                    file.length(),
                    anchor.length(),
                    differing.stream().limit(AuditReport.DAMAGED).toList(),
                    differing.size(),
                    hashed.decision(),
                    Duration.ofNanos(System.nanoTime() - start).toMillis());
        } catch (IOException e) {
            throw new SelvageException(
                    ErrorCode.FILE_UNREADABLE, path + " cannot be compared: " + e.getMessage() + ".", e);
        }
    }

    /** @throws SelvageException ANCHOR_UNKNOWN; NOT_SUPPORTED for the paper mode */
    AnchorFact compared(DataName data) {
        AnchorFact anchor = metadata.anchor(data).anchor();
        if (anchor.mode() == AuditMode.PAPER) {
            throw new SelvageException(
                    ErrorCode.NOT_SUPPORTED,
                    data + " is anchored in the mode paper: a whole file is not compared in it.");
        }
        return anchor;
    }

    /**
     * Asks a holder for the secret of a version, its block hashes and its tags, and checks that they lead to the anchored root.
     *
     * @throws SelvageException GRANT_MISSING, PEER_UNREACHABLE, DIGEST_MISMATCH
     */
    Opening opening(AnchorFact anchor, NodeId holder) {
        int hashBytes = Math.multiplyExact(anchor.leaves(), Leaves.HASH_BYTES);
        int tagBytes = anchor.mode() == AuditMode.SECTORED ? Math.multiplyExact(anchor.leaves(), Pairing.G1_BYTES) : 0;
        var patience = FIRST.plusMillis((hashBytes + (long) tagBytes) / SLOWEST_BYTES_PER_MILLI);
        try {
            Opening opening = links.open(
                    holder,
                    Anchors.digest(anchor),
                    patience,
                    in -> new Opening(exactly(in, SECRET), exactly(in, hashBytes), exactly(in, tagBytes)));
            var tree = Anchors.tree(OnLedger.anchor(anchor), opening.hashes(), opening.tags());
            if (!Digest.fromHash(tree.root()).equals(anchor.root())) {
                throw new MalformedProofException("the hashes do not lead to the anchored root");
            }
            return opening;
        } catch (MalformedProofException e) {
            throw new SelvageException(
                    ErrorCode.DIGEST_MISMATCH,
                    holder + " tells something else than is anchored: " + e.getMessage() + ".",
                    e);
        }
    }

    private static byte[] exactly(InputStream in, int count) throws IOException, MalformedProofException {
        byte[] bytes = in.readNBytes(count);
        if (bytes.length < count) {
            throw new MalformedProofException("it ends too early");
        }
        return bytes;
    }

    /** Blocks that differ; of a file of another length also those that only one of the two has. */
    private static List<Integer> differing(AnchorFact anchor, byte[] anchored, byte[] here, long length) {
        List<Integer> differing = new ArrayList<>();
        int count = Math.max(anchored.length, here.length) / Leaves.HASH_BYTES;
        for (int i = 0; i < count; i++) {
            int from = i * Leaves.HASH_BYTES;
            int to = from + Leaves.HASH_BYTES;
            if (to > anchored.length
                    || to > here.length
                    || !Arrays.equals(anchored, from, to, here, from, to)
                    || lengthOf(i, length, anchor.blockSize()) != lengthOf(i, anchor.length(), anchor.blockSize())) {
                differing.add(i);
            }
        }
        return differing;
    }

    private static long lengthOf(int index, long length, int blockSize) {
        return Math.min(blockSize, length - (long) index * blockSize);
    }
}
