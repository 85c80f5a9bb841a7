package dev.selvage.metadata;

import dev.selvage.contract.Settings;
import dev.selvage.contract.testing.Identity;
import dev.selvage.contract.testing.MemoryLedger;
import dev.selvage.integrity.audit.OnLedger;
import dev.selvage.integrity.audit.OwnerKey;
import dev.selvage.integrity.pairing.Pairing;
import dev.selvage.model.CanonicalJson;
import dev.selvage.model.Digest;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import dev.selvage.model.integrity.AuditMode;
import dev.selvage.model.integrity.DataName;
import dev.selvage.model.integrity.MetadataApi;
import dev.selvage.model.integrity.MetadataEvent;
import dev.selvage.model.integrity.MetadataFacts.AnchorFact;
import dev.selvage.model.integrity.MetadataFacts.AnswerFact;
import dev.selvage.model.integrity.MetadataFacts.AuditFact;
import dev.selvage.model.integrity.MetadataFacts.EndFact;
import dev.selvage.model.integrity.MetadataFacts.KeyFact;
import dev.selvage.model.integrity.MetadataFacts.ProofFact;
import dev.selvage.model.integrity.MetadataFacts.Prover;
import dev.selvage.model.integrity.MetadataFacts.RevealFact;
import dev.selvage.model.integrity.MetadataFacts.Times;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.api.ThrowableAssert;

/** A seller, a buyer and a third party on a channel, with short words for what they do. */
final class Market {
    static final Identity SELLER = Identity.user("EwrMSP");
    static final Identity SELLER_ADMIN = Identity.admin("EwrMSP");
    static final Identity BUYER = Identity.user("JfkMSP");
    static final Identity THIRD = Identity.user("LgaMSP");
    static final Identity STORE = Identity.node("LgaMSP", "store1");
    static final DataName FLIGHTS = new DataName("EwrMSP", "flights");
    static final OwnerKey KEY = new OwnerKey(BigInteger.valueOf(424_242));
    static final Pairing PAIRING = Pairing.pureJava();
    static final Times TIMES = new Times(1_000_000, 2_000_000, 3_000_000, 4_000_000);
    static final byte[] BUYER_NONCE = nonce(1);
    static final byte[] SELLER_NONCE = nonce(2);
    static final Digest PROOF = digest("proof");

    private static final MetadataApi.NewKey REGISTRATION = OnLedger.key(PAIRING, KEY, "EwrMSP");

    final MemoryLedger ledger = new MemoryLedger(
            () -> new MetadataChaincode(Settings.DEFAULT),
            List.of("auditTodo/", "auditOf/", "auditBy/"),
            List.of("auditTodo/", "auditOf/", "auditBy/", "anchor/", "data/"));

    static byte[] nonce(int first) {
        return Arrays.copyOf(new byte[] {(byte) first}, 32);
    }

    static Digest digest(String text) {
        return Digest.of(text.getBytes(StandardCharsets.UTF_8));
    }

    <T> T submit(Identity who, String function, Object request, Class<T> answer) {
        return ledger.submit(who, function, request).answer(answer);
    }

    <T> T ask(String function, Object request, Class<T> answer) {
        return ledger.evaluate(THIRD, function, request, answer);
    }

    KeyFact registerKey() {
        return submit(SELLER_ADMIN, MetadataApi.REGISTER_KEY, REGISTRATION, KeyFact.class);
    }

    static Digest keyDigest() {
        return Digest.of(REGISTRATION.publicKey());
    }

    static MetadataApi.NewKey registration() {
        return REGISTRATION;
    }

    /** A request for a version of the flights: 21 blocks of 310 bytes. */
    static MetadataApi.NewAnchor request(AuditMode mode, int version) {
        return new MetadataApi.NewAnchor(
                "flights",
                version,
                mode,
                21,
                20 * 310 + 100L,
                310,
                digest("root of " + version),
                mode == AuditMode.PAPER ? digest("root 2") : null,
                mode.needsKey() ? keyDigest() : null,
                null,
                null);
    }

