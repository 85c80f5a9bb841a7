package dev.selvage.network.internal.endorse;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.selvage.network.internal.endorse.SystemChaincodes.SystemChaincode;
import dev.selvage.network.internal.store.LedgerStore;
import dev.selvage.network.org.ConfigBlock;
import org.hyperledger.fabric.protos.common.Block;
import org.hyperledger.fabric.protos.peer.ChaincodeInput;
import org.hyperledger.fabric.protos.peer.ChannelInfo;
import org.hyperledger.fabric.protos.peer.ChannelQueryResponse;
import org.hyperledger.fabric.protos.peer.Response;

/** cscc: which channel there is, and its configuration. */
public final class ConfigSystemChaincode implements SystemChaincode {
    private final String channel;
    private final LedgerStore store;

    public ConfigSystemChaincode(String channel, LedgerStore store) {
        this.channel = channel;
        this.store = store;
    }

    @Override
    public Response invoke(ChaincodeInput input) {
        if (input.getArgsCount() < 1) {
            return Responses.error("Incorrect number of arguments, 0");
        }
        String function = input.getArgs(0).toStringUtf8();
        if (function.equals("GetChannels")) {
            return Responses.success(ChannelQueryResponse.newBuilder()
                    .addChannels(ChannelInfo.newBuilder().setChannelId(channel))
                    .build()
                    .toByteString());
        }
        boolean known = function.equals("GetConfigBlock") || function.equals("GetChannelConfig");
        if (!known) {
            return Responses.error(
                    "Requested function " + function + " not found: the embedded ledger's channel never changes");
        }
        if (input.getArgsCount() < 2) {
            return Responses.error("Incorrect number of arguments, " + input.getArgsCount());
        }
        if (!input.getArgs(1).toStringUtf8().equals(channel)) {
            return Responses.error("Unknown channel ID, " + input.getArgs(1).toStringUtf8());
        }
        Block config = store.block(0).orElseThrow();
        return function.equals("GetConfigBlock") ? Responses.success(config.toByteString()) : configOf(config);
    }

    private static Response configOf(Block block) {
        try {
            return Responses.success(
                    ConfigBlock.configEnvelope(block).getConfig().toByteString());
        } catch (InvalidProtocolBufferException e) {
            return Responses.error(e.getMessage());
        }
    }
}
