package dev.selvage.agent.audit;

import dev.selvage.agent.data.DataCatalogue;
import dev.selvage.agent.data.GrantDecision;
import dev.selvage.agent.peer.Asker;
import dev.selvage.agent.peer.ContentFacts;
import dev.selvage.engine.BuiltinEngine;
import dev.selvage.integrity.audit.BlockSource;
import dev.selvage.integrity.audit.Challenge;
import dev.selvage.integrity.audit.LeafPaths;
import dev.selvage.integrity.audit.MerkleAudit;
import dev.selvage.integrity.audit.OnLedger;
import dev.selvage.integrity.audit.PaperStream;
import dev.selvage.integrity.audit.SectoredStream;
import dev.selvage.integrity.hash.FileChangedException;
import dev.selvage.integrity.hash.FileTree;
import dev.selvage.integrity.hash.StableFile;
import dev.selvage.integrity.pairing.Pairing;
import dev.selvage.model.Digest;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.NodeId;
import dev.selvage.model.Operation;
import dev.selvage.model.SelvageException;
import dev.selvage.model.integrity.AuditState;
import dev.selvage.model.integrity.MetadataApi;
import dev.selvage.model.integrity.MetadataApi.AuditView;
import dev.selvage.proofs.Anchor;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.SecureRandom;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The seller's side of an audit, or that of a node that holds the data for it: answers from the data's bytes as they are now. Asked by other
 * organisations it needs a grant of the data set: for {@code data.check/1} to be audited, for {@code data.move/1} to give away what compares the
 * whole file, since who may have the bytes may have that too. Thread-safe.
 */
final class Prover {
    private static final Logger LOG = LoggerFactory.getLogger(Prover.class);
    private static final Map<String, Operation> OPERATIONS = BuiltinEngine.builtinOperations();

    private final NodeId self;
    private final Digest spki;
    private final DataCatalogue catalogue;
    private final LocalBytes files;
    private final ContentFacts facts;
    private final AnchorStore kits;
    private final Metadata metadata;
    private final OpenedShare share;
    private final KitRoom room = new KitRoom();
    private final SecureRandom random = new SecureRandom();

    /** @param spki digest of this node's key, by which the contract knows who answered */
    Prover(
            NodeId self,
            Digest spki,
            DataCatalogue catalogue,
            LocalBytes files,
            ContentFacts facts,
            AnchorStore kits,
            Metadata metadata) {
        this.self = self;
        this.spki = spki;
        this.catalogue = catalogue;
        this.files = files;
        this.facts = facts;
        this.kits = kits;
        this.metadata = metadata;
        this.share = new OpenedShare(catalogue.openings(), metadata);
    }

    /**
     * Puts this node's number on the ledger; nothing is done when it stands there already.
     *
     * @throws SelvageException NOT_ENTITLED, GRANT_MISSING, DATA_UNKNOWN, AUDIT_TIME_SHORT, OPENING_LIMIT, AUDIT_OUT_OF_STEP and what the ledger
     *     says
     */
    void answer(Asker asker, String audit) {
        AuditView view = metadata.audit(audit);
        Kit kit = kit(asker, view);
        requireGrant(asker, kit, BuiltinEngine.CHECK);
        if (view.state() != AuditState.AWAITING_ANSWER && mine(view)) {
            return;
        }
        AuditTimes.requireEnough(view.audit(), kit.anchor());
        requireShare(asker, view, kit);
        byte[] nonce = new byte[MetadataApi.NONCE_BYTES];
        random.nextBytes(nonce);
        metadata.answer(audit, nonce);
        LOG.info("audit={} of {} by {}: answered", audit, view.audit().data(), asker);
    }

    /**
     * Writes the proof of a revealed challenge that this node answered, and puts its digest on the ledger. A grant is not needed any more: its end would
     * leave the owner without the proof that it owes.
     *
     * @throws SelvageException NOT_ENTITLED, NODE_REVOKED, AUDIT_OUT_OF_STEP, TOO_MANY_REQUESTS; DATA_CHANGED when the bytes are gone
     * @throws IOException when the asker goes
     */
    void prove(Asker asker, String audit, OutputStream to) throws IOException {
        AuditView view = revealed(audit);
        Kit kit = kit(asker, view);
        var challenge = OnLedger.challenge(view.audit(), view.reveal());
        var sha = Digest.sha256();
        var counted = new CountingOutput(new DigestOutputStream(to, sha));
        try (var place = room.take(kit);
                var file = open(files.of(kit.local()))) {
            LOG.debug("audit={} proves with {}", audit, place);
            share.shown(view.audit());
            prove(stored(kit.id()), view, challenge, BlockSource.of(file, kit.length(), kit.blockSize()), counted);
        } catch (FileChangedException e) {
            throw new SelvageException(
                    ErrorCode.DATA_CHANGED, "The bytes are not what was anchored: " + e.getMessage() + ".", e);
        }
        record(audit, Digest.fromHash(sha.digest()), counted.count());
    }

    /** The bytes as they are now, whatever they were when they were anchored. */
    private static StableFile open(Path path) {
        try {
            return StableFile.open(path);
        } catch (IOException e) {
            throw new SelvageException(
                    ErrorCode.DATA_CHANGED, "The bytes of the data set cannot be read: " + path.getFileName() + ".", e);
        }
    }