    AnchorFact anchor(AuditMode mode, int version) {
        return anchor(request(mode, version));
    }

    AnchorFact anchor(MetadataApi.NewAnchor request) {
        return submit(SELLER, MetadataApi.ANCHOR, request, AnchorFact.class);
    }

    void nameStore() {
        var provers = List.of(new Prover("LgaMSP", "store1", STORE.spki()));
        ledger.submit(SELLER, MetadataApi.NAME_PROVERS, new MetadataApi.NewProvers("flights", provers));
    }

    static MetadataApi.NewAudit auditRequest(AnchorFact anchor, AuditMode mode, int count, String prover) {
        return new MetadataApi.NewAudit(
                anchor.data(),
                anchor.version(),
                mode,
                count,
                OnLedger.commitment(anchor, count, BUYER_NONCE),
                prover,
                TIMES,
                null);
    }

    AuditFact open(AnchorFact anchor) {
        return open(auditRequest(anchor, anchor.mode(), 6, null));
    }

    AuditFact open(MetadataApi.NewAudit request) {
        return submit(BUYER, MetadataApi.OPEN_AUDIT, request, AuditFact.class);
    }

    AnswerFact answer(Identity who, String audit) {
        return submit(who, MetadataApi.ANSWER_AUDIT, new MetadataApi.Nonce(audit, SELLER_NONCE), AnswerFact.class);
    }

    RevealFact reveal(String audit) {
        return submit(BUYER, MetadataApi.REVEAL_AUDIT, new MetadataApi.Nonce(audit, BUYER_NONCE), RevealFact.class);
    }

    ProofFact proof(Identity who, String audit) {
        return submit(who, MetadataApi.RECORD_PROOF, new MetadataApi.NewProof(audit, PROOF, 1000), ProofFact.class);
    }

    static MetadataApi.NewVerdict accepted(String audit) {
        return new MetadataApi.NewVerdict(audit, true, null, null, PROOF, 1000L);
    }

    static MetadataApi.NewVerdict rejected(String audit) {
        return new MetadataApi.NewVerdict(audit, false, "block 17 was changed", 17, PROOF, 1000L);
    }

    EndFact judge(MetadataApi.NewVerdict verdict) {
        return submit(BUYER, MetadataApi.JUDGE_AUDIT, verdict, EndFact.class);
    }

    EndFact abort(Identity who, String audit) {
        return submit(who, MetadataApi.ABORT_AUDIT, new MetadataApi.Abort(audit, "the disk is gone"), EndFact.class);
    }

    EndFact expire(String audit) {
        return submit(THIRD, MetadataApi.EXPIRE_AUDIT, new MetadataApi.AuditQuery(audit), EndFact.class);
    }

    /** A merkle audit that waits for an answer. */
    String opened() {
        return open(anchor(AuditMode.MERKLE, 1)).id();
    }

    String answered() {
        String audit = opened();
        answer(SELLER, audit);
        return audit;
    }

    String revealed() {
        String audit = answered();
        reveal(audit);
        return audit;
    }

    String proven() {
        String audit = revealed();
        proof(SELLER, audit);
        return audit;
    }

    MetadataApi.AuditView view(String audit) {
        return ask(MetadataApi.GET_AUDIT, new MetadataApi.AuditQuery(audit), MetadataApi.AuditView.class);
    }

    static List<MetadataEvent.Entry> facts(MemoryLedger.Endorsed endorsed) {
        return endorsed.event() == null
                ? List.of()
                : CanonicalJson.read(endorsed.event(), MetadataEvent.class).facts();
    }

    /** The code by which something is refused. */
    static ErrorCode refusal(ThrowableAssert.ThrowingCallable call) {
        try {
            call.call();
        } catch (SelvageException refused) {
            return refused.code();
        } catch (Throwable other) {
            throw new AssertionError("not a refusal", other);
        }
        throw new AssertionError("was not refused");
    }
}
