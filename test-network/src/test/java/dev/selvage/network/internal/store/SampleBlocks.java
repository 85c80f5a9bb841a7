package dev.selvage.network.internal.store;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.hyperledger.fabric.protos.common.Block;
import org.hyperledger.fabric.protos.common.BlockData;
import org.hyperledger.fabric.protos.common.BlockHeader;
import org.hyperledger.fabric.protos.common.BlockMetadata;
import org.hyperledger.fabric.protos.common.ChannelHeader;
import org.hyperledger.fabric.protos.common.Envelope;
import org.hyperledger.fabric.protos.common.Header;
import org.hyperledger.fabric.protos.common.HeaderType;
import org.hyperledger.fabric.protos.common.Payload;
import org.hyperledger.fabric.protos.ledger.rwset.NsReadWriteSet;
import org.hyperledger.fabric.protos.ledger.rwset.TxReadWriteSet;
import org.hyperledger.fabric.protos.ledger.rwset.kvrwset.KVRWSet;
import org.hyperledger.fabric.protos.ledger.rwset.kvrwset.KVWrite;
import org.hyperledger.fabric.protos.peer.ChaincodeAction;
import org.hyperledger.fabric.protos.peer.ChaincodeActionPayload;
import org.hyperledger.fabric.protos.peer.ChaincodeEndorsedAction;
import org.hyperledger.fabric.protos.peer.ProposalResponsePayload;
import org.hyperledger.fabric.protos.peer.Transaction;
import org.hyperledger.fabric.protos.peer.TransactionAction;
import org.hyperledger.fabric.protos.peer.TxValidationCode;

/** Blocks with transactions that nobody signed: enough for what lies below validation. */
public final class SampleBlocks {
    /** The chaincode that all of them write to. */
    public static final String CHAINCODE = "cc";

    private SampleBlocks() {}

    /** A first block without content. */
    public static Block genesis() {
        return block(null, List.of(transaction("genesis", Map.of())), List.of(TxValidationCode.VALID));
    }

    /** A block after another with these transactions and codes. */
    public static Block block(Block before, List<ByteString> envelopes, List<TxValidationCode> codes) {
        byte[] filter = new byte[codes.size()];
        for (int i = 0; i < filter.length; i++) {
            filter[i] = (byte) codes.get(i).getNumber();
        }
        BlockHeader.Builder header =
                BlockHeader.newBuilder().setDataHash(ByteString.copyFrom(BlockHashes.data(envelopes)));
        if (before != null) {
            header.setNumber(before.getHeader().getNumber() + 1)
                    .setPreviousHash(ByteString.copyFrom(BlockHashes.header(before.getHeader())));
        }
        return Block.newBuilder()
                .setHeader(header)
                .setData(BlockData.newBuilder().addAllData(envelopes))
                .setMetadata(BlockMetadata.newBuilder()
                        .addMetadata(ByteString.EMPTY)
                        .addMetadata(ByteString.EMPTY)
                        .addMetadata(ByteString.copyFrom(filter))
                        .addMetadata(ByteString.EMPTY)
                        .addMetadata(ByteString.EMPTY))
                .build();
    }

    /** An envelope that writes these values; an empty one deletes. */
    public static ByteString transaction(String txId, Map<String, String> writes) {
        KVRWSet.Builder set = KVRWSet.newBuilder();
        new TreeMap<>(writes)
                .forEach((key, value) -> set.addWrites(KVWrite.newBuilder()
                        .setKey(key)
                        .setIsDelete(value.isEmpty())
                        .setValue(ByteString.copyFromUtf8(value))));
        ChaincodeAction action = ChaincodeAction.newBuilder()
                .setResults(TxReadWriteSet.newBuilder()
                        .addNsRwset(NsReadWriteSet.newBuilder()
                                .setNamespace(CHAINCODE)
                                .setRwset(set.build().toByteString()))
                        .build()
                        .toByteString())
                .build();
        ChaincodeActionPayload payload = ChaincodeActionPayload.newBuilder()
                .setAction(ChaincodeEndorsedAction.newBuilder()
                        .setProposalResponsePayload(ProposalResponsePayload.newBuilder()
                                .setExtension(action.toByteString())
                                .build()
                                .toByteString()))
                .build();
        return Envelope.newBuilder()
                .setPayload(Payload.newBuilder()
                        .setHeader(Header.newBuilder()
                                .setChannelHeader(ChannelHeader.newBuilder()
                                        .setType(HeaderType.ENDORSER_TRANSACTION_VALUE)
                                        .setTxId(txId)
                                        .build()
                                        .toByteString()))
                        .setData(Transaction.newBuilder()
                                .addActions(TransactionAction.newBuilder().setPayload(payload.toByteString()))
                                .build()
                                .toByteString())
                        .build()
                        .toByteString())
                .build()
                .toByteString();
    }

    /** Appends a block of one valid transaction. */
    public static void append(LedgerStore store, String txId, Map<String, String> writes) throws java.io.IOException {
        Block block = block(store.last(), List.of(transaction(txId, writes)), List.of(TxValidationCode.VALID));
        store.append(block, BlockContent.transactions(block));
    }
}
