package dev.selvage.network.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.selvage.network.contract.LedgerUnderTest.Deployment;
import dev.selvage.network.org.Organisation;
import dev.selvage.network.org.OrganisationSigner;
import dev.selvage.network.org.TestIdentities;
import io.grpc.Status.Code;
import java.nio.file.Path;
import java.util.NoSuchElementException;
import org.hyperledger.fabric.client.CloseableIterator;
import org.hyperledger.fabric.client.Proposal;
import org.hyperledger.fabric.client.SubmittedTransaction;
import org.hyperledger.fabric.client.Transaction;
import org.hyperledger.fabric.protos.common.Block;
import org.hyperledger.fabric.protos.gateway.CommitStatusRequest;
import org.hyperledger.fabric.protos.gateway.SignedCommitStatusRequest;
import org.hyperledger.fabric.protos.peer.TxValidationCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may ask: identities and signatures. */
interface IdentityRules extends LedgerCase {
    @Test
    default void an_msp_that_is_not_on_the_channel_is_refused() {
        OrganisationSigner stranger = TestIdentities.renamed("BosMSP", user("EwrMSP"));
        assertAccessDenied(stranger);
    }

    @Test
    default void a_certificate_of_another_organisation_is_refused() {
        assertAccessDenied(TestIdentities.renamed("EwrMSP", user("JfkMSP")));
    }

    @Test
    default void a_certificate_of_a_foreign_authority_is_refused(@TempDir Path folder) {
        assertAccessDenied(TestIdentities.ofTwin(organisation("EwrMSP"), folder));
    }

    @Test
    default void an_expired_certificate_is_refused() {
        assertRefused(
                TestIdentities.expired(organisation("EwrMSP")), Code.UNAVAILABLE, "proposal client identity expired");
    }

    @Test
    default void a_certificate_without_a_role_is_refused() {
        assertAccessDenied(TestIdentities.withoutUnit(organisation("EwrMSP")));
    }

    @Test
    default void a_signature_by_another_key_is_refused() {
        assertAccessDenied(TestIdentities.stolen(user("EwrMSP"), user("JfkMSP")));
    }

    @Test
    default void a_peer_may_read_blocks_but_not_propose() throws Exception {
        try (TestClient peer = connect("EwrMSP", "peer0")) {
            Refusal refusal = refusal(() -> peer.evaluate("AssetExists", "x"));
            assertThat(refusal.code()).isEqualTo(Code.FAILED_PRECONDITION);
            assertThat(refusal.all()).contains("Writers");
            assertThat(Blocks.info(peer).getHeight()).as("it is a reader").isPositive();
            Refusal committed = refusal(() -> peer.network()
                    .getContract("_lifecycle")
                    .evaluateTransaction("QueryChaincodeDefinitions", new byte[0]));
            assertThat(committed.all()).as("what is committed is for writers").contains("Writers");
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
    default void a_status_is_told_to_readers_of_the_channel_only() throws Exception {
        SubmittedTransaction sent = ewr().send(Deployment.ASSETS, "PutAsset", freshKey(), "ann", "1");
        assertThat(code(sent)).isEqualTo(TxValidationCode.VALID);
        try (TestClient stranger =
                TestClient.connect(ledger(), "EwrMSP", TestIdentities.renamed("BosMSP", user("EwrMSP")))) {
            SignedCommitStatusRequest signed = SignedCommitStatusRequest.parseFrom(sent.getBytes());
            CommitStatusRequest request = CommitStatusRequest.parseFrom(signed.getRequest()).toBuilder()
                    .setIdentity(
                            TestIdentities.renamed("BosMSP", user("EwrMSP")).serializedIdentity())
                    .build();
            byte[] foreign = signed.toBuilder()
                    .setRequest(request.toByteString())
                    .build()
                    .toByteArray();
            Refusal refusal =
                    refusal(() -> stranger.gateway().newCommit(foreign).getStatus());
            assertThat(refusal.code()).isEqualTo(Code.PERMISSION_DENIED);
        }
    }

    @Test
    default void a_proposal_changed_after_signing_is_refused() throws Exception {
        Proposal honest = ewr().proposal(Deployment.ASSETS, "PutAsset", freshKey(), "ann", "1");
        Proposal other = ewr().proposal(Deployment.ASSETS, "PutAsset", freshKey(), "ann", "1");
        byte[] signature = user("EwrMSP").signDigest(other.getDigest());
        Proposal tampered = ewr().gateway().newSignedProposal(honest.getBytes(), signature);
        assertThat(refusal(tampered::evaluate).code()).isEqualTo(Code.FAILED_PRECONDITION);
        Refusal endorsed = refusal(tampered::endorse);
        assertThat(endorsed.code()).isEqualTo(Code.ABORTED);
        assertThat(endorsed.all()).contains("access denied: channel [selvage] creator org [EwrMSP]");
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
            // a Raft orderer's no is ABORTED; with BFT a quorum of them is lacking
            assertThat(refusedAtOnce.getStatus().getCode()).isIn(Code.ABORTED, Code.UNAVAILABLE);
        }
        assertThat(ewr().evaluate("AssetExists", id)).isEqualTo("false");
    }

    /** A refused proposal is ABORTED on endorse; only streams and statuses answer PERMISSION_DENIED, block streams FORBIDDEN. */
    private void assertRefused(OrganisationSigner signer, Code onEvaluate, String sentence) {
        try (TestClient client = TestClient.connect(ledger(), "EwrMSP", signer)) {
            Refusal evaluated = refusal(() -> client.evaluate("AssetExists", "x"));
            assertThat(evaluated.code()).as(evaluated.all()).isEqualTo(onEvaluate);
            assertThat(evaluated.all()).contains(sentence);
            Refusal endorsed = refusal(() -> client.proposal(Deployment.ASSETS, "PutAsset", "x", "ann", "1")
                    .endorse());
            assertThat(endorsed.code()).as(endorsed.all()).isEqualTo(Code.ABORTED);
            assertThat(endorsed.all()).contains(sentence);
            Refusal events = refusal(() -> {
                try (var iterator = client.network().getChaincodeEvents("assets")) {
                    iterator.next();
                }
            });
            assertThat(events.code()).as(events.all()).isEqualTo(Code.PERMISSION_DENIED);
            assertThatThrownBy(() -> {
                        try (CloseableIterator<Block> blocks = client.network().getBlockEvents()) {
                            blocks.next();
                        }
                    })
                    .isInstanceOf(NoSuchElementException.class)
                    .hasMessageContaining("FORBIDDEN");
        }
    }

    private void assertAccessDenied(OrganisationSigner signer) {
        assertRefused(signer, Code.FAILED_PRECONDITION, "error validating proposal: access denied: channel [selvage]");
    }

    private OrganisationSigner user(String msp) {
        return organisation(msp).signer("User1");
    }

    private Organisation organisation(String msp) {
        return organisations().get(msp);
    }
}