    private void prove(
            AnchorStore.Stored stored, AuditView view, Challenge challenge, BlockSource bytes, OutputStream to)
            throws IOException {
        Anchor anchor = stored.kit().anchor();
        switch (view.audit().mode()) {
            case MERKLE -> MerkleAudit.prove(challenge, bytes, stored.key(), tree(stored, bytes), stored.tags(), to);
            case SECTORED ->
                new SectoredStream(Pairing.fastest(), anchor.blockSize())
                        .prove(
                                anchor,
                                challenge,
                                publicKey(view),
                                bytes,
                                stored.key(),
                                Anchors.setup(stored),
                                random,
                                to);
            case PAPER ->
                new PaperStream(Pairing.fastest()).prove(anchor, challenge, bytes, stored.hashes(), stored.tags(), to);
        }
    }

    /** All of it from what is kept; of a large file the part below the kept nodes from the bytes as they are now. */
    private static LeafPaths tree(AnchorStore.Stored stored, BlockSource bytes) {
        var kit = stored.kit();
        return kit.kept().level() == 0
                ? LeafPaths.of(Anchors.tree(kit.anchor(), stored.hashes(), stored.tags()))
                : FileTree.of(bytes, stored.key(), kit.data().file().bytes(), stored.hashes());
    }

    /** The owner's, as the anchor names it. */
    private byte[] publicKey(AuditView view) {
        return metadata.anchor(view.audit().data(), view.audit().version())
                .anchor()
                .publicKey();
    }

    private AuditView revealed(String audit) {
        AuditView view = metadata.revealed(audit);
        if (!mine(view)) {
            throw new SelvageException(
                    ErrorCode.NODE_NOT_NAMED, "Another node than " + self + " answered the audit " + audit + ".");
        }
        return view;
    }

    private boolean mine(AuditView view) {
        return view.answer() != null && spki.equals(view.answer().spki());
    }

    /** The record only protects this side: without it the proof is as good. */
    private void record(String audit, Digest proof, long size) {
        try {
            metadata.proof(audit, proof, size);
        } catch (SelvageException e) {
            LOG.warn("audit={} the proof's digest is not on the ledger: {}", audit, e.getMessage());
        }
    }

    /**
     * Writes the secret of an anchored version, its block hashes and its tags.
     *
     * @param anchor digest of the anchor
     */
    void open(Asker asker, String anchor, OutputStream to) throws IOException {
        Kit kit = kit(new Digest(anchor));
        requireNotRevoked(asker);
        requireGrant(asker, kit, BuiltinEngine.MOVE);
        try (var place = room.take(kit)) {
            LOG.debug("anchor={} opened with {}", anchor, place);
            var stored = stored(kit.id());
            to.write(stored.secret());
            to.write(stored.hashes());
            to.write(stored.tags());
        }
    }

    private Kit kit(Asker asker, AuditView view) {
        var audit = view.audit();
        if (!audit.buyer().msp().equals(asker.party().msp())) {
            throw new SelvageException(
                    ErrorCode.NOT_ENTITLED,
                    "The audit " + audit.id() + " was opened by "
                            + audit.buyer().msp() + ", not by " + asker.party().msp() + ".");
        }
        Kit kit = kit(audit.anchor());
        requireNotRevoked(asker);
        return kit;
    }

    private Kit kit(Digest anchor) {
        return kits.kit(anchor).orElseThrow(() -> unknown(anchor));
    }

    private AnchorStore.Stored stored(Digest anchor) {
        return kits.find(anchor).orElseThrow(() -> unknown(anchor));
    }

    private SelvageException unknown(Digest anchor) {
        return new SelvageException(
                ErrorCode.DATA_UNKNOWN, self + " holds no data under the anchor " + anchor.shortForm() + "....");
    }

    private void requireNotRevoked(Asker asker) {
        if (facts.revoked(asker.party().msp(), asker.spki())) {
            throw new SelvageException(
                    ErrorCode.NODE_REVOKED, "The key of " + asker + " was revoked by its organisation.");
        }
    }

    private boolean own(Asker asker) {
        return asker.party().msp().equals(self.msp());
    }

    private void requireGrant(Asker asker, Kit kit, String operation) {
        if (!own(asker) && decide(asker, kit, operation) instanceof GrantDecision.Missing missing) {
            throw new SelvageException(ErrorCode.GRANT_MISSING, missing.reason());
        }
    }

    /** Who may have the bytes may see them all, as often as it likes. */
    private void requireShare(Asker asker, AuditView view, Kit kit) {
        if (decide(asker, kit, BuiltinEngine.CHECK) instanceof GrantDecision.Granted granted
                && granted.grant().opens() < 100
                && !own(asker)
                && !(decide(asker, kit, BuiltinEngine.MOVE) instanceof GrantDecision.Granted)) {
            share.require(view.audit(), kit, granted.grant().opens());
        }
    }

    private GrantDecision decide(Asker asker, Kit kit, String operation) {
        return catalogue
                .grants()
                .decide(kit.local(), operation, OPERATIONS.get(operation).digest(), asker.party());
    }
}
