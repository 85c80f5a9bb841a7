package dev.selvage.agent.audit;

import dev.selvage.integrity.audit.Finding;
import dev.selvage.integrity.audit.MalformedProofException;
import dev.selvage.model.Digest;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.NodeId;
import dev.selvage.model.SelvageException;
import dev.selvage.model.integrity.AuditState;
import dev.selvage.model.integrity.MetadataFacts.AuditFact;
import java.io.IOException;
import java.io.InputStream;
import java.security.DigestInputStream;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits for the proof of a challenge that is known. Whatever the prover answers instead, and however it cuts the link, it is asked again for the same challenge
 * until its time is over: an audit that ended with its failure could be begun anew until the challenge spares what is missing. Thread-safe.
 */
final class ProofWait {
    private static final Logger LOG = LoggerFactory.getLogger(ProofWait.class);
    private static final long PAUSE_MS = 1_000;
    /** With these words a prover says itself that it does not have the data. */
    private static final Set<ErrorCode> HAS_IT_NOT = Set.of(
            ErrorCode.DATA_CHANGED, ErrorCode.DATA_UNKNOWN, ErrorCode.FILE_UNREADABLE, ErrorCode.CONTENT_UNKNOWN);

    private final Metadata metadata;
    private final AuditSteps links;

    ProofWait(Metadata metadata, AuditSteps links) {
        this.metadata = metadata;
        this.links = links;
    }

    /** Judges a proof while it comes in. */
    interface Judge {
        Finding of(InputStream in) throws IOException, MalformedProofException;
    }

    /**
     * The proof, judged, or that none came.
     *
     * @param bytes that are expected, for progress
     * @throws SelvageException INTERRUPTED when this node stops
     */
    Judged await(AuditFact audit, NodeId holder, long bytes, Progress progress, Judge judge) {
        long end =
                System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(audit.times().prove());
        while (true) {
            progress.phase("checking the proof of " + holder, bytes);
            SelvageException failed;
            try {
                var left = Duration.ofNanos(end - System.nanoTime());
                return links.prove(holder, audit.id(), left, in -> judged(in, judge, progress));
            } catch (MalformedProofException e) {
                return Judged.none("the prover sent no proof: " + e.getMessage());
            } catch (SelvageException e) {
                failed = e;
            }
            if (Thread.currentThread().isInterrupted()) {
                throw new SelvageException(ErrorCode.INTERRUPTED, "The node stops.", failed);
            }
            if (HAS_IT_NOT.contains(failed.code())) {
                return Judged.none("the prover has no proof: " + failed.sentence());
            }
            LOG.info("audit={} no proof yet from {}: {}", audit.id(), holder, failed.getMessage());
            if (end - System.nanoTime() <= TimeUnit.MILLISECONDS.toNanos(PAUSE_MS) || ended(audit)) {
                return Judged.nothing("no proof came after the challenge was known; last the prover said "
                        + failed.code() + ": " + failed.sentence() + " The audit ends on the ledger as "
                        + AuditState.NO_PROOF);
            }
            pause(failed);
        }
    }

    private static Judged judged(InputStream from, Judge judge, Progress progress)
            throws IOException, MalformedProofException {
        var sha = Digest.sha256();
        var in = new CountingInput(new DigestInputStream(from, sha), progress);
        Finding finding = judge.of(in);
        return Judged.proof(finding, Digest.fromHash(sha.digest()), in.count());
    }

    private boolean ended(AuditFact audit) {
        try {
            return metadata.audit(audit.id()).state().ended();
        } catch (SelvageException e) {
            return false; // the ledger is asked again after the next attempt
        }
    }

    private static void pause(SelvageException failed) {
        try {
            TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SelvageException(ErrorCode.INTERRUPTED, "The node stops.", failed);
        }
    }
}
