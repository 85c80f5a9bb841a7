package dev.selvage.network.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.selvage.network.contract.LedgerUnderTest.Deployment;
import io.grpc.Status.Code;
import java.time.Duration;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.hyperledger.fabric.client.CommitException;
import org.hyperledger.fabric.client.Network;
import org.hyperledger.fabric.client.Proposal;
import org.hyperledger.fabric.client.Status;
import org.hyperledger.fabric.client.SubmittedTransaction;
import org.hyperledger.fabric.client.Transaction;
import org.hyperledger.fabric.protos.peer.TxValidationCode;
import org.junit.jupiter.api.Test;

/** Evaluate, endorse, submit and commit; conflicts; errors of chaincodes; calls between chaincodes. */
interface TransactionRules extends LedgerCase {
    @Test
    default void a_submitted_asset_is_read_back_from_every_organisation() throws Exception {
        String id = freshKey();
        SubmittedTransaction sent = ewr().send(Deployment.ASSETS, "CreateAsset", id, "ann", "7");
        Status status = sent.getStatus();
        assertThat(status.getCode()).isEqualTo(TxValidationCode.VALID);
        assertThat(status.getBlockNumber()).isPositive();
        assertThat(status.getTransactionId()).isEqualTo(sent.getTransactionId());
        assertThat(new String(sent.getResult(), UTF_8)).isEqualTo("ann:7");
        for (String msp : new String[] {"EwrMSP", "JfkMSP", "LgaMSP"}) {
            try (TestClient client = connect(msp, "User1")) {
                Awaitility.await(msp + " has the block")
                        .atMost(Duration.ofSeconds(20))
                        .until(() -> client.evaluate("AssetExists", id).equals("true"));
                assertThat(client.evaluate("ReadAsset", id)).isEqualTo("ann:7");
            }
        }
    }

    @Test
    default void evaluating_changes_nothing() throws Exception {
        String id = freshKey();
        assertThat(ewr().evaluate("CreateAsset", id, "ann", "7")).isEqualTo("ann:7");
        assertThat(ewr().evaluate("AssetExists", id)).isEqualTo("false");
    }

    @Test
    default void update_transfer_and_delete_work_as_usual() throws Exception {
        String id = freshKey();
        ewr().submit("CreateAsset", id, "ann", "7");
        assertThat(ewr().submit("UpdateAsset", id, "bob", "8")).isEqualTo("bob:8");
        assertThat(ewr().submit("TransferAsset", id, "cid")).isEqualTo("bob");
        assertThat(ewr().evaluate("ReadAsset", id)).isEqualTo("cid:8");
        ewr().submit("DeleteAsset", id);
        assertThat(ewr().evaluate("AssetExists", id)).isEqualTo("false");
    }

    @Test
    default void a_chaincode_error_on_evaluate_is_unknown_with_the_peers_detail() {
        Refusal refusal = refusal(() -> ewr().evaluate("ReadAsset", "nothing-here"));
        assertThat(refusal.code()).isEqualTo(Code.UNKNOWN);
        assertThat(refusal.all()).contains("chaincode response 500, asset nothing-here does not exist");
    }

    @Test
    default void a_chaincode_error_on_endorse_is_aborted_with_the_peers_detail() throws Exception {
        String id = freshKey();
        ewr().submit("CreateAsset", id, "ann", "7");
        Refusal refusal = refusal(() ->
                ewr().proposal(Deployment.ASSETS, "CreateAsset", id, "bob", "1").endorse());
        assertThat(refusal.code()).isEqualTo(Code.ABORTED);
        assertThat(refusal.details()).isNotEmpty().allSatisfy(detail -> {
            assertThat(detail.getMessage()).contains("chaincode response 500, asset " + id + " already exists");
            assertThat(detail.getMspId()).isIn("EwrMSP", "JfkMSP", "LgaMSP");
            assertThat(detail.getAddress()).matches(".+:[0-9]+");
        });
    }

    @Test
    default void the_payload_of_a_chaincode_error_does_not_reach_the_client() {
        Refusal refusal = refusal(() -> ewr().evaluate("Fail", "SELVAGE/TEST {} a sentence"));
        assertThat(refusal.all()).contains("SELVAGE/TEST {} a sentence").doesNotContain("payload that clients");
    }

    @Test
    default void any_other_exception_of_a_chaincode_is_an_error_too() {
        assertThat(refusal(() -> ewr().evaluate("Break")).code()).isEqualTo(Code.UNKNOWN);
        assertThat(refusal(() -> ewr().evaluate("NoSuchFunction")).all()).contains("Undefined contract method called");
        assertThat(refusal(() -> ewr().evaluate("ReadAsset")).code()).isEqualTo(Code.UNKNOWN);
    }

