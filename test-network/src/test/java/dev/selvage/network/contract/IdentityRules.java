package dev.selvage.network.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.network.contract.LedgerUnderTest.Deployment;
import dev.selvage.network.org.Organisation;
import dev.selvage.network.org.OrganisationSigner;
import dev.selvage.network.org.TestIdentities;
import io.grpc.Status.Code;
import java.nio.file.Path;
import org.hyperledger.fabric.client.CloseableIterator;
import org.hyperledger.fabric.client.Proposal;
import org.hyperledger.fabric.client.SubmittedTransaction;
import org.hyperledger.fabric.client.Transaction;
import org.hyperledger.fabric.protos.common.Block;
import org.hyperledger.fabric.protos.peer.TxValidationCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may ask: identities and signatures. */
interface IdentityRules extends LedgerCase {
    @Test
    default void an_msp_that_is_not_on_the_channel_is_refused() {
        OrganisationSigner stranger = TestIdentities.renamed("BosMSP", user("EwrMSP"));
        assertNobody(stranger);
    }

    @Test
    default void a_certificate_of_another_organisation_is_refused() {
        assertNobody(TestIdentities.renamed("EwrMSP", user("JfkMSP")));
    }

    @Test
    default void a_certificate_of_a_foreign_authority_is_refused(@TempDir Path folder) {
        assertNobody(TestIdentities.ofTwin(organisation("EwrMSP"), folder));
    }

    @Test
    default void an_expired_certificate_is_refused() {
        assertNobody(TestIdentities.expired(organisation("EwrMSP")));
    }

    @Test
    default void a_certificate_without_a_role_is_refused() {
        assertNobody(TestIdentities.withoutUnit(organisation("EwrMSP")));
    }

    @Test
    default void a_signature_by_another_key_is_refused() {
        assertNobody(TestIdentities.stolen(user("EwrMSP"), user("JfkMSP")));
    }

    @Test
    default void a_peer_may_not_propose_as_a_client_does() {
        try (TestClient peer = connect("EwrMSP", "peer0")) {
            Refusal refusal = refusal(() -> peer.evaluate("AssetExists", "x"));
            assertThat(refusal.all()).contains("Writers");
        }
    }

    @Test
    default void a_client_of_another_organisation_may_use_a_peer() throws Exception {
        try (TestClient client = TestClient.connect(ledger(), "EwrMSP", user("JfkMSP"))) {
            assertThat(client.evaluate("WhoAmI")).startsWith("JfkMSP ");
            String id = freshKey();
            assertThat(client.submit("PutAsset", id, "ann", "1")).isEqualTo("ann:1");
        }
    }

    @Test
    default void a_proposal_changed_after_signing_is_refused() throws Exception {
        Proposal honest = ewr().proposal(Deployment.ASSETS, "PutAsset", freshKey(), "ann", "1");
        Proposal other = ewr().proposal(Deployment.ASSETS, "PutAsset", freshKey(), "ann", "1");
        byte[] signature = user("EwrMSP").signDigest(other.getDigest());
        Proposal tampered = ewr().gateway().newSignedProposal(honest.getBytes(), signature);
        assertThat(refusal(tampered::evaluate).code()).isIn(Code.PERMISSION_DENIED, Code.ABORTED, Code.UNKNOWN);
        assertThat(refusal(tampered::endorse).code()).isIn(Code.PERMISSION_DENIED, Code.ABORTED, Code.UNKNOWN);
    }

    @Test
    default void a_transaction_signed_wrongly_takes_no_effect() throws Exception {
        String id = freshKey();
        Transaction honest =
                ewr().proposal(Deployment.ASSETS, "PutAsset", id, "ann", "1").endorse();
        byte[] signature = user("JfkMSP").signDigest(honest.getDigest());
        Transaction tampered = ewr().gateway().newSignedTransaction(honest.getBytes(), signature);
        try {
            SubmittedTransaction sent = tampered.submitAsync();
            assertThat(code(sent)).isEqualTo(TxValidationCode.BAD_CREATOR_SIGNATURE);
        } catch (org.hyperledger.fabric.client.SubmitException refusedAtOnce) {
            assertThat(refusedAtOnce.getStatus().getCode()).isEqualTo(Code.ABORTED);
        }
        assertThat(ewr().evaluate("AssetExists", id)).isEqualTo("false");
    }

    private void assertNobody(OrganisationSigner signer) {
        try (TestClient client = TestClient.connect(ledger(), "EwrMSP", signer)) {
            Refusal evaluated = refusal(() -> client.evaluate("AssetExists", "x"));
            Refusal endorsed = refusal(() -> client.proposal(Deployment.ASSETS, "PutAsset", "x", "ann", "1")
                    .endorse());
            Refusal blocks = refusal(() -> {
                try (CloseableIterator<Block> events = client.network().getBlockEvents()) {
                    events.next();
                }
            });
            Refusal events = refusal(() -> {
                try (var iterator = client.network().getChaincodeEvents("assets")) {
                    iterator.next();
                }
            });
            assertThat(evaluated.code() + " " + endorsed.code() + " " + blocks.code() + " " + events.code())
                    .as(evaluated.all() + " // " + endorsed.all() + " // " + blocks.all() + " // " + events.all())
                    .isEqualTo("PERMISSION_DENIED PERMISSION_DENIED PERMISSION_DENIED PERMISSION_DENIED");
        }
    }

    private OrganisationSigner user(String msp) {
        return organisation(msp).signer("User1");
    }

    private Organisation organisation(String msp) {
        return organisations().get(msp);
    }
}
