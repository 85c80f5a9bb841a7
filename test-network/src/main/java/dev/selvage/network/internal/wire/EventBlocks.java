package dev.selvage.network.internal.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.selvage.network.internal.store.BlockContent;
import java.util.ArrayList;
import java.util.List;
import org.hyperledger.fabric.protos.common.Block;
import org.hyperledger.fabric.protos.common.HeaderType;
import org.hyperledger.fabric.protos.peer.ChaincodeEvent;
import org.hyperledger.fabric.protos.peer.TxValidationCode;

/** Finds the chaincode events of valid transactions in a block. */
final class EventBlocks {
    private EventBlocks() {}

    static List<ChaincodeEvent> events(Block block) {
        List<ChaincodeEvent> events = new ArrayList<>();
        try {
            for (int index = 0; index < block.getData().getDataCount(); index++) {
                ByteString envelope = block.getData().getData(index);
                if (BlockContent.code(block, index) == TxValidationCode.VALID
                        && BlockContent.channelHeader(envelope).getType() == HeaderType.ENDORSER_TRANSACTION_VALUE) {
                    ByteString event = BlockContent.action(envelope).getEvents();
                    if (!event.isEmpty()) {
                        events.add(ChaincodeEvent.parseFrom(event));
                    }
                }
            }
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("block " + block.getHeader().getNumber() + " does not parse", e);
        }
        return events;
    }
}
