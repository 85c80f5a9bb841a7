package dev.selvage.network.contract;

import dev.selvage.network.org.HostPort;
import dev.selvage.network.org.Organisations;

/**
 * A ledger that the contract test drives: the embedded one, or real Fabric. It has the channel {@code selvage} with EwrMSP, JfkMSP and
 * LgaMSP, and the asset chaincode runs under each name of {@link Deployment}. Blocks are cut after at most 250 ms.
 */
public interface LedgerUnderTest extends AutoCloseable {
    String CHANNEL = "selvage";

    /** A name under which the asset chaincode is deployed, with its policy; empty for the channel's default. */
    enum Deployment {
        ASSETS("assets", ""),
        OPEN("open", "OR('EwrMSP.peer','JfkMSP.peer','LgaMSP.peer')"),
        BOTH("both", "AND('EwrMSP.peer','JfkMSP.peer')");

        private final String chaincode;
        private final String policy;

        Deployment(String chaincode, String policy) {
            this.chaincode = chaincode;
            this.policy = policy;
        }

        String chaincode() {
            return chaincode;
        }

        String policy() {
            return policy;
        }
    }

    /** Certificates and keys of all organisations, the authorities' included. */
    Organisations organisations();

    /** Where the organisation's gateway peer listens. It stays the same over restarts. */
    HostPort gateway(String msp);

    /** Where the ordering service listens; only the peer command's rules ask. */
    default HostPort orderer() {
        throw new UnsupportedOperationException("this ledger does not tell where its ordering service is");
    }

    /** Stops the ledger as an operator would and starts it again on the same data; the chaincodes go on running. */
    void restart();

    /** Kills the ledger's processes with no chance to clean up and starts them again on the same data. */
    void kill();

    @Override
    void close();
}
