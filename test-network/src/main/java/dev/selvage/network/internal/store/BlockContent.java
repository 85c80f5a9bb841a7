package dev.selvage.network.internal.store;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Timestamp;
import java.util.ArrayList;
import java.util.List;
import org.hyperledger.fabric.protos.common.Block;
import org.hyperledger.fabric.protos.common.BlockMetadataIndex;
import org.hyperledger.fabric.protos.common.ChannelHeader;
import org.hyperledger.fabric.protos.common.Envelope;
import org.hyperledger.fabric.protos.common.HeaderType;
import org.hyperledger.fabric.protos.common.Payload;
import org.hyperledger.fabric.protos.ledger.rwset.NsReadWriteSet;
import org.hyperledger.fabric.protos.ledger.rwset.TxReadWriteSet;
import org.hyperledger.fabric.protos.ledger.rwset.kvrwset.KVRWSet;
import org.hyperledger.fabric.protos.ledger.rwset.kvrwset.KVWrite;
import org.hyperledger.fabric.protos.peer.ChaincodeAction;
import org.hyperledger.fabric.protos.peer.ChaincodeActionPayload;
import org.hyperledger.fabric.protos.peer.ProposalResponsePayload;
import org.hyperledger.fabric.protos.peer.Transaction;
import org.hyperledger.fabric.protos.peer.TxValidationCode;

/** Reads what transactions of a block say. The bytes were checked before they were committed. */
public final class BlockContent {
    private BlockContent() {}

    /** The validation code of a transaction, from the block's metadata. */
    public static TxValidationCode code(Block block, int index) {
        ByteString filter = block.getMetadata().getMetadata(BlockMetadataIndex.TRANSACTIONS_FILTER_VALUE);
        return TxValidationCode.forNumber(filter.byteAt(index) & 0xff);
    }

    /** A block whose transactions are all valid, as a peer notes of the genesis block. */
    static Block markValid(Block block) {
        return block.toBuilder()
                .setMetadata(block.getMetadata().toBuilder()
                        .setMetadata(
                                BlockMetadataIndex.TRANSACTIONS_FILTER_VALUE,
                                ByteString.copyFrom(new byte[block.getData().getDataCount()])))
                .build();
    }

    /** The channel header of an envelope. */
    public static ChannelHeader channelHeader(ByteString envelope) throws InvalidProtocolBufferException {
        return ChannelHeader.parseFrom(
                Payload.parseFrom(Envelope.parseFrom(envelope).getPayload())
                        .getHeader()
                        .getChannelHeader());
    }

    /** The chaincode's action of an endorser transaction. */
    public static ChaincodeAction action(ByteString envelope) throws InvalidProtocolBufferException {
        Payload payload = Payload.parseFrom(Envelope.parseFrom(envelope).getPayload());
        Transaction transaction = Transaction.parseFrom(payload.getData());
        ChaincodeActionPayload action =
                ChaincodeActionPayload.parseFrom(transaction.getActions(0).getPayload());
        return ChaincodeAction.parseFrom(
                ProposalResponsePayload.parseFrom(action.getAction().getProposalResponsePayload())
                        .getExtension());
    }

    /** All writes of a read and write set, in its order. */
    public static List<KeyWrite> writes(ByteString results) throws InvalidProtocolBufferException {
        List<KeyWrite> writes = new ArrayList<>();
        for (NsReadWriteSet set : TxReadWriteSet.parseFrom(results).getNsRwsetList()) {
            for (KVWrite write : KVRWSet.parseFrom(set.getRwset()).getWritesList()) {
                writes.add(new KeyWrite(
                        set.getNamespace(), write.getKey(), write.getIsDelete() ? ByteString.EMPTY : write.getValue()));
            }
        }
        return writes;
    }

    /** What is applied for each transaction of a committed block. */
    static List<CommittedTransaction> transactions(Block block) throws InvalidProtocolBufferException {
        List<CommittedTransaction> transactions = new ArrayList<>();
        for (int index = 0; index < block.getData().getDataCount(); index++) {
            ByteString envelope = block.getData().getData(index);
            TxValidationCode code = code(block, index);
            ChannelHeader header = channelHeader(envelope);
            boolean writes =
                    code == TxValidationCode.VALID && header.getType() == HeaderType.ENDORSER_TRANSACTION_VALUE;
            transactions.add(new CommittedTransaction(
                    header.getTxId(), code, writes ? writes(action(envelope).getResults()) : List.of()));
        }
        return transactions;
    }

    /** One value that a key has had. */
    public record Modification(String txId, Timestamp timestamp, KeyWrite write) {}

    static Modification modification(Block block, int index, String namespace, String key)
            throws InvalidProtocolBufferException {
        ByteString envelope = block.getData().getData(index);
        ChannelHeader header = channelHeader(envelope);
        for (KeyWrite write : writes(action(envelope).getResults())) {
            if (write.namespace().equals(namespace) && write.key().equals(key)) {
                return new Modification(header.getTxId(), header.getTimestamp(), write);
            }
        }
        throw new IllegalStateException("history names a transaction that does not write the key");
    }
}
