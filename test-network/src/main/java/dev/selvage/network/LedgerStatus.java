package dev.selvage.network;

import java.util.List;

/**
 * How a running embedded ledger is.
 *
 * @param height number of blocks
 * @param chaincodes in the order of their names
 */
public record LedgerStatus(String channel, long height, List<Chaincode> chaincodes) {
    public LedgerStatus {
        // canonical JSON leaves empty lists out
        chaincodes = chaincodes == null ? List.of() : List.copyOf(chaincodes);
    }

    /**
     * One chaincode.
     *
     * @param address HOST:PORT of its server
     * @param policy who must endorse, in Fabric's notation
     * @param connected whether its process is there and has registered
     */
    public record Chaincode(
            String name, String version, long sequence, String address, String policy, boolean connected) {}
}