    @Test
    default void a_read_overtaken_by_a_commit_is_an_mvcc_conflict() throws Exception {
        String id = freshKey();
        ewr().submit("CreateAsset", id, "ann", "7");
        Transaction early = ewr().proposal(Deployment.ASSETS, "UpdateAsset", id, "late", "1")
                .endorse();
        ewr().submit("UpdateAsset", id, "first", "2");
        assertThatThrownBy(early::submit)
                .isInstanceOfSatisfying(
                        CommitException.class,
                        e -> assertThat(e.getCode()).isEqualTo(TxValidationCode.MVCC_READ_CONFLICT));
        assertThat(ewr().evaluate("ReadAsset", id)).isEqualTo("first:2");
    }

    @Test
    default void a_key_read_as_absent_conflicts_when_it_was_created_meanwhile() throws Exception {
        String id = freshKey();
        Transaction one =
                ewr().proposal(Deployment.ASSETS, "CreateAsset", id, "one", "1").endorse();
        Transaction two =
                ewr().proposal(Deployment.ASSETS, "CreateAsset", id, "two", "2").endorse();
        assertThat(code(one.submitAsync())).isEqualTo(TxValidationCode.VALID);
        assertThat(code(two.submitAsync())).isEqualTo(TxValidationCode.MVCC_READ_CONFLICT);
    }

    @Test
    default void blind_writes_never_conflict_and_the_last_one_holds() throws Exception {
        String id = freshKey();
        SubmittedTransaction one = ewr().send(Deployment.ASSETS, "PutAsset", id, "one", "1");
        SubmittedTransaction two = ewr().send(Deployment.ASSETS, "PutAsset", id, "two", "2");
        assertThat(code(one)).isEqualTo(TxValidationCode.VALID);
        assertThat(code(two)).isEqualTo(TxValidationCode.VALID);
        assertThat(ewr().evaluate("ReadAsset", id)).isEqualTo("two:2");
    }

    @Test
    default void a_key_that_appears_in_a_range_read_is_a_phantom() throws Exception {
        String prefix = freshKey();
        ewr().submit("PutAsset", prefix + "a", "ann", "1");
        Transaction counted = ewr().proposal(Deployment.ASSETS, "CountRange", prefix, prefix + "z", freshKey())
                .endorse();
        ewr().submit("PutAsset", prefix + "b", "bob", "2");
        assertThat(code(counted.submitAsync())).isEqualTo(TxValidationCode.PHANTOM_READ_CONFLICT);
    }

    @Test
    default void a_key_that_changes_or_goes_in_a_range_read_is_a_conflict_too() throws Exception {
        String prefix = freshKey();
        ewr().submit("PutAsset", prefix + "a", "ann", "1");
        Transaction counted = ewr().proposal(Deployment.ASSETS, "CountRange", prefix, prefix + "z", freshKey())
                .endorse();
        Transaction again = ewr().proposal(Deployment.ASSETS, "CountRange", prefix, prefix + "z", freshKey())
                .endorse();
        ewr().submit("UpdateAsset", prefix + "a", "bob", "2");
        assertThat(code(counted.submitAsync())).isEqualTo(TxValidationCode.PHANTOM_READ_CONFLICT);
        ewr().submit("DeleteAsset", prefix + "a");
        assertThat(code(again.submitAsync())).isEqualTo(TxValidationCode.PHANTOM_READ_CONFLICT);
    }

    @Test
    default void a_key_outside_of_a_range_read_is_no_phantom() throws Exception {
        String prefix = freshKey();
        ewr().submit("PutAsset", prefix + "a", "ann", "1");
        Transaction counted = ewr().proposal(Deployment.ASSETS, "CountRange", prefix, prefix + "b", freshKey())
                .endorse();
        ewr().submit("PutAsset", prefix + "b", "bob", "2");
        assertThat(code(counted.submitAsync())).isEqualTo(TxValidationCode.VALID);
    }

    @Test
    default void the_same_transaction_submitted_twice_takes_effect_once() throws Exception {
        String id = freshKey();
        Transaction transaction =
                ewr().proposal(Deployment.ASSETS, "CreateAsset", id, "ann", "7").endorse();
        SubmittedTransaction first = transaction.submitAsync();
        Status status = first.getStatus();
        assertThat(status.getCode()).isEqualTo(TxValidationCode.VALID);
        Optional<SubmittedTransaction> second = submitCopy(transaction);
        ewr().submit("PutAsset", freshKey(), "after", "1");
        if (second.isPresent()) {
            Status again = second.get().getStatus();
            assertThat(again.getCode()).isEqualTo(TxValidationCode.VALID);
            assertThat(again.getBlockNumber()).isEqualTo(status.getBlockNumber());
        }
        assertThat(ewr().evaluate("GetHistory", id)).isEqualTo("ann:7@" + first.getTransactionId());
    }

