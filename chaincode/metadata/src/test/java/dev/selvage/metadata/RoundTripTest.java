package dev.selvage.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.contract.testing.Identity;
import dev.selvage.contract.testing.MemoryLedger;
import dev.selvage.model.CanonicalJson;
import dev.selvage.model.Limits;
import dev.selvage.model.integrity.AuditMode;
import dev.selvage.model.integrity.MetadataApi;
import dev.selvage.model.integrity.MetadataFacts.Prover;
import dev.selvage.model.integrity.MetadataKeys;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Round trips between chaincode and peer of each function that writes; a number here that grows is a change for the worse. */
class RoundTripTest {
    private final Market market = new Market();

    private int trips(Identity who, String function, Object request) {
        return market.ledger.submit(who, function, request).roundTrips();
    }

    @Test
    void keys_take_three() {
        // revoked, key; key
        assertThat(trips(Market.SELLER_ADMIN, MetadataApi.REGISTER_KEY, Market.registration()))
                .isEqualTo(3);
        // key, revoked; revoked
        assertThat(trips(
                        Market.SELLER_ADMIN,
                        MetadataApi.REVOKE_KEY,
                        new MetadataApi.KeyRevocation(Market.keyDigest(), null)))
                .isEqualTo(3);
    }

    @Test
    void anchors_take_four_and_two_more_for_a_key() {
        market.registerKey();
        // head, version; version, head
        assertThat(trips(Market.SELLER, MetadataApi.ANCHOR, Market.request(AuditMode.MERKLE, 1)))
                .isEqualTo(4);
        assertThat(trips(Market.SELLER, MetadataApi.ANCHOR, Market.request(AuditMode.SECTORED, 2)))
                .isEqualTo(6);
        var provers = new MetadataApi.NewProvers("flights", List.of(new Prover("LgaMSP", null, null)));
        assertThat(trips(Market.SELLER, MetadataApi.NAME_PROVERS, provers)).isEqualTo(2);
    }

    @Test
    void an_audit_takes_few_for_each_step() {
        var anchor = market.anchor(AuditMode.MERKLE, 1);
        var opening = market.ledger.submit(
                Market.BUYER, MetadataApi.OPEN_AUDIT, Market.auditRequest(anchor, AuditMode.MERKLE, 6, null));
        // head, version; audit, two lists, two todos
        assertThat(opening.roundTrips()).isEqualTo(7);
        String audit = opening.txid().substring(0, 32);
        // audit, end, answer; answer
        assertThat(trips(Market.SELLER, MetadataApi.ANSWER_AUDIT, new MetadataApi.Nonce(audit, Market.SELLER_NONCE)))
                .isEqualTo(4);
        // audit, end, answer, reveal, version; reveal
        assertThat(trips(Market.BUYER, MetadataApi.REVEAL_AUDIT, new MetadataApi.Nonce(audit, Market.BUYER_NONCE)))
                .isEqualTo(6);
        // audit, end, answer, reveal, proof; proof
        assertThat(trips(Market.SELLER, MetadataApi.RECORD_PROOF, new MetadataApi.NewProof(audit, Market.PROOF, 1000)))
                .isEqualTo(6);
        // five reads; end, two todos
        assertThat(trips(Market.BUYER, MetadataApi.JUDGE_AUDIT, Market.accepted(audit)))
                .isEqualTo(8);
    }

    @Test
    void a_page_of_audits_fits() {
        var anchor = market.anchor(AuditMode.MERKLE, 1);
        for (int i = 0; i < 25; i++) {
            String audit = market.open(anchor).id();
            market.answer(Market.SELLER, audit);
            market.reveal(audit);
            market.proof(Market.SELLER, audit);
        }
        var page = market.ledger.endorse(
                Market.THIRD, MetadataApi.LIST_AUDITS, new MetadataApi.AuditsQuery(Market.FLIGHTS, null, null));
        assertThat(CanonicalJson.parse(page.answer()).path("items")).hasSize(20);
        assertThat(page.roundTrips()).isEqualTo(1 + 20 * 5).isLessThan(Limits.ROUND_TRIPS);
    }

    @Test
    void a_page_of_keys_fits() {
        byte[] key = CanonicalJson.bytes(market.registerKey());
        for (int i = 0; i < 60; i++) {
            var digest = Market.digest("key " + i);
            market.ledger.state.put(MetadataKeys.key("EwrMSP", digest), new MemoryLedger.Entry(key, 1));
        }
        var page =
                market.ledger.endorse(Market.SELLER, MetadataApi.LIST_KEYS, new MetadataApi.OwnerQuery("EwrMSP", null));
        assertThat(CanonicalJson.parse(page.answer()).path("items")).hasSize(50);
        assertThat(page.roundTrips()).isLessThan(Limits.ROUND_TRIPS);
    }
}
