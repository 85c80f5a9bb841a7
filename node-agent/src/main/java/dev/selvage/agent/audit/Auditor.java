package dev.selvage.agent.audit;

import dev.selvage.integrity.audit.Challenge;
import dev.selvage.integrity.audit.Finding;
import dev.selvage.integrity.audit.MalformedProofException;
import dev.selvage.integrity.audit.MerkleAudit;
import dev.selvage.integrity.audit.OnLedger;
import dev.selvage.integrity.audit.PaperStream;
import dev.selvage.integrity.audit.SectoredAudit;
import dev.selvage.integrity.audit.SectoredStream;
import dev.selvage.integrity.pairing.Pairing;
import dev.selvage.model.Digest;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.NodeId;
import dev.selvage.model.SelvageException;
import dev.selvage.model.integrity.AuditMode;
import dev.selvage.model.integrity.DataName;
import dev.selvage.model.integrity.MetadataApi;
import dev.selvage.model.integrity.MetadataApi.NewAudit;
import dev.selvage.model.integrity.MetadataApi.NewVerdict;
import dev.selvage.model.integrity.MetadataFacts.AnchorFact;
import dev.selvage.model.integrity.MetadataFacts.AuditFact;
import dev.selvage.model.integrity.MetadataFacts.EndFact;
import dev.selvage.proofs.Anchor;
import java.io.IOException;
import java.io.InputStream;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The buyer's side of an audit, from the commitment to the recorded verdict. A verdict is an answer; faults are for what broke before the challenge was
 * known, or on this side, and the audit is then aborted on the ledger. A prover that fails once it knows the challenge gets no abort and no
 * fresh challenge: such an audit is rejected. Thread-safe.
 */
final class Auditor {
    private static final Logger LOG = LoggerFactory.getLogger(Auditor.class);
    private static final int LONGEST_REASON = 400;

    private final String channel;
    private final Metadata metadata;
    private final AuditSteps links;
    private final ProofWait proofs;
    private final AuditTimes times;
    private final Function<String, NodeId> nodeOf;
    private final SecureRandom random = new SecureRandom();

    /** @param nodeOf the node that answers for an organisation */
    Auditor(String channel, Metadata metadata, AuditSteps links, AuditTimes times, Function<String, NodeId> nodeOf) {
        this.channel = channel;
        this.metadata = metadata;
        this.links = links;
        this.times = times;
        this.proofs = new ProofWait(metadata, links);
        this.nodeOf = nodeOf;
    }

    /**
     * What is to be audited.
     *
     * @param holder the node that has the data; empty for the owner's own
     * @param mode empty for that of the anchor
     * @param task for which the audit is made
     */
    record Order(
            DataName data,
            Optional<NodeId> holder,
            Detection detection,
            Optional<AuditMode> mode,
            Optional<String> task) {}

    /**
     * Audits the newest anchored version.
     *
     * @throws SelvageException ANCHOR_UNKNOWN, ANCHOR_EXPIRED, DETECTION_OUT_OF_REACH, NOT_ENTITLED, GRANT_MISSING, OPENING_LIMIT, PEER_UNREACHABLE and
     *     what the ledger says
     */
    AuditReport audit(Order order, Progress progress) {
        long start = System.nanoTime();
        AnchorFact anchor = metadata.anchor(order.data()).anchor();
        AuditMode mode = order.mode().orElse(anchor.mode());
        requireMode(anchor, mode);
        Anchors.requireWithinLimits(anchor);
        NodeId holder = order.holder().orElseGet(() -> nodeOf.apply(order.data().owner()));
        int count = order.detection().challenges(anchor.leaves());
        byte[] nonce = new byte[MetadataApi.NONCE_BYTES];
        random.nextBytes(nonce);
        progress.phase("committing to " + count + " of " + anchor.leaves() + " blocks", 0);
        AuditFact audit = metadata.open(new NewAudit(
                order.data(),
                anchor.version(),
                mode,
                count,
                OnLedger.commitment(anchor, count, nonce),
                order.holder().map(NodeId::toString).orElse(null),
                times.given(mode, OnLedger.anchor(anchor), count),
                order.task().orElse(null)));
        LOG.info("audit={} of {} at {}: opened", audit.id(), order.data(), holder);
        try {
            links.answer(holder, audit.id());
            progress.phase("revealing the challenge", 0);
            Challenge challenge = challenge(anchor, audit, nonce);
            Judged judged = proofs.await(
                    audit,
                    holder,
                    (long) count * anchor.blockSize(),
                    progress,
                    in -> finding(anchor, mode, challenge, in));
            return report(order, anchor, audit, holder, judged, ended(audit, judged), start);
        } catch (SelvageException e) {
            abort(audit, e);
            throw new SelvageException(
                    e.code(), e.parameters(), e.sentence() + " The audit " + audit.id() + " was aborted.", e);
        }
    }

