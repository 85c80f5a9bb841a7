package dev.selvage.network.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import dev.selvage.network.contract.LedgerUnderTest.Deployment;
import dev.selvage.network.org.TestIdentities;
import io.grpc.Status.Code;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.hyperledger.fabric.client.Proposal;
import org.hyperledger.fabric.client.Status;
import org.hyperledger.fabric.client.SubmittedTransaction;
import org.hyperledger.fabric.client.Transaction;
import org.hyperledger.fabric.protos.common.Block;
import org.hyperledger.fabric.protos.common.ChannelHeader;
import org.hyperledger.fabric.protos.common.Header;
import org.hyperledger.fabric.protos.gateway.ProposedTransaction;
import org.hyperledger.fabric.protos.peer.SignedProposal;
import org.hyperledger.fabric.protos.peer.TxValidationCode;
import org.junit.jupiter.api.Test;

/** What seldom happens, and where a stand-in for Fabric is easily wrong. */
interface EdgeRules extends LedgerCase {
    @Test
    default void a_signature_with_a_high_s_is_refused() throws Exception {
        Proposal proposal = ewr().proposal(Deployment.ASSETS, "AssetExists", "x");
        byte[] low = organisations().get("EwrMSP").signer("User1").signDigest(proposal.getDigest());
        assertThat(ewr().gateway().newSignedProposal(proposal.getBytes(), low).evaluate())
                .isNotEmpty();
        Proposal high = ewr().gateway().newSignedProposal(proposal.getBytes(), TestIdentities.withHighS(low));
        Refusal refusal = refusal(high::evaluate);
        assertThat(refusal.code()).isEqualTo(Code.FAILED_PRECONDITION);
        assertThat(refusal.all()).contains("access denied");
    }

    @Test
    default void a_proposal_from_another_quarter_of_an_hour_is_refused() throws Exception {
        Proposal honest = ewr().proposal(Deployment.ASSETS, "AssetExists", "x");
        for (Duration shift : List.of(Duration.ofMinutes(-16), Duration.ofMinutes(16))) {
            Proposal shifted = ewr().gateway().newProposal(shifted(honest, shift));
            Refusal refusal = refusal(shifted::evaluate);
            assertThat(refusal.code()).isEqualTo(Code.UNAVAILABLE);
            assertThat(refusal.all()).contains("request unauthorized due to incorrect timestamp");
        }
        Proposal close = ewr().gateway().newProposal(shifted(honest, Duration.ofMinutes(-14)));
        assertThat(new String(close.evaluate(), UTF_8)).isEqualTo("false");
    }

    private byte[] shifted(Proposal proposal, Duration by) throws Exception {
        ProposedTransaction proposed = ProposedTransaction.parseFrom(proposal.getBytes());
        var inner = org.hyperledger.fabric.protos.peer.Proposal.parseFrom(
                proposed.getProposal().getProposalBytes());
        Header header = Header.parseFrom(inner.getHeader());
        Timestamp time = Timestamp.newBuilder()
                .setSeconds(Instant.now().plus(by).getEpochSecond())
                .build();
        ByteString channel = ChannelHeader.parseFrom(header.getChannelHeader()).toBuilder()
                .setTimestamp(time)
                .build()
                .toByteString();
        ByteString changed = inner.toBuilder()
                .setHeader(header.toBuilder().setChannelHeader(channel).build().toByteString())
                .build()
                .toByteString();
        return proposed.toBuilder()
                .setProposal(SignedProposal.newBuilder().setProposalBytes(changed))
                .build()
                .toByteArray();
    }

    @Test
    default void a_txid_that_is_not_the_hash_of_nonce_and_creator_is_refused() throws Exception {
        ProposedTransaction proposed = ProposedTransaction.parseFrom(
                ewr().proposal(Deployment.ASSETS, "AssetExists", "x").getBytes());
        var inner = org.hyperledger.fabric.protos.peer.Proposal.parseFrom(
                proposed.getProposal().getProposalBytes());
        Header header = Header.parseFrom(inner.getHeader());
        ByteString channel = ChannelHeader.parseFrom(header.getChannelHeader()).toBuilder()
                .setTxId("0".repeat(64))
                .build()
                .toByteString();
        ByteString changed = inner.toBuilder()
                .setHeader(header.toBuilder().setChannelHeader(channel).build().toByteString())
                .build()
                .toByteString();
        byte[] bytes = proposed.toBuilder()
                .setTransactionId("0".repeat(64))
                .setProposal(SignedProposal.newBuilder().setProposalBytes(changed))
                .build()
                .toByteArray();
        Refusal refusal = refusal(() -> ewr().gateway().newProposal(bytes).evaluate());
        assertThat(refusal.code()).isEqualTo(Code.FAILED_PRECONDITION);
        assertThat(refusal.all()).contains("incorrectly computed txid");
    }

