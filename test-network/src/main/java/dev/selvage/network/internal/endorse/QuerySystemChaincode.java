package dev.selvage.network.internal.endorse;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import dev.selvage.network.internal.endorse.SystemChaincodes.SystemChaincode;
import dev.selvage.network.internal.store.BlockContent;
import dev.selvage.network.internal.store.BlockHashes;
import dev.selvage.network.internal.store.LedgerStore;
import dev.selvage.network.internal.store.TransactionPlace;
import java.util.List;
import java.util.Optional;
import org.hyperledger.fabric.protos.common.Block;
import org.hyperledger.fabric.protos.common.BlockchainInfo;
import org.hyperledger.fabric.protos.common.Envelope;
import org.hyperledger.fabric.protos.peer.ChaincodeInput;
import org.hyperledger.fabric.protos.peer.ProcessedTransaction;
import org.hyperledger.fabric.protos.peer.Response;

/** qscc: the chain's height, and blocks and transactions by number, hash and id. */
public final class QuerySystemChaincode implements SystemChaincode {
    private final String channel;
    private final LedgerStore store;

    public QuerySystemChaincode(String channel, LedgerStore store) {
        this.channel = channel;
        this.store = store;
    }

    @Override
    public Response invoke(ChaincodeInput input) {
        List<ByteString> args = input.getArgsList();
        if (args.size() < 2) {
            return Responses.error("Incorrect number of arguments, " + args.size());
        }
        String function = args.get(0).toStringUtf8();
        if (!function.equals("GetChainInfo") && args.size() < 3) {
            return Responses.error("missing 3rd argument for " + function);
        }
        if (!args.get(1).toStringUtf8().equals(channel)) {
            return Responses.error("Invalid chain ID, " + args.get(1).toStringUtf8());
        }
        return switch (function) {
            case "GetChainInfo" -> Responses.success(info().toByteString());
            case "GetBlockByNumber" -> byNumber(args.get(2).toStringUtf8());
            case "GetBlockByHash" ->
                found(store.blockByHash(args.get(2).toByteArray()), "Failed to get block hash, error not found");
            case "GetBlockByTxID" -> byTransaction(args.get(2).toStringUtf8());
            case "GetTransactionByID" -> transaction(args.get(2).toStringUtf8());
            default -> Responses.error("Requested function " + function + " not found.");
        };
    }

    private BlockchainInfo info() {
        Block last = store.last();
        return BlockchainInfo.newBuilder()
                .setHeight(last.getHeader().getNumber() + 1)
                .setCurrentBlockHash(ByteString.copyFrom(BlockHashes.header(last.getHeader())))
                .setPreviousBlockHash(last.getHeader().getPreviousHash())
                .build();
    }

    private Response byNumber(String number) {
        long parsed;
        try {
            parsed = Long.parseUnsignedLong(number);
        } catch (NumberFormatException e) {
            return Responses.error("Failed to parse block number with error " + e.getMessage());
        }
        // the largest number means the newest block, as in Fabric
        Optional<Block> block = parsed == -1 ? Optional.of(store.last()) : store.block(parsed);
        return found(
                block,
                "Failed to get block number " + number + ", error no such block number [" + number + "] in index");
    }

    private Response byTransaction(String txId) {
        return found(
                store.place(txId).flatMap(place -> store.block(place.block())),
                "Failed to get block for txID " + txId + ", error no such transaction ID [" + txId + "] in index");
    }

    private Response transaction(String txId) {
        Optional<TransactionPlace> place = store.place(txId);
        if (place.isEmpty()) {
            return Responses.error("Failed to get transaction with id " + txId + ", error no such transaction ID ["
                    + txId + "] in index");
        }
        try {
            Block block = store.block(place.get().block()).orElseThrow();
            int index = place.get().index();
            return Responses.success(ProcessedTransaction.newBuilder()
                    .setTransactionEnvelope(Envelope.parseFrom(block.getData().getData(index)))
                    .setValidationCode(BlockContent.code(block, index).getNumber())
                    .build()
                    .toByteString());
        } catch (InvalidProtocolBufferException e) {
            return Responses.error("Failed to get transaction with id " + txId + ", error " + e.getMessage());
        }
    }

    private static Response found(Optional<? extends Message> message, String otherwise) {
        return message.map(found -> Responses.success(found.toByteString()))
                .orElseGet(() -> Responses.error(otherwise));
    }
}
