package dev.selvage.agent.audit;

import dev.selvage.agent.ledger.Ledger;
import dev.selvage.model.CanonicalJson;
import dev.selvage.model.ContractApi;
import dev.selvage.model.Digest;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import dev.selvage.model.integrity.DataName;
import dev.selvage.model.integrity.MetadataApi;
import dev.selvage.model.integrity.MetadataApi.AnchorView;
import dev.selvage.model.integrity.MetadataApi.AuditView;
import dev.selvage.model.integrity.MetadataFacts.AnchorFact;
import dev.selvage.model.integrity.MetadataFacts.AnswerFact;
import dev.selvage.model.integrity.MetadataFacts.AuditFact;
import dev.selvage.model.integrity.MetadataFacts.EndFact;
import dev.selvage.model.integrity.MetadataFacts.RevealFact;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * The metadata contract's functions in types. A write returns when it is committed; what a peer that is behind does not know yet is asked again for
 * some seconds. Thread-safe; calls block. Faults are those of {@link Ledger} and of the contract.
 */
final class Metadata {
    private static final Duration COMMIT = Duration.ofSeconds(30);
    private static final Duration BEHIND = Duration.ofSeconds(10);
    private static final long PAUSE_MS = 100;
    private static final Set<ErrorCode> MAY_BE_BEHIND =
            Set.of(ErrorCode.AUDIT_UNKNOWN, ErrorCode.AUDIT_OUT_OF_STEP, ErrorCode.ENDORSEMENT_FAILED);

    private final Ledger ledger;

    /** @param ledger of the metadata contract */
    Metadata(Ledger ledger) {
        this.ledger = ledger;
    }

    /** The newest version. */
    AnchorView anchor(DataName data) {
        return ask(MetadataApi.GET_ANCHOR, new MetadataApi.AnchorQuery(data, null), AnchorView.class);
    }

    /** A version. */
    AnchorView anchor(DataName data, int version) {
        return ask(MetadataApi.GET_ANCHOR, new MetadataApi.AnchorQuery(data, version), AnchorView.class);
    }

    /** The newest version; empty when none is anchored. */
    Optional<AnchorFact> known(DataName data) {
        try {
            return Optional.of(anchor(data).anchor());
        } catch (SelvageException e) {
            if (e.code() == ErrorCode.ANCHOR_UNKNOWN) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** A key of an organisation as it is registered; empty when it is not. */
    Optional<MetadataApi.KeyView> key(String msp, Digest key) {
        try {
            return Optional.of(ask(MetadataApi.GET_KEY, new MetadataApi.KeyQuery(msp, key), MetadataApi.KeyView.class));
        } catch (SelvageException e) {
            if (e.code() == ErrorCode.DATA_KEY_UNKNOWN) {
                return Optional.empty();
            }
            throw e;
        }
    }

    AnchorFact anchor(MetadataApi.NewAnchor anchor) {
        return write(MetadataApi.ANCHOR, anchor, AnchorFact.class);
    }

    AuditFact open(MetadataApi.NewAudit audit) {
        return write(MetadataApi.OPEN_AUDIT, audit, AuditFact.class);
    }

    AuditView audit(String audit) {
        return patiently(() -> ask(MetadataApi.GET_AUDIT, new MetadataApi.AuditQuery(audit), AuditView.class));
    }

    /**
     * An audit whose challenge is known.
     *
     * @throws SelvageException AUDIT_OUT_OF_STEP
     */
    AuditView revealed(String audit) {
        return patiently(() -> {
            AuditView view = ask(MetadataApi.GET_AUDIT, new MetadataApi.AuditQuery(audit), AuditView.class);
            if (view.reveal() == null || view.state().ended()) {
                throw new SelvageException(
                        ErrorCode.AUDIT_OUT_OF_STEP, "The audit " + audit + " is at the step " + view.state() + ".");
            }
            return view;
        });
    }

    void answer(String audit, byte[] nonce) {
        write(MetadataApi.ANSWER_AUDIT, new MetadataApi.Nonce(audit, nonce), Object.class);
    }

    /**
     * The prover's number.
     *
     * @throws SelvageException AUDIT_OUT_OF_STEP while there is none
     */
    AnswerFact answered(String audit) {
        return patiently(() -> {
            AuditView view = ask(MetadataApi.GET_AUDIT, new MetadataApi.AuditQuery(audit), AuditView.class);
            if (view.answer() == null) {
                throw new SelvageException(
                        ErrorCode.AUDIT_OUT_OF_STEP, "The audit " + audit + " is at the step " + view.state() + ".");
            }
            return view.answer();
        });
    }

    RevealFact reveal(String audit, byte[] nonce) {
        return write(MetadataApi.REVEAL_AUDIT, new MetadataApi.Nonce(audit, nonce), RevealFact.class);
    }

    void proof(String audit, Digest proof, long size) {
        write(MetadataApi.RECORD_PROOF, new MetadataApi.NewProof(audit, proof, size), Object.class);
    }

    EndFact judge(MetadataApi.NewVerdict verdict) {
        return write(MetadataApi.JUDGE_AUDIT, verdict, EndFact.class);
    }

    void abort(String audit, String reason) {
        write(MetadataApi.ABORT_AUDIT, new MetadataApi.Abort(audit, reason), Object.class);
    }

    /** Ends an audit whose awaited step did not come; NOT_YET_EXPIRED with {@code from} before its time. */
    EndFact expire(String audit) {
        return write(MetadataApi.EXPIRE_AUDIT, new MetadataApi.AuditQuery(audit), EndFact.class);
    }

    /** Open audits in which this node's organisation has a part. */
    List<AuditView> openAudits() {
        List<AuditView> open = new ArrayList<>();
        String bookmark = null;
        do {
            var query = new MetadataApi.OwnerQuery(null, new ContractApi.Page(bookmark, null));
            var page = CanonicalJson.parse(ledger.evaluate(MetadataApi.LIST_OPEN_AUDITS, query));
            page.path("items").forEach(item -> open.add(CanonicalJson.bind(item, AuditView.class)));
            bookmark = page.path("bookmark").asText(null);
        } while (bookmark != null);
        return open;
    }

    private <T> T ask(String function, Object argument, Class<T> answer) {
        return CanonicalJson.read(ledger.evaluate(function, argument), answer);
    }

    /** Endorsed anew after a conflict; committed when it returns. */
    private <T> T write(String function, Object argument, Class<T> answer) {
        return patiently(() -> {
            var endorsed = ledger.endorse(function, argument);
            String code = ledger.status(endorsed.transaction(), COMMIT)
                    .orElseThrow(() -> new SelvageException(
                            ErrorCode.COMMIT_UNKNOWN,
                            "Transaction " + endorsed.transaction().txid() + " of " + function + " did not show within "
                                    + COMMIT.toSeconds() + " s."));
            if (!code.equals("VALID")) {
                throw new SelvageException(
                        ErrorCode.ENDORSEMENT_FAILED,
                        "Transaction " + endorsed.transaction().txid() + " of " + function + " is invalid: " + code
                                + ".");
            }
            return CanonicalJson.read(endorsed.answer(), answer);
        });
    }

    private interface Attempt<T> {
        T now();
    }

    private static <T> T patiently(Attempt<T> attempt) {
        long end = System.nanoTime() + BEHIND.toNanos();
        while (true) {
            try {
                return attempt.now();
            } catch (SelvageException e) {
                if (!MAY_BE_BEHIND.contains(e.code()) || System.nanoTime() > end) {
                    throw e;
                }
                pause();
            }
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SelvageException(ErrorCode.INTERRUPTED, "The node stops.", e);
        }
    }
}