    @Test
    default void a_proposal_of_a_committed_transaction_is_not_endorsed_again() throws Exception {
        Proposal proposal = ewr().proposal(Deployment.ASSETS, "PutAsset", freshKey(), "ann", "7");
        assertThat(code(proposal.endorse().submitAsync())).isEqualTo(TxValidationCode.VALID);
        Refusal refusal =
                refusal(() -> ewr().gateway().newProposal(proposal.getBytes()).endorse());
        assertThat(refusal.code()).isEqualTo(Code.ABORTED);
        assertThat(refusal.all()).contains("duplicate transaction found [" + proposal.getTransactionId() + "]");
    }

    @Test
    default void an_unknown_channel_is_refused() {
        Network nowhere = ewr().gateway().getNetwork("nowhere");
        Refusal evaluated = refusal(() -> nowhere.getContract("assets").evaluateTransaction("AssetExists", "x"));
        Refusal endorsed = refusal(() ->
                nowhere.getContract("assets").newProposal("PutAsset").build().endorse());
        Refusal events = refusal(() -> {
            try (var iterator = nowhere.getChaincodeEvents("assets")) {
                iterator.next();
            }
        });
        assertThat(evaluated.code() + " " + endorsed.code() + " " + events.code())
                .as(evaluated.all() + " // " + endorsed.all() + " // " + events.all())
                .isEqualTo("UNAVAILABLE FAILED_PRECONDITION PERMISSION_DENIED");
        assertThatThrownBy(() -> {
                    try (var blocks = nowhere.getBlockEvents()) {
                        blocks.next();
                    }
                })
                .isInstanceOf(NoSuchElementException.class)
                .hasMessageContaining("NOT_FOUND");
    }

    @Test
    default void an_unknown_chaincode_is_refused() {
        Refusal evaluated = refusal(() -> ewr().network().getContract("nothing").evaluateTransaction("Get"));
        assertThat(evaluated.all()).contains("nothing");
        Refusal endorsed = refusal(() -> ewr().network()
                .getContract("nothing")
                .newProposal("Put")
                .build()
                .endorse());
        assertThat(endorsed.all()).contains("nothing");
        assertThat(evaluated.code() + " " + endorsed.code()).isEqualTo("FAILED_PRECONDITION FAILED_PRECONDITION");
    }

    @Test
    default void transient_data_reaches_the_chaincode_and_not_the_block() throws Exception {
        String id = freshKey();
        String secret = "secret-" + freshKey();
        assertThat(ewr().evaluateTransient(Map.of("secret", secret.getBytes(UTF_8)), "KeepTransient", id))
                .isEqualTo(Integer.toString(secret.length()));
        SubmittedTransaction sent = ewr().contract(Deployment.ASSETS)
                .newProposal("KeepTransient")
                .addArguments(id)
                .putTransient("secret", secret)
                .build()
                .endorse()
                .submitAsync();
        assertThat(code(sent)).isEqualTo(TxValidationCode.VALID);
        assertThat(ewr().evaluate("ReadAsset", id)).isEqualTo("transient:" + secret.length());
        byte[] block = Blocks.byTransaction(ewr(), sent.getTransactionId()).toByteArray();
        assertThat(new String(block, UTF_8)).contains(id).doesNotContain(secret);
    }

    @Test
    default void a_chaincode_calls_another_and_both_states_change_in_one_transaction() throws Exception {
        String id = freshKey();
        SubmittedTransaction sent = ewr().send(Deployment.ASSETS, "CallOther", "open", "", "CreateAsset", id, "ann");
        assertThat(code(sent)).isEqualTo(TxValidationCode.VALID);
        assertThat(new String(sent.getResult(), UTF_8)).isEqualTo("ann:7");
        assertThat(new String(ewr().contract(Deployment.OPEN).evaluateTransaction("ReadAsset", id), UTF_8))
                .isEqualTo("ann:7");
        assertThat(ewr().evaluate("AssetExists", id)).isEqualTo("false");
    }

    @Test
    default void a_failing_called_chaincode_is_a_response_to_the_caller() throws Exception {
        assertThat(ewr().evaluate("ReadOther", "open", "ReadAsset", "absent"))
                .isEqualTo("INTERNAL_SERVER_ERROR:asset absent does not exist:ASSET_NOT_FOUND");
        assertThat(refusal(() -> ewr().evaluate("ReadOther", "nothing", "ReadAsset", "absent"))
                        .all())
                .contains("Unsuccessful response received");
    }

    @Test
    default void the_chaincode_sees_who_calls_when_and_in_which_transaction() throws Exception {
        assertThat(ewr().evaluate("WhoAmI")).startsWith("EwrMSP x509::").contains("User1@ewr.example");
        Proposal proposal = ewr().proposal(Deployment.ASSETS, "Context");
        String[] context = new String(proposal.evaluate(), UTF_8).split(" ", -1);
        assertThat(Math.abs(System.currentTimeMillis() - Long.parseLong(context[0])))
                .isLessThan(60_000);
        assertThat(context[1]).isEqualTo(LedgerUnderTest.CHANNEL);
        assertThat(context[2]).isEqualTo(proposal.getTransactionId());
    }
}
