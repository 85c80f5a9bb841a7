package dev.selvage.network.internal.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.selvage.network.internal.store.BlockContent;
import org.hyperledger.fabric.protos.common.Block;
import org.hyperledger.fabric.protos.common.ChannelHeader;
import org.hyperledger.fabric.protos.common.HeaderType;
import org.hyperledger.fabric.protos.peer.ChaincodeEvent;
import org.hyperledger.fabric.protos.peer.FilteredBlock;
import org.hyperledger.fabric.protos.peer.FilteredChaincodeAction;
import org.hyperledger.fabric.protos.peer.FilteredTransaction;
import org.hyperledger.fabric.protos.peer.FilteredTransactionActions;
import org.hyperledger.fabric.protos.peer.TxValidationCode;

/** A block without its payloads: ids, types, codes, and which events there were. */
final class FilteredBlocks {
    private FilteredBlocks() {}

    static FilteredBlock of(String channel, Block block) {
        FilteredBlock.Builder filtered = FilteredBlock.newBuilder()
                .setChannelId(channel)
                .setNumber(block.getHeader().getNumber());
        try {
            for (int index = 0; index < block.getData().getDataCount(); index++) {
                filtered.addFilteredTransactions(transaction(block, index));
            }
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("block " + block.getHeader().getNumber() + " does not parse", e);
        }
        return filtered.build();
    }

    private static FilteredTransaction transaction(Block block, int index) throws InvalidProtocolBufferException {
        ByteString envelope = block.getData().getData(index);
        ChannelHeader header = BlockContent.channelHeader(envelope);
        TxValidationCode code = BlockContent.code(block, index);
        FilteredTransaction.Builder transaction = FilteredTransaction.newBuilder()
                .setTxid(header.getTxId())
                .setTypeValue(header.getType())
                .setTxValidationCode(code);
        if (code == TxValidationCode.VALID && header.getType() == HeaderType.ENDORSER_TRANSACTION_VALUE) {
            ByteString bytes = BlockContent.action(envelope).getEvents();
            FilteredTransactionActions.Builder actions = FilteredTransactionActions.newBuilder();
            if (!bytes.isEmpty()) {
                ChaincodeEvent event = ChaincodeEvent.parseFrom(bytes).toBuilder()
                        .clearPayload()
                        .build();
                actions.addChaincodeActions(FilteredChaincodeAction.newBuilder().setChaincodeEvent(event));
            }
            transaction.setTransactionActions(actions);
        }
        return transaction.build();
    }
}
