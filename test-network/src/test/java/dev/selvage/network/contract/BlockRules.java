package dev.selvage.network.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.selvage.network.contract.LedgerUnderTest.Deployment;
import dev.selvage.network.org.ChannelOrganisations;
import dev.selvage.network.org.ConfigBlock;
import dev.selvage.network.org.Identification;
import dev.selvage.network.org.MspDefinition;
import java.util.Optional;
import org.hyperledger.fabric.client.Status;
import org.hyperledger.fabric.client.SubmittedTransaction;
import org.hyperledger.fabric.client.Transaction;
import org.hyperledger.fabric.protos.common.Block;
import org.hyperledger.fabric.protos.common.BlockchainInfo;
import org.hyperledger.fabric.protos.common.ChannelHeader;
import org.hyperledger.fabric.protos.common.HeaderType;
import org.hyperledger.fabric.protos.peer.ProcessedTransaction;
import org.hyperledger.fabric.protos.peer.TxValidationCode;
import org.junit.jupiter.api.Test;

/** Blocks as a client can check them: qscc, hash chain, verdicts, the config block. */
interface BlockRules extends LedgerCase {
    @Test
    default void the_hash_chain_holds_from_the_first_block_to_the_last() throws Exception {
        ewr().submit("PutAsset", freshKey(), "ann", "1");
        BlockchainInfo info = Blocks.info(ewr());
        ByteString previous = ByteString.EMPTY;
        for (long number = 0; number < info.getHeight(); number++) {
            Block block = Blocks.byNumber(ewr(), number);
            assertThat(block.getHeader().getNumber()).isEqualTo(number);
            assertThat(block.getHeader().getPreviousHash())
                    .as("block " + number)
                    .isEqualTo(previous);
            assertThat(block.getHeader().getDataHash()).isEqualTo(Blocks.dataHash(block));
            assertThat(Blocks.codes(block)).hasSize(block.getData().getDataCount());
            previous = Blocks.hash(block.getHeader());
            if (number == info.getHeight() - 2) {
                assertThat(info.getPreviousBlockHash()).isEqualTo(previous);
            }
        }
        assertThat(info.getCurrentBlockHash()).isEqualTo(previous);
    }

    @Test
    default void a_block_is_found_by_transaction_and_shows_its_verdict() throws Exception {
        String id = freshKey();
        Transaction one =
                ewr().proposal(Deployment.ASSETS, "CreateAsset", id, "one", "1").endorse();
        Transaction two =
                ewr().proposal(Deployment.ASSETS, "CreateAsset", id, "two", "2").endorse();
        for (Transaction transaction : new Transaction[] {one, two}) {
            SubmittedTransaction sent = transaction.submitAsync();
            Status status = sent.getStatus();
            Block block = Blocks.byTransaction(ewr(), sent.getTransactionId());
            assertThat(block.getHeader().getNumber()).isEqualTo(status.getBlockNumber());
            var headers = Blocks.headers(block);
            int index = headers.stream().map(ChannelHeader::getTxId).toList().indexOf(sent.getTransactionId());
            assertThat(index).isNotNegative();
            assertThat(headers.get(index).getType()).isEqualTo(HeaderType.ENDORSER_TRANSACTION_VALUE);
            assertThat(headers.get(index).getChannelId()).isEqualTo(LedgerUnderTest.CHANNEL);
            assertThat(Blocks.codes(block).get(index)).isEqualTo(status.getCode());
            ProcessedTransaction processed =
                    ProcessedTransaction.parseFrom(Blocks.query(ewr(), "GetTransactionByID", sent.getTransactionId()));
            assertThat(processed.getValidationCode()).isEqualTo(status.getCode().getNumber());
        }
    }

    @Test
    default void a_copy_of_a_transaction_is_refused_or_stands_in_its_block_as_a_duplicate() throws Exception {
        Transaction transaction = ewr().proposal(Deployment.ASSETS, "PutAsset", freshKey(), "ann", "1")
                .endorse();
        SubmittedTransaction sent = transaction.submitAsync();
        long block = sent.getStatus().getBlockNumber();
        Optional<SubmittedTransaction> copy = submitCopy(transaction);
        ewr().submit("PutAsset", freshKey(), "after", "1");
        long height = Blocks.info(ewr()).getHeight();
        boolean found = copy.isEmpty();
        for (long number = block; number < height; number++) {
            Block candidate = Blocks.byNumber(ewr(), number);
            var headers = Blocks.headers(candidate);
            for (int i = 0; i < headers.size(); i++) {
                found |= headers.get(i).getTxId().equals(sent.getTransactionId())
                        && Blocks.codes(candidate).get(i) == TxValidationCode.DUPLICATE_TXID;
            }
        }
        assertThat(found).isTrue();
    }

    @Test
    default void what_is_not_there_is_an_error() {
        assertThat(refusal(() -> Blocks.byNumber(ewr(), 1_000_000)).all()).contains("1000000");
        assertThat(refusal(() -> Blocks.byTransaction(ewr(), "0".repeat(64))).all())
                .contains("0".repeat(64));
        assertThat(refusal(() -> Blocks.query(ewr(), "NoSuchFunction")).all()).contains("NoSuchFunction");
    }

    @Test
    default void the_first_block_is_a_config_block_that_names_the_organisations() throws Exception {
        Block genesis = Blocks.byNumber(ewr(), 0);
        assertThat(Blocks.headers(genesis).get(0).getType()).isEqualTo(HeaderType.CONFIG_VALUE);
        ChannelOrganisations channel = ConfigBlock.organisations(genesis);
        assertThat(channel.peerMsps()).containsExactly("EwrMSP", "JfkMSP", "LgaMSP");
        for (MspDefinition definition : channel.all()) {
            assertThat(definition.tlsRoots())
                    .isEqualTo(
                            organisations().get(definition.msp()).definition().tlsRoots());
        }
        assertThat(channel.identify(
                        organisations().get("LgaMSP").signer("node1").serializedIdentity()))
                .isInstanceOf(Identification.Known.class);
    }

    @Test
    default void system_chaincodes_do_not_answer_chaincodes() throws Exception {
        assertThat(ewr().evaluate("ReadOther", "qscc", "GetChainInfo", LedgerUnderTest.CHANNEL))
                .startsWith("INTERNAL_SERVER_ERROR:Rejecting invoke of QSCC from another chaincode");
    }
}
