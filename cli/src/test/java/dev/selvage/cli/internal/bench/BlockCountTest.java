package dev.selvage.cli.internal.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import org.hyperledger.fabric.protos.common.Block;
import org.hyperledger.fabric.protos.common.BlockData;
import org.hyperledger.fabric.protos.common.BlockMetadata;
import org.hyperledger.fabric.protos.common.ChannelHeader;
import org.hyperledger.fabric.protos.common.Envelope;
import org.hyperledger.fabric.protos.common.Header;
import org.hyperledger.fabric.protos.common.HeaderType;
import org.hyperledger.fabric.protos.common.Payload;
import org.hyperledger.fabric.protos.peer.ChaincodeActionPayload;
import org.hyperledger.fabric.protos.peer.ChaincodeInput;
import org.hyperledger.fabric.protos.peer.ChaincodeInvocationSpec;
import org.hyperledger.fabric.protos.peer.ChaincodeProposalPayload;
import org.hyperledger.fabric.protos.peer.ChaincodeSpec;
import org.hyperledger.fabric.protos.peer.Transaction;
import org.hyperledger.fabric.protos.peer.TransactionAction;
import org.hyperledger.fabric.protos.peer.TxValidationCode;
import org.junit.jupiter.api.Test;

class BlockCountTest {
    private static ByteString transaction(HeaderType type, String txid, String function) {
        var spec = ChaincodeInvocationSpec.newBuilder()
                .setChaincodeSpec(ChaincodeSpec.newBuilder()
                        .setInput(ChaincodeInput.newBuilder().addArgs(ByteString.copyFromUtf8(function))));
        var action = ChaincodeActionPayload.newBuilder()
                .setChaincodeProposalPayload(ChaincodeProposalPayload.newBuilder()
                        .setInput(spec.build().toByteString())
                        .build()
                        .toByteString());
        var payload = Payload.newBuilder()
                .setHeader(Header.newBuilder()
                        .setChannelHeader(ChannelHeader.newBuilder()
                                .setType(type.getNumber())
                                .setTxId(txid)
                                .build()
                                .toByteString()))
                .setData(Transaction.newBuilder()
                        .addActions(TransactionAction.newBuilder()
                                .setPayload(action.build().toByteString()))
                        .build()
                        .toByteString());
        return Envelope.newBuilder()
                .setPayload(payload.build().toByteString())
                .build()
                .toByteString();
    }

    private static Block block(byte[] codes, ByteString... transactions) {
        return Block.newBuilder()
                .setData(BlockData.newBuilder().addAllData(java.util.List.of(transactions)))
                .setMetadata(BlockMetadata.newBuilder()
                        .addMetadata(ByteString.EMPTY)
                        .addMetadata(ByteString.EMPTY)
                        .addMetadata(ByteString.copyFrom(codes)))
                .build();
    }

    @Test
    void first_code_of_a_transaction_counts_and_a_copy_is_no_other() throws Exception {
        var count = new BlockCount();
        count.add(block(
                new byte[] {0, 11, 0},
                transaction(HeaderType.ENDORSER_TRANSACTION, "a", "Contract:SubmitResults"),
                transaction(HeaderType.ENDORSER_TRANSACTION, "b", "create"),
                transaction(HeaderType.CONFIG, "c", "x")));
        count.add(block(
                new byte[] {(byte) TxValidationCode.DUPLICATE_TXID_VALUE, 0},
                transaction(HeaderType.ENDORSER_TRANSACTION, "a", "SubmitResults"),
                transaction(HeaderType.ENDORSER_TRANSACTION, "d", "SubmitResults")));
        assertThat(count.functions()).containsOnly(org.assertj.core.api.Assertions.entry("SubmitResults", 2));
        assertThat(count.invalid())
                .containsOnly(org.assertj.core.api.Assertions.entry("b", TxValidationCode.MVCC_READ_CONFLICT));
    }
}
