package dev.selvage.network.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.selvage.network.contract.LedgerUnderTest.Deployment;
import java.util.ArrayList;
import java.util.List;
import org.hyperledger.fabric.client.SubmittedTransaction;
import org.hyperledger.fabric.client.Transaction;
import org.hyperledger.fabric.protos.common.Envelope;
import org.hyperledger.fabric.protos.common.Payload;
import org.hyperledger.fabric.protos.gateway.PreparedTransaction;
import org.hyperledger.fabric.protos.peer.ChaincodeActionPayload;
import org.hyperledger.fabric.protos.peer.TxValidationCode;
import org.junit.jupiter.api.Test;

/** Endorsement policies: MAJORITY of three by default, OR, AND; and endorsements that were tampered with. */
interface PolicyRules extends LedgerCase {
    @Test
    default void one_endorsement_is_not_a_majority_of_three() throws Exception {
        assertThat(endorsedBy(Deployment.ASSETS, "EwrMSP")).isEqualTo(TxValidationCode.ENDORSEMENT_POLICY_FAILURE);
    }

    @Test
    default void two_endorsements_are_a_majority_of_three() throws Exception {
        assertThat(endorsedBy(Deployment.ASSETS, "JfkMSP", "LgaMSP")).isEqualTo(TxValidationCode.VALID);
    }

    @Test
    default void or_takes_any_one_and_and_takes_both() throws Exception {
        assertThat(endorsedBy(Deployment.OPEN, "LgaMSP")).isEqualTo(TxValidationCode.VALID);
        assertThat(endorsedBy(Deployment.BOTH, "EwrMSP", "LgaMSP"))
                .isEqualTo(TxValidationCode.ENDORSEMENT_POLICY_FAILURE);
        assertThat(endorsedBy(Deployment.BOTH, "EwrMSP", "JfkMSP")).isEqualTo(TxValidationCode.VALID);
    }

    @Test
    default void the_gateway_finds_the_endorsers_that_a_policy_needs() throws Exception {
        for (String msp : List.of("EwrMSP", "LgaMSP")) {
            try (TestClient client = connect(msp, "User1")) {
                for (Deployment deployment : Deployment.values()) {
                    SubmittedTransaction sent = client.send(deployment, "PutAsset", freshKey(), "ann", "1");
                    assertThat(code(sent)).as(msp + " " + deployment).isEqualTo(TxValidationCode.VALID);
                }
            }
        }
    }

    @Test
    default void a_call_between_chaincodes_must_satisfy_the_policies_of_both() throws Exception {
        assertThat(callingBoth("EwrMSP", "LgaMSP")).isEqualTo(TxValidationCode.ENDORSEMENT_POLICY_FAILURE);
        assertThat(callingBoth("EwrMSP", "JfkMSP")).isEqualTo(TxValidationCode.VALID);
    }

    @Test
    default void a_failed_policy_leaves_no_trace_in_the_state() throws Exception {
        String id = freshKey();
        SubmittedTransaction sent = ewr().contract(Deployment.ASSETS)
                .newProposal("PutAsset")
                .addArguments(id, "ann", "1")
                .setEndorsingOrganizations("EwrMSP")
                .build()
                .endorse()
                .submitAsync();
        assertThat(code(sent)).isEqualTo(TxValidationCode.ENDORSEMENT_POLICY_FAILURE);
        assertThat(ewr().evaluate("AssetExists", id)).isEqualTo("false");
        assertThat(ewr().evaluate("GetHistory", id)).isEmpty();
    }

    @Test
    default void an_endorsement_repeated_counts_once() throws Exception {
        Transaction endorsed = endorse(Deployment.ASSETS, freshKey(), "EwrMSP");
        assertThat(code(resubmit(
                        endorsed,
                        action -> action.getActionBuilder()
                                .addEndorsements(action.getAction().getEndorsements(0)))))
                .isEqualTo(TxValidationCode.ENDORSEMENT_POLICY_FAILURE);
    }

    @Test
    default void an_endorsement_over_other_content_does_not_count() throws Exception {
        String id = freshKey();
        Transaction endorsed = endorse(Deployment.OPEN, id, "EwrMSP");
        assertThat(code(resubmit(endorsed, action -> {
                    ByteString payload = action.getAction().getProposalResponsePayload();
                    String changed = payload.toString(java.nio.charset.StandardCharsets.ISO_8859_1)
                            .replace("ann:1", "bob:9");
                    action.getActionBuilder()
                            .setProposalResponsePayload(
                                    ByteString.copyFrom(changed, java.nio.charset.StandardCharsets.ISO_8859_1));
                })))
                .isEqualTo(TxValidationCode.ENDORSEMENT_POLICY_FAILURE);
        assertThat(ewr().contract(Deployment.OPEN).evaluateTransaction("AssetExists", id))
                .asString()
                .isEqualTo("false");
    }

    private TxValidationCode endorsedBy(Deployment deployment, String... msps) throws Exception {
        return code(endorse(deployment, freshKey(), msps).submitAsync());
    }

    private Transaction endorse(Deployment deployment, String id, String... msps) throws Exception {
        return ewr().contract(deployment)
                .newProposal("PutAsset")
                .addArguments(id, "ann", "1")
                .setEndorsingOrganizations(msps)
                .build()
                .endorse();
    }

    private TxValidationCode callingBoth(String... msps) throws Exception {
        return code(ewr().contract(Deployment.ASSETS)
                .newProposal("CallOther")
                .addArguments("both", "", "PutAsset", freshKey(), "ann")
                .setEndorsingOrganizations(msps)
                .build()
                .endorse()
                .submitAsync());
    }

    /** A change to the endorsed action inside a transaction. */
    interface Change {
        void apply(ChaincodeActionPayload.Builder action);
    }

    /** Changes the action, signs the envelope anew as its creator and submits it. */
    private SubmittedTransaction resubmit(Transaction endorsed, Change change) throws Exception {
        PreparedTransaction prepared = PreparedTransaction.parseFrom(endorsed.getBytes());
        Payload payload = Payload.parseFrom(prepared.getEnvelope().getPayload());
        var transaction = org.hyperledger.fabric.protos.peer.Transaction.parseFrom(payload.getData());
        List<ByteString> actions = new ArrayList<>();
        for (var action : transaction.getActionsList()) {
            var builder = ChaincodeActionPayload.parseFrom(action.getPayload()).toBuilder();
            change.apply(builder);
            actions.add(builder.build().toByteString());
        }
        var changed = transaction.toBuilder();
        for (int i = 0; i < actions.size(); i++) {
            changed.getActionsBuilder(i).setPayload(actions.get(i));
        }
        Envelope envelope = Envelope.newBuilder()
                .setPayload(payload.toBuilder()
                        .setData(changed.build().toByteString())
                        .build()
                        .toByteString())
                .build();
        byte[] bytes = prepared.toBuilder().setEnvelope(envelope).build().toByteArray();
        return ewr().gateway().newTransaction(bytes).submitAsync();
    }
}
