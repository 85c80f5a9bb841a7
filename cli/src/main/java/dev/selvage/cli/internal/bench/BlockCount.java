package dev.selvage.cli.internal.bench;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.selvage.cli.internal.client.ContractClient;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.hyperledger.fabric.protos.common.Block;
import org.hyperledger.fabric.protos.common.BlockMetadataIndex;
import org.hyperledger.fabric.protos.common.BlockchainInfo;
import org.hyperledger.fabric.protos.common.ChannelHeader;
import org.hyperledger.fabric.protos.common.Envelope;
import org.hyperledger.fabric.protos.common.HeaderType;
import org.hyperledger.fabric.protos.common.Payload;
import org.hyperledger.fabric.protos.peer.ChaincodeActionPayload;
import org.hyperledger.fabric.protos.peer.ChaincodeInvocationSpec;
import org.hyperledger.fabric.protos.peer.ChaincodeProposalPayload;
import org.hyperledger.fabric.protos.peer.Transaction;
import org.hyperledger.fabric.protos.peer.TxValidationCode;

/** Counts the transactions in a range of blocks, as every client of the channel can. */
final class BlockCount {
    /** By txid, the first code: a copy of a transaction that comes later is no other transaction. */
    private final Map<String, TxValidationCode> codes = new LinkedHashMap<>();

    private final Map<String, Integer> functions = new TreeMap<>();

    BlockCount() {}

    /** The channel's height, by the system chaincode that Fabric users know. */
    static long height(ContractClient contract) {
        try {
            return BlockchainInfo.parseFrom(contract.evaluate(
                            "qscc", "GetChainInfo", contract.profile().channel()))
                    .getHeight();
        } catch (InvalidProtocolBufferException e) {
            throw new SelvageException(ErrorCode.LEDGER_REFUSED, "GetChainInfo gave no height.", e);
        }
    }

    /** Reads the blocks from one height up to another. */
    static BlockCount read(ContractClient contract, long from, long height) {
        var count = new BlockCount();
        try (var blocks = contract.blocks(from)) {
            for (long number = from; number < height && blocks.hasNext(); number++) {
                count.add(blocks.next());
            }
        } catch (InvalidProtocolBufferException e) {
            throw new SelvageException(ErrorCode.LEDGER_REFUSED, "A block cannot be read.", e);
        }
        return count;
    }

    void add(Block block) throws InvalidProtocolBufferException {
        var filter = block.getMetadata().getMetadata(BlockMetadataIndex.TRANSACTIONS_FILTER_VALUE);
        for (int i = 0; i < block.getData().getDataCount(); i++) {
            var payload = Payload.parseFrom(
                    Envelope.parseFrom(block.getData().getData(i)).getPayload());
            var header = ChannelHeader.parseFrom(payload.getHeader().getChannelHeader());
            if (header.getType() != HeaderType.ENDORSER_TRANSACTION_VALUE) {
                continue;
            }
            var code = TxValidationCode.forNumber(filter.byteAt(i) & 0xff);
            if (codes.putIfAbsent(header.getTxId(), code) == null && code == TxValidationCode.VALID) {
                functions.merge(function(payload), 1, Integer::sum);
            }
        }
    }

    private static String function(Payload payload) throws InvalidProtocolBufferException {
        var action = Transaction.parseFrom(payload.getData()).getActions(0);
        var proposal = ChaincodeProposalPayload.parseFrom(
                ChaincodeActionPayload.parseFrom(action.getPayload()).getChaincodeProposalPayload());
        var args = ChaincodeInvocationSpec.parseFrom(proposal.getInput())
                .getChaincodeSpec()
                .getInput()
                .getArgsList();
        if (args.isEmpty()) {
            return "";
        }
        var name = args.get(0).toString(StandardCharsets.UTF_8);
        return name.substring(name.indexOf(':') + 1);
    }

    /** Valid transactions by function. */
    Map<String, Integer> functions() {
        return functions;
    }

    /** Transactions that were ordered and found invalid, by txid. */
    Map<String, TxValidationCode> invalid() {
        var invalid = new LinkedHashMap<String, TxValidationCode>();
        codes.forEach((txid, code) -> {
            if (code != TxValidationCode.VALID) {
                invalid.put(txid, code);
            }
        });
        return invalid;
    }
}