    @Test
    default void of_many_conflicting_transactions_sent_together_one_wins() throws Exception {
        String id = freshKey();
        List<Transaction> endorsed = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            endorsed.add(ewr().proposal(Deployment.OPEN, "CreateAsset", id, "ann", Integer.toString(i))
                    .endorse());
        }
        List<TxValidationCode> codes = new ArrayList<>();
        for (SubmittedTransaction transaction : submitAll(endorsed)) {
            codes.add(code(transaction));
        }
        assertThat(codes.stream().filter(TxValidationCode.VALID::equals)).hasSize(1);
        assertThat(codes.stream().filter(TxValidationCode.MVCC_READ_CONFLICT::equals))
                .hasSize(9);
    }

    @Test
    default void copies_of_a_transaction_sent_together_take_effect_once() throws Exception {
        String id = freshKey();
        Transaction endorsed =
                ewr().proposal(Deployment.OPEN, "PutAsset", id, "ann", "1").endorse();
        List<SubmittedTransaction> sent = submitAll(List.of(endorsed, endorsed, endorsed));
        for (SubmittedTransaction transaction : sent) {
            assertThat(code(transaction)).isEqualTo(TxValidationCode.VALID);
        }
        ewr().submit("PutAsset", freshKey(), "after", "1");
        byte[] history = ewr().contract(Deployment.OPEN).evaluateTransaction("GetHistory", id);
        assertThat(new String(history, UTF_8)).isEqualTo("ann:1@" + endorsed.getTransactionId());
    }

    private List<SubmittedTransaction> submitAll(List<Transaction> endorsed) throws Exception {
        List<SubmittedTransaction> sent = new ArrayList<>();
        for (Transaction transaction : endorsed) {
            sent.add(transaction.submitAsync());
        }
        return sent;
    }

    @Test
    default void what_a_called_chaincode_read_is_checked_too() throws Exception {
        String id = freshKey();
        SubmittedTransaction created = ewr().send(Deployment.OPEN, "CreateAsset", id, "ann", "1");
        assertThat(code(created)).isEqualTo(TxValidationCode.VALID);
        Transaction reading = ewr().contract(Deployment.ASSETS)
                .newProposal("CallOther")
                .addArguments("open", "", "UpdateAsset", id, "late")
                .build()
                .endorse();
        SubmittedTransaction changed = ewr().send(Deployment.OPEN, "PutAsset", id, "bob", "2");
        assertThat(code(changed)).isEqualTo(TxValidationCode.VALID);
        assertThat(code(reading.submitAsync())).isEqualTo(TxValidationCode.MVCC_READ_CONFLICT);
    }

    @Test
    default void a_value_of_a_megabyte_passes_whole() throws Exception {
        String id = freshKey();
        String value = "x".repeat(1_000_000);
        SubmittedTransaction sent = ewr().send(Deployment.OPEN, "PutRaw", id, value);
        assertThat(code(sent)).isEqualTo(TxValidationCode.VALID);
        byte[] read = ewr().contract(Deployment.OPEN).evaluateTransaction("ReadAsset", id);
        assertThat(new String(read, UTF_8)).isEqualTo(value);
    }

    @Test
    default void an_endorsement_by_an_organisation_without_peers_is_unavailable() {
        Refusal refusal = refusal(() -> ewr().contract(Deployment.ASSETS)
                .newProposal("PutAsset")
                .addArguments(freshKey(), "ann", "1")
                .setEndorsingOrganizations("BosMSP")
                .build()
                .endorse());
        assertThat(refusal.code()).isEqualTo(Code.UNAVAILABLE);
        assertThat(refusal.all()).contains("BosMSP");
    }

    @Test
    default void a_status_asked_for_early_answers_when_the_block_is_there() throws Exception {
        Transaction endorsed = ewr().proposal(Deployment.OPEN, "PutAsset", freshKey(), "ann", "1")
                .endorse();
        SubmittedTransaction known = ewr().send(Deployment.OPEN, "PutAsset", freshKey(), "ann", "1");
        assertThat(code(known)).isEqualTo(TxValidationCode.VALID);
        byte[] early = CommitBytes.of(known, endorsed.getTransactionId());
        CompletableFuture<Status> answer = CompletableFuture.supplyAsync(() -> {
            try {
                return ewr().gateway().newCommit(early).getStatus();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        SubmittedTransaction sent = endorsed.submitAsync();
        Status asked = answer.get(40, TimeUnit.SECONDS);
        assertThat(asked.getCode()).isEqualTo(TxValidationCode.VALID);
        assertThat(asked.getBlockNumber()).isEqualTo(sent.getStatus().getBlockNumber());
    }

    @Test
    default void deleting_what_is_not_there_is_valid() throws Exception {
        String id = freshKey();
        ewr().submit("PutRaw", id, "");
        assertThat(ewr().evaluate("AssetExists", id)).isEqualTo("false");
    }

    @Test
    default void a_block_is_found_by_its_hash() throws Exception {
        Block last = Blocks.byNumber(ewr(), Blocks.info(ewr()).getHeight() - 1);
        byte[] hash = Blocks.hash(last.getHeader()).toByteArray();
        byte[] found = ewr().network()
                .getContract("qscc")
                .newProposal("GetBlockByHash")
                .addArguments(LedgerUnderTest.CHANNEL.getBytes(UTF_8), hash)
                .build()
                .evaluate();
        assertThat(Block.parseFrom(found)).isEqualTo(last);
    }

    @Test
    default void an_unknown_transaction_is_an_error_for_qscc() {
        Refusal refusal = refusal(() -> Blocks.query(ewr(), "GetTransactionByID", "0".repeat(64)));
        assertThat(refusal.code()).isEqualTo(Code.UNKNOWN);
        assertThat(refusal.all()).contains("0".repeat(64));
    }

    @Test
    default void a_chaincode_that_calls_itself_is_refused() {
        Refusal refusal = refusal(
                () -> ewr().proposal(Deployment.ASSETS, "CallOther", "assets", "", "PutAsset", freshKey(), "ann")
                        .endorse());
        assertThat(refusal.code()).isEqualTo(Code.ABORTED);
        assertThat(refusal.all()).contains("Unsuccessful response received");
    }
}
