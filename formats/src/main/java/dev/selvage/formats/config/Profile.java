package dev.selvage.formats.config;

import dev.selvage.model.NodeId;
import java.nio.file.Path;
import java.util.Map;

/**
 * Who a user is and which ledger the commands talk to. Paths are absolute.
 *
 * @param name the file's name without its ending
 * @param msp the user's organisation
 * @param identity the user's signing certificate and key
 * @param chaincode the contract's name on the channel
 * @param nodes configuration files of nodes on this machine, for the commands that concern one
 */
public record Profile(
        String name,
        LedgerAccess ledger,
        String msp,
        KeyPairFiles identity,
        String channel,
        String chaincode,
        Map<NodeId, Path> nodes) {
    public Profile {
        nodes = Map.copyOf(nodes);
    }
}
