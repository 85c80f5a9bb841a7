package dev.selvage.metadata;

import static dev.selvage.metadata.Market.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.contract.testing.Identity;
import dev.selvage.integrity.audit.OnLedger;
import dev.selvage.integrity.audit.OwnerKey;
import dev.selvage.model.CanonicalJson;
import dev.selvage.model.Digest;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.integrity.AuditMode;
import dev.selvage.model.integrity.MetadataApi;
import dev.selvage.model.integrity.MetadataEvent;
import dev.selvage.model.integrity.MetadataFacts.KeyFact;
import java.math.BigInteger;
import org.junit.jupiter.api.Test;

class OwnerKeysTest {
    private final Market market = new Market();

    private ErrorCode refused(Identity who, byte[] key, byte[] possession) {
        return refusal(
                () -> market.ledger.submit(who, MetadataApi.REGISTER_KEY, new MetadataApi.NewKey(key, possession)));
    }

    @Test
    void registers_a_key_whose_possession_is_proven() {
        var fact = market.registerKey();
        assertThat(fact.msp()).isEqualTo("EwrMSP");
        assertThat(fact.key()).isEqualTo(Digest.of(Market.registration().publicKey()));
        var view = market.ask(
                MetadataApi.GET_KEY, new MetadataApi.KeyQuery("EwrMSP", fact.key()), MetadataApi.KeyView.class);
        assertThat(view.key().publicKey()).isEqualTo(Market.registration().publicKey());
        assertThat(view.revoked()).isNull();
    }

    @Test
    void the_same_key_again_changes_nothing() {
        market.registerKey();
        var again = market.ledger.submit(Market.SELLER_ADMIN, MetadataApi.REGISTER_KEY, Market.registration());
        assertThat(again.writes()).isEmpty();
        assertThat(again.event()).isNull();
    }

    @Test
    void only_an_admin_registers_and_revokes() {
        var key = Market.registration();
        assertThat(refused(Market.SELLER, key.publicKey(), key.possession())).isEqualTo(ErrorCode.NOT_PERMITTED);
        market.registerKey();
        var revocation = new MetadataApi.KeyRevocation(Market.keyDigest(), "lost");
        assertThat(refusal(() -> market.ledger.submit(Market.SELLER, MetadataApi.REVOKE_KEY, revocation)))
                .isEqualTo(ErrorCode.NOT_PERMITTED);
        assertThat(refusal(() -> market.ledger.submit(Identity.admin("JfkMSP"), MetadataApi.REVOKE_KEY, revocation)))
                .as("another organisation's admin knows no such key of its own")
                .isEqualTo(ErrorCode.DATA_KEY_UNKNOWN);
    }

    @Test
    void another_organisation_cannot_repeat_the_proof() {
        var key = Market.registration();
        assertThat(refused(Identity.admin("JfkMSP"), key.publicKey(), key.possession()))
                .isEqualTo(ErrorCode.DATA_KEY_INVALID);
    }

    @Test
    void a_proof_by_another_key_is_refused() {
        var other = OnLedger.key(Market.PAIRING, new OwnerKey(BigInteger.TEN), "EwrMSP");
        assertThat(refused(Market.SELLER_ADMIN, Market.registration().publicKey(), other.possession()))
                .isEqualTo(ErrorCode.DATA_KEY_INVALID);
    }

    @Test
    void zero_wrong_lengths_and_points_off_the_curve_are_refused() {
        byte[] possession = Market.registration().possession();
        byte[] zero = new byte[96];
        zero[0] = (byte) 0xc0;
        assertThat(refused(Market.SELLER_ADMIN, zero, possession)).isEqualTo(ErrorCode.DATA_KEY_INVALID);
        byte[] zeroProof = new byte[48];
        zeroProof[0] = (byte) 0xc0;
        assertThat(refused(Market.SELLER_ADMIN, Market.registration().publicKey(), zeroProof))
                .isEqualTo(ErrorCode.DATA_KEY_INVALID);
        byte[] flipped = Market.registration().publicKey().clone();
        flipped[95] ^= 1;
        assertThat(refused(Market.SELLER_ADMIN, flipped, possession)).isEqualTo(ErrorCode.DATA_KEY_INVALID);
        assertThat(refused(Market.SELLER_ADMIN, new byte[95], possession)).isEqualTo(ErrorCode.REQUEST_INVALID);
        assertThat(refused(Market.SELLER_ADMIN, null, possession)).isEqualTo(ErrorCode.REQUEST_INVALID);
        assertThat(refused(Market.SELLER_ADMIN, Market.registration().publicKey(), new byte[47]))
                .isEqualTo(ErrorCode.REQUEST_INVALID);
    }

    @Test
    void a_revoked_key_neither_returns_nor_anchors_nor_is_audited_under() {
        market.registerKey();
        var anchor = market.anchor(AuditMode.SECTORED, 1);
        var revoked = market.ledger.submit(
                Market.SELLER_ADMIN,
                MetadataApi.REVOKE_KEY,
                new MetadataApi.KeyRevocation(Market.keyDigest(), "leaked"));
        assertThat(Market.facts(revoked)).containsExactly(new MetadataEvent.KeyRevoked("EwrMSP", Market.keyDigest()));

        assertThat(refusal(market::registerKey)).isEqualTo(ErrorCode.DATA_KEY_REVOKED);
        assertThat(refusal(() -> market.anchor(AuditMode.SECTORED, 2))).isEqualTo(ErrorCode.DATA_KEY_REVOKED);
        assertThat(refusal(() -> market.open(anchor))).isEqualTo(ErrorCode.DATA_KEY_REVOKED);
        var view = market.ask(
                MetadataApi.GET_ANCHOR,
                new MetadataApi.AnchorQuery(Market.FLIGHTS, null),
                MetadataApi.AnchorView.class);
        assertThat(view.keyRevoked().reason()).isEqualTo("leaked");
    }

    @Test
    void keys_are_rotated_by_registering_another() {
        market.registerKey();
        market.anchor(AuditMode.SECTORED, 1);
        var next = OnLedger.key(Market.PAIRING, new OwnerKey(BigInteger.valueOf(99)), "EwrMSP");
        var fact = market.submit(Market.SELLER_ADMIN, MetadataApi.REGISTER_KEY, next, KeyFact.class);
        var request = Market.request(AuditMode.SECTORED, 2);
        var rotated = new MetadataApi.NewAnchor(
                request.name(),
                2,
                request.mode(),
                request.leaves(),
                request.length(),
                request.blockSize(),
                request.root(),
                null,
                fact.key(),
                null,
                null);
        assertThat(market.anchor(rotated).publicKey()).isEqualTo(next.publicKey());
        var listed = CanonicalJson.parse(market.ledger
                .endorse(Market.THIRD, MetadataApi.LIST_KEYS, new MetadataApi.OwnerQuery("EwrMSP", null))
                .answer());
        assertThat(listed.path("items")).hasSize(2);
    }
}