    private static void requireMode(AnchorFact anchor, AuditMode mode) {
        if (!anchor.mode().allows(mode)) {
            throw new SelvageException(
                    ErrorCode.NOT_SUPPORTED,
                    anchor.data() + " is anchored in the mode " + anchor.mode() + " and cannot be audited in the mode "
                            + mode + ".");
        }
    }

    /** Both numbers are on the ledger; the seed is computed here as well. */
    private Challenge challenge(AnchorFact anchor, AuditFact audit, byte[] nonce) {
        var answer = metadata.answered(audit.id());
        var reveal = metadata.reveal(audit.id(), nonce);
        Digest seed = OnLedger.seed(channel, anchor, audit, nonce, answer.nonce());
        if (!seed.equals(reveal.seed())) {
            throw new SelvageException(
                    ErrorCode.AUDIT_MISMATCH, "The contract's seed is not that of the two numbers on the ledger.");
        }
        return OnLedger.challenge(audit, reveal);
    }

    private static Finding finding(AnchorFact fact, AuditMode mode, Challenge challenge, InputStream in)
            throws IOException, MalformedProofException {
        Anchor anchor = OnLedger.anchor(fact);
        return switch (mode) {
            case MERKLE ->
                fact.mode() == AuditMode.SECTORED
                        ? MerkleAudit.verify(
                                anchor,
                                challenge,
                                new SectoredAudit(Pairing.fastest(), anchor.blockSize()),
                                fact.publicKey(),
                                in)
                        : MerkleAudit.verify(anchor, challenge, in);
            case SECTORED ->
                new SectoredStream(Pairing.fastest(), anchor.blockSize())
                        .verify(anchor, challenge, fact.publicKey(), in);
            case PAPER ->
                new PaperStream(Pairing.fastest())
                        .verify(anchor, fact.root2().bytes(), fact.publicKey(), challenge, in);
        };
    }

    /**
     * Records the verdict; empty where there is no verdict, since no proof came: such an audit is left to expire, so that the ledger says of whom nothing came.
     */
    private Optional<EndFact> ended(AuditFact audit, Judged judged) {
        if (!judged.came()) {
            LOG.info(
                    "audit={} is left to expire: {}",
                    audit.id(),
                    judged.finding().verdict().reason());
            return Optional.empty();
        }
        var finding = judged.finding();
        boolean accepted = finding.verdict().accepted();
        return Optional.of(metadata.judge(new NewVerdict(
                audit.id(),
                accepted,
                accepted ? null : cut(finding.verdict().reason()),
                finding.damaged().isEmpty() ? null : finding.damaged().first(),
                judged.proof(),
                judged.proof() == null ? null : judged.size())));
    }

    private static AuditReport report(
            Order order,
            AnchorFact anchor,
            AuditFact audit,
            NodeId holder,
            Judged judged,
            Optional<EndFact> end,
            long start) {
        var finding = judged.finding();
        return new AuditReport(
                audit.id(),
                order.data(),
                anchor.version(),
                audit.mode(),
                holder,
                anchor.leaves(),
                anchor.blockSize(),
                audit.count(),
                order.detection().toString(),
                finding.verdict().accepted(),
                finding.verdict().reason(),
                finding.damaged().stream().limit(AuditReport.DAMAGED).toList(),
                finding.damaged().size(),
                judged.size(),
                Duration.ofNanos(System.nanoTime() - start).toMillis(),
                end.map(EndFact::txid).orElse(null));
    }

    private void abort(AuditFact audit, SelvageException why) {
        try {
            metadata.abort(audit.id(), cut(why.code() + ": " + why.sentence()));
        } catch (SelvageException e) {
            LOG.warn("audit={} could not be aborted: {}", audit.id(), e.getMessage());
        }
    }

    private static String cut(String text) {
        return text.length() <= LONGEST_REASON ? text : text.substring(0, LONGEST_REASON - 3) + "...";
    }
}
