package dev.selvage.agent.audit;

import dev.selvage.agent.audit.AuditApi.VerifyReport;
import dev.selvage.integrity.audit.FileKey;
import dev.selvage.integrity.audit.MalformedProofException;
import dev.selvage.integrity.audit.OnLedger;
import dev.selvage.integrity.audit.ProofInput;
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
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.Function;
import java.util.stream.IntStream;

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
     * @throws SelvageException FILE_UNREADABLE, FILE_CHANGED, ANCHOR_UNKNOWN, NOT_ENTITLED, GRANT_MISSING,
     *     PEER_UNREACHABLE, DIGEST_MISMATCH (the holder tells another anchor's secret)
     */
    VerifyReport verify(DataName data, Path path, NodeId holder, HashWish wish, Progress progress) {
        long start = System.nanoTime();
        AnchorFact anchor = compared(data);
        progress.phase("asking the holder", 0);
        Opening opening = opening(anchor, holder == null ? nodeOf.apply(data.owner()) : holder);
        try (var file = StableFile.open(path)) {
            progress.phase("hashing", file.length());
            var hashed = making.hashes(file, anchor, new FileKey(opening.secret()), wish, progress);
            var kept = KeptHashes.of(anchor.mode(), OnLedger.anchor(anchor));
            var here = new KeptHashes(anchor.mode(), file.length(), anchor.blockSize());
            int[] groups =
                    kept.differing(here, opening.hashes(), hashed.hashes()).toArray();
            return new VerifyReport(
                    data,
                    anchor.version(),
                    groups.length == 0 && file.length() == anchor.length(),
                    anchor.leaves(),
                    anchor.blockSize(),
                    file.length(),
                    anchor.length(),
                    blocks(groups, kept, here)
                            .limit(AuditReport.DAMAGED)
                            .boxed()
                            .toList(),
                    (int) blocks(groups, kept, here).count(),
                    kept.group(),
                    hashed.decision(),
                    Duration.ofNanos(System.nanoTime() - start).toMillis());
        } catch (IOException e) {
            throw FileFaults.of(path.toString(), e);
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
        Anchors.requireWithinLimits(anchor);
        return anchor;
    }

    /**
     * Asks a holder for the secret of a version, its block hashes and its tags, and checks that they lead to the anchored root.
     *
     * @throws SelvageException GRANT_MISSING, PEER_UNREACHABLE, DIGEST_MISMATCH
     */
    Opening opening(AnchorFact anchor, NodeId holder) {
        var kept = KeptHashes.of(anchor.mode(), OnLedger.anchor(anchor));
        int hashBytes = kept.bytes();
        int tagBytes = anchor.mode() == AuditMode.SECTORED ? Math.multiplyExact(anchor.leaves(), Pairing.G1_BYTES) : 0;
        var patience = FIRST.plusMillis((hashBytes + (long) tagBytes) / SLOWEST_BYTES_PER_MILLI);
        try {
            Opening opening = links.open(
                    holder,
                    Anchors.digest(anchor),
                    patience,
                    in -> new Opening(
                            ProofInput.exactly(in, SECRET),
                            ProofInput.exactly(in, hashBytes),
                            ProofInput.exactly(in, tagBytes)));
            byte[] root = kept.root(anchor.file().bytes(), opening.hashes(), opening.tags());
            if (!Digest.fromHash(root).equals(anchor.root())) {
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

    /** All blocks of these groups, of either file. */
    private static IntStream blocks(int[] groups, KeptHashes kept, KeptHashes here) {
        int size = kept.group();
        int most = Math.max(kept.blocks(), here.blocks());
        return Arrays.stream(groups)
                .flatMap(number -> IntStream.range(number * size, (int) Math.min(most, (number + 1L) * size)));
    }
}
